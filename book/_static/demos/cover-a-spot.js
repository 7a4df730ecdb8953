/* Cover a place of a picture with a square, and read the sums of two networks.
   data: pictures (2 n, 32, 32, 3) from 0 to 255, each spot bare and then with its ruler;
   fills (2 n, 3), the color of the cover; truth (n); networks, their names; plain (networks,
   2 n), the sums of the pictures; sums (networks, 2 n, rows, columns), those of the covered
   ones; side and step of the square in pixels; words, what a sum below and above 0 means. */
"use strict";

demos.register("cover-a-spot", function (root, data) {
  const { element } = demos;
  const { side, step } = data;
  const [, , rows, columns] = data.sums.shape;
  const [count, height, width] = data.pictures.shape;
  const most = Math.max(...data.plain.map(Math.abs), ...data.sums.map(Math.abs));
  let spot = 0;

  const canvas = element("canvas", {
    class: "cover-picture",
    role: "img",
    width,
    height,
    onpointerdown(event) {
      canvas.setPointerCapture(event.pointerId);
      move(event);
    },
    onpointermove(event) {
      if (canvas.hasPointerCapture(event.pointerId)) move(event);
    },
  });
  const slider = (label, places) =>
    demos.slider(
      label,
      { min: 0, max: places - 1, step: 1, value: Math.floor(places / 2), show: pixels },
      update,
    );
  const across = slider("square from the left", columns);
  const down = slider("square from the top", rows);
  const ruler = element("input", { type: "checkbox", checked: true, onchange: update });
  const cover = element("input", { type: "checkbox", checked: true, onchange: update });
  const bars = data.networks.map(() => element("span", { class: "vote-bar" }));
  const shown = data.networks.map(() => element("td", {}));
  const answers = data.networks.map(() => element("td", {}));

  root.append(
    element(
      "div",
      { class: "cover-desk" },
      canvas,
      element(
        "div",
        { class: "cover-controls" },
        across,
        down,
        element("label", { class: "demo-check" }, cover, "cover"),
        element("label", { class: "demo-check" }, ruler, "ruler"),
        element(
          "button",
          {
            type: "button",
            onclick() {
              spot = (spot + 1) % (count / 2);
              update();
            },
          },
          "Next spot",
        ),
      ),
    ),
    element(
      "table",
      { class: "vote-table cover-sums" },
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ...["network", "sum", "", "answer"].map((head) =>
            element("th", head ? { scope: "col" } : { "aria-hidden": "true" }, head),
          ),
        ),
      ),
      element(
        "tbody",
        {},
        ...data.networks.map((name, k) =>
          element(
            "tr",
            {},
            element("th", { scope: "row" }, name),
            shown[k],
            element("td", { class: "vote-track", "aria-hidden": "true" }, bars[k]),
            answers[k],
          ),
        ),
      ),
    ),
  );
  const status = demos.status(root);
  update();

  function pixels(place) {
    return `${step * place} px`;
  }

  /* Put the middle of the square where the pointer is. */
  function move(event) {
    const box = canvas.getBoundingClientRect();
    set(across, ((event.clientX - box.left) / box.width) * width, columns);
    set(down, ((event.clientY - box.top) / box.height) * height, rows);
    cover.checked = true;
    update();
  }

  function set(made, pixel, places) {
    const place = Math.round((pixel - side / 2) / step);
    made.input.value = Math.min(places - 1, Math.max(0, place));
    made.input.dispatchEvent(new Event("input")); // the slider shows and tells the new value
  }

  function update() {
    const picture = 2 * spot + Number(ruler.checked);
    const column = Number(across.input.value),
      row = Number(down.input.value);
    paint(picture, step * column, step * row);
    const told = data.networks.map((name, k) => {
      const plain = data.plain[k * count + picture];
      const place = ((k * count + picture) * rows + row) * columns + column;
      const sum = cover.checked ? data.sums[place] : plain;
      const share = (50 * Math.abs(sum)) / most;
      bars[k].style.width = `${share}%`;
      bars[k].style.marginLeft = `${sum < 0 ? 50 - share : 50}%`;
      bars[k].classList.toggle("vote-against", sum < 0);
      shown[k].textContent = number(sum);
      answers[k].textContent = word(sum);
      const before = cover.checked ? ` instead of ${number(plain)}` : "";
      return `${name}: ${number(sum)}${before}, ${word(sum)}.`;
    });
    const what = `A spot that is ${data.truth[spot]}, ${ruler.checked ? "with" : "without"} a ruler`;
    canvas.setAttribute("aria-label", what);
    status.textContent = `${what}. ${told.join(" ")}`;
  }

  function number(value) {
    return value.toFixed(1).replace("-", "−");
  }

  function word(sum) {
    return data.words[Number(sum > 0)];
  }

  function paint(picture, left, top) {
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    for (let at = 0; at < width * height; at++) {
      const inside = (value, from) => value >= from && value < from + side;
      const hidden = inside(at % width, left) && inside(Math.floor(at / width), top);
      for (let channel = 0; channel < 3; channel++) {
        image.data[4 * at + channel] =
          cover.checked && hidden
            ? data.fills[3 * picture + channel]
            : data.pictures[3 * (picture * width * height + at) + channel];
      }
      image.data[4 * at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }
});
