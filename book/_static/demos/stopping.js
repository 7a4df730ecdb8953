/* Move the epoch at which training stops; validation follows, and the test if you open it.

   data.train, data.val, data.test: each with loss and accuracy, a number for each epoch.
   data.pictures: how many there are in validation and test, [val, test]. */
"use strict";

demos.register("stopping", function (root, data) {
  const { element, slider } = demos;
  const WIDTH = 340,
    HEIGHT = 190,
    LEFT = 34,
    FOOT = 30;
  const epochs = data.val.loss.length;
  const best = (losses) => losses.indexOf(Math.min(...losses)) + 1;
  const top = 1.1 * Math.max(...data.val.loss, ...data.test.loss);
  const x = (epoch) => LEFT + ((epoch - 1) / (epochs - 1)) * (WIDTH - LEFT - 60);
  const y = (loss) => (1 - loss / top) * (HEIGHT - FOOT - 6) + 6;
  let epoch = epochs;

  const line = element("line", { class: "stop-line", y1: 6, y2: HEIGHT - FOOT });
  const test = curve("test");
  const dots = element("g");
  const picture = element(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: 460, role: "img", "font-size": 11 },
    element("path", { class: "stop-axes", d: `M${LEFT} 6V${HEIGHT - FOOT}H${WIDTH - 60}` }),
    element("text", { x: LEFT - 6, y: y(0), "text-anchor": "end" }, "0"),
    element("text", { x: LEFT - 6, y: y(0.2) + 4, "text-anchor": "end" }, "0.2"),
    element("text", { x: 2, y: 14 }, "loss"),
    element("text", { x: x(1), y: HEIGHT - 14, "text-anchor": "middle" }, "1"),
    element("text", { x: x(epochs), y: HEIGHT - 14, "text-anchor": "middle" }, epochs),
    element("text", { x: x((1 + epochs) / 2), y: HEIGHT - 2, "text-anchor": "middle" }, "epoch"),
    line,
    curve("train"),
    curve("val"),
    test,
    dots,
  );
  const choose = slider(
    "stop after epoch",
    { min: 1, max: epochs, step: 1, value: epoch },
    (value) => {
      epoch = value;
      show();
    },
  );
  const open = element("input", { type: "checkbox", onchange: show });
  root.append(
    picture,
    choose,
    element(
      "button",
      {
        type: "button",
        onclick() {
          choose.input.value = best(data.val.loss);
          choose.input.dispatchEvent(new Event("input"));
        },
      },
      "Go where validation is best",
    ),
    element("label", { class: "demo-check" }, open, "Open the test"),
  );
  const status = demos.status(root);
  show();

  /* A curve with its name at its right end; losses above the picture are cut off. */
  function curve(part) {
    const losses = data[part].loss;
    const points = Array.from(losses, (loss, i) => [x(i + 1), Math.max(0, y(loss))]);
    const name = { train: "training", val: "validation", test: "test" }[part];
    const higher =
      data[part].loss[epochs - 1] > data[part === "test" ? "val" : "test"].loss[epochs - 1];
    const lift = part === "train" ? -2 : higher ? -2 : 11; // names that do not overlap
    return element(
      "g",
      { class: `stop-${part}` },
      element("polyline", { points: points.map((at) => at.join(",")).join(" ") }),
      element("text", { x: WIDTH - 57, y: points[epochs - 1][1] + lift }, name),
    );
  }

  function show() {
    const parts = open.checked ? ["train", "val", "test"] : ["train", "val"];
    test.classList.toggle("stop-hidden", !open.checked);
    line.setAttribute("x1", x(epoch));
    line.setAttribute("x2", x(epoch));
    dots.replaceChildren(
      ...parts.map((part) =>
        element("circle", {
          class: `stop-${part}`,
          cx: x(epoch),
          cy: Math.max(0, y(data[part].loss[epoch - 1])),
          r: 4,
        }),
      ),
    );
    picture.setAttribute(
      "aria-label",
      `Losses of ${epochs} epochs, with a line at epoch ${epoch}. The training loss falls; ` +
        `the validation loss is lowest at epoch ${best(data.val.loss)}, and rises from there.`,
    );
    const said = (part, name) =>
      `${name} loss ${data[part].loss[epoch - 1].toFixed(3)}, ` +
      `${Math.round(data[part].accuracy[epoch - 1] * 1000)} of 1,000 right`;
    const numbers = [said("val", "validation")];
    if (open.checked) numbers.push(said("test", "test"));
    status.textContent =
      `Stopped after epoch ${epoch}: ${numbers.join("; ")}.` +
      (open.checked
        ? ` The test loss would have been lowest at epoch ${best(data.test.loss)}, ` +
          "which nobody can know beforehand."
        : "");
  }
});
