/* Change the nine weights of a kernel, and see the feature map that it makes of a digit.

   data.pictures: (n, 28, 28), 0 to 255. data.labels: what they show. data.kernels: by name,
   each (3, 3). */
"use strict";

demos.register(
  "edit-a-kernel",
  function (root, data) {
    const { element } = demos;
    const { convolution, tensor } = demos.network;
    const kernel = tensor(3, 3, 1, 1);
    const names = Object.keys(data.kernels);
    let chosen = 0; // which picture

    const before = element("canvas", {
      class: "kernel-picture",
      width: 28,
      height: 28,
      role: "img",
    });
    const after = element("canvas", {
      class: "kernel-picture",
      width: 26,
      height: 26,
      role: "img",
    });
    const weights = Array.from(kernel, (_, i) =>
      demos.slider(
        `row ${1 + Math.floor(i / 3)}, column ${1 + (i % 3)}`,
        {
          min: -2,
          max: 2,
          step: 0.1,
          value: 0,
          show: (value) => value.toFixed(1).replace("-", "−"),
        },
        (value) => {
          kernel[i] = value;
          slide();
        },
      ),
    );
    for (const weight of weights) {
      weight.querySelector("label").classList.add("visually-hidden"); // the grid says which it is
    }
    const presets = names.map((name) =>
      element(
        "button",
        {
          type: "button",
          onclick() {
            use(name);
          },
        },
        name,
      ),
    );
    const positive = element("input", { type: "checkbox", onchange: slide });
    root.append(
      element(
        "div",
        { class: "kernel-pictures" },
        element("figure", {}, before, element("figcaption", {}, "picture")),
        element("figure", {}, after, element("figcaption", {}, "feature map")),
      ),
      element(
        "div",
        { class: "kernel-weights", role: "group", "aria-label": "Kernel" },
        ...weights,
      ),
      element("div", { role: "group", "aria-label": "Kernels to begin with" }, ...presets),
      element(
        "button",
        {
          type: "button",
          onclick() {
            chosen = (chosen + 1) % data.labels.length;
            slide();
          },
        },
        "Next digit",
      ),
      element("label", { class: "demo-check" }, positive, "ReLU: only positive sums"),
    );
    const status = demos.status(root);
    use(names[0]);

    function use(name) {
      data.kernels[name].forEach((value, i) => {
        const { input } = weights[i];
        input.value = value;
        input.dispatchEvent(new Event("input")); // the slider shows and tells the new value
        kernel[i] = value; // as it is, where it lies between the slider's steps
      });
      slide();
    }

    function slide() {
      const x = tensor(28, 28, 1);
      x.forEach((_, i) => {
        x[i] = data.pictures[784 * chosen + i] / 255;
      });
      let sums = convolution(x, kernel);
      if (positive.checked) sums = sums.map((sum) => Math.max(0, sum));
      const low = Math.min(...sums),
        high = Math.max(...sums);
      const most = Math.max(-low, high, 1e-9);
      paint(before, x, 0, 1);
      paint(after, sums, -most, most);
      const label = data.labels[chosen];
      before.setAttribute("aria-label", `A handwritten ${label}`);
      after.setAttribute("aria-label", `The feature map of the ${label}: darker is positive`);
      presets.forEach((button, i) =>
        button.setAttribute(
          "aria-pressed",
          data.kernels[names[i]].every((value, at) => Math.fround(value) === kernel[at]),
        ),
      );
      const shown = (value) => value.toFixed(1).replace("-", "−");
      status.textContent =
        `Sums from ${shown(low)} to ${shown(high)}. ` +
        "Middle gray is zero, darker is positive, lighter negative.";
    }

    /* Paint values as grays, from the lowest (white) to the highest (black). */
    function paint(canvas, values, lowest, highest) {
      const context = canvas.getContext("2d");
      const image = context.createImageData(canvas.width, canvas.height);
      values.forEach((value, i) => {
        image.data.fill((255 * (highest - value)) / (highest - lowest), 4 * i, 4 * i + 3);
        image.data[4 * i + 3] = 255;
      });
      context.putImageData(image, 0, 0);
    }
  },
  "network",
);
