/* Name garments yourself, then see the truth and what the network answered.
   data: pictures (n, 28, 28), truth (n), answers (n), sure (n, from 0 to 1), names. */
"use strict";

demos.register("guess-garments", function (root, data) {
  const { element } = demos;
  const [count, height, width] = data.pictures.shape;
  const yours = []; // the reader's answers so far

  const canvas = element("canvas", { class: "guess-picture", role: "img", width, height });
  const progress = element("p", { class: "guess-progress", tabindex: "-1" });
  const buttons = data.names.map((name, k) =>
    element("button", { type: "button", onclick: () => answer(k) }, name),
  );
  const choices = element(
    "div",
    { class: "guess-choices", role: "group", "aria-label": "Your answer" },
    ...buttons,
  );
  const next = element("button", { type: "button", onclick: goOn }, "Next garment");
  const again = element("button", { type: "button", onclick: restart }, "Start again");
  const results = element("div", { class: "guess-results" });
  root.append(progress, canvas, choices);
  const status = demos.status(root);
  root.append(next, again, results);
  show();

  function restart() {
    yours.length = 0;
    results.replaceChildren();
    goOn();
  }

  function goOn() {
    show();
    progress.focus({ preventScroll: true }); // the button that was pressed is hidden now
  }

  function show() {
    const i = yours.length;
    progress.textContent = `Garment ${i + 1} of ${count}. What is it?`;
    canvas.setAttribute("aria-label", `Garment ${i + 1} of ${count}, a small gray picture`);
    draw(i);
    buttons.forEach((button) => {
      button.disabled = false;
      button.setAttribute("aria-pressed", "false");
    });
    status.textContent = "";
    next.hidden = again.hidden = true;
  }

  function draw(i) {
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    for (let at = 0; at < width * height; at++) {
      const shade = data.pictures[i * width * height + at];
      image.data.set([shade, shade, shade, 255], 4 * at);
    }
    context.putImageData(image, 0, 0);
  }

  function answer(k) {
    const i = yours.length;
    yours.push(k);
    buttons.forEach((button, j) => {
      button.disabled = true;
      button.setAttribute("aria-pressed", String(j === k));
    });
    const truth = data.truth[i];
    const verdict = k === truth ? "Right" : "No";
    const sure = Math.round(100 * data.sure[i]);
    status.textContent =
      `${verdict}: the label says ${data.names[truth]}. The network says ` +
      `${data.names[data.answers[i]]} (probability ${sure} %). ${score()}`;
    const last = yours.length === count;
    next.hidden = last;
    again.hidden = !last;
    if (last) summarize();
    (last ? again : next).focus({ preventScroll: true });
  }

  function score() {
    const right = (answers) => yours.filter((_, i) => answers[i] === data.truth[i]).length;
    return `So far: you ${right(yours)}, the network ${right(data.answers)} of ${yours.length}.`;
  }

  /* List what either missed: the garments to look at again. */
  function summarize() {
    const missed = yours
      .map((_, i) => i)
      .filter((i) => yours[i] !== data.truth[i] || data.answers[i] !== data.truth[i]);
    const rows = missed.map((i) =>
      element(
        "tr",
        {},
        ...[
          i + 1,
          data.names[data.truth[i]],
          data.names[yours[i]],
          data.names[data.answers[i]],
        ].map((text) => element("td", {}, String(text))),
      ),
    );
    if (!rows.length) return;
    const heads = ["garment", "label", "you", "network"].map((text) =>
      element("th", { scope: "col" }, text),
    );
    results.append(
      element(
        "table",
        {},
        element("caption", {}, "What you or the network missed"),
        element("thead", {}, element("tr", {}, ...heads)),
        element("tbody", {}, ...rows),
      ),
    );
  }
});
