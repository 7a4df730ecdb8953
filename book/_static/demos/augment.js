/* Mirror, turn, move and light a color picture, and see what the network answers.
   data: pictures (n, 32, 32, 3) from 0 to 255, truth (n), names, layers. */
"use strict";

demos.register(
  "augment",
  function (root, data) {
    const { element } = demos;
    const { predict, tensor, unpack } = demos.network;
    const layers = unpack(data.layers);
    const [count, height, width] = data.pictures.shape;
    const values = {}; // what the sliders say
    let chosen = 0; // which picture

    const canvas = () => element("canvas", { class: "kernel-picture", role: "img", width, height });
    const before = canvas(),
      after = canvas();
    const signed = (unit) => (value) => `${String(value).replace("-", "−")}${unit}`;
    const sliders = [
      ["right", "move right", 12, 1, " px"],
      ["down", "move down", 12, 1, " px"],
      ["turn", "turn", 180, 5, "°"],
      ["light", "brightness", 50, 5, " %"],
    ].map(([name, label, most, step, unit]) =>
      demos.slider(
        label,
        { min: -most, max: most, step, value: 0, show: signed(unit) },
        (value) => {
          values[name] = value;
          update();
        },
      ),
    );
    const mirror = element("input", { type: "checkbox", onchange: update });
    const bars = data.names.map(() => element("div", { class: "draw-bar" }));
    const shares = data.names.map(() => element("span", { class: "draw-share" }));
    const rows = data.names.map((name, k) =>
      element("li", {}, element("span", {}, name), element("div", {}, bars[k]), shares[k]),
    );

    root.append(
      element(
        "div",
        { class: "kernel-pictures" },
        element("figure", {}, before, element("figcaption", {}, "picture")),
        element("figure", {}, after, element("figcaption", {}, "copy")),
      ),
      element("label", { class: "demo-check" }, mirror, "mirror left to right"),
      element("div", { role: "group", "aria-label": "Changes" }, ...sliders),
      element("button", { type: "button", onclick: reset }, "Undo all"),
      element(
        "button",
        {
          type: "button",
          onclick() {
            chosen = (chosen + 1) % count;
            update();
          },
        },
        "Next picture",
      ),
    );
    const status = demos.status(root);
    root.append(element("ul", { class: "draw-bars augment-bars" }, ...rows));
    reset();

    function reset() {
      mirror.checked = false;
      Object.assign(values, { right: 0, down: 0, turn: 0, light: 0 });
      for (const { input } of sliders) {
        input.value = 0;
        input.dispatchEvent(new Event("input")); // the slider shows and tells the new value
      }
      update();
    }

    function update() {
      const x = picture(),
        changed = copy(x);
      const p = predict(layers, changed),
        plain = predict(layers, x);
      const name = data.names[data.truth[chosen]];
      paint(before, x);
      paint(after, changed);
      before.setAttribute("aria-label", `A picture of the class ${name}`);
      after.setAttribute("aria-label", "The changed copy");
      p.forEach((share, k) => {
        bars[k].style.width = `${100 * share}%`;
        shares[k].textContent = share.toFixed(2);
        rows[k].classList.toggle("draw-best", k === best(p));
      });
      status.textContent =
        `The label says ${name}. The network says ${answer(plain)} for the ` +
        `picture and ${answer(p)} for the copy.`;
    }

    function best(p) {
      return p.indexOf(Math.max(...p));
    }

    function answer(p) {
      return `${data.names[best(p)]} (${p[best(p)].toFixed(2)})`;
    }

    function picture() {
      const x = tensor(height, width, 3);
      x.forEach((_, i) => {
        x[i] = data.pictures[chosen * x.length + i] / 255;
      });
      return x;
    }

    /* Mirror, turn around the middle, move, add light. A pixel of the copy comes from the
     nearest place of the picture; beyond its border, from the border. */
    function copy(x) {
      const y = tensor(height, width, 3);
      const angle = (values.turn * Math.PI) / 180,
        cos = Math.cos(angle),
        sin = Math.sin(angle);
      const within = (value, size) => Math.min(size - 1, Math.max(0, Math.round(value)));
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const across = column - values.right - (width - 1) / 2;
          const along = row - values.down - (height - 1) / 2;
          let from = cos * across + sin * along;
          if (mirror.checked) from = -from;
          const c = within(from + (width - 1) / 2, width);
          const r = within(cos * along - sin * across + (height - 1) / 2, height);
          for (let channel = 0; channel < 3; channel++) {
            const lit = x[3 * (r * width + c) + channel] + values.light / 100;
            y[3 * (row * width + column) + channel] = Math.min(1, Math.max(0, lit));
          }
        }
      }
      return y;
    }

    function paint(sheet, x) {
      const context = sheet.getContext("2d");
      const image = context.createImageData(width, height);
      for (let at = 0; at < width * height; at++) {
        for (let channel = 0; channel < 3; channel++) {
          image.data[4 * at + channel] = 255 * x[3 * at + channel];
        }
        image.data[4 * at + 3] = 255;
      }
      context.putImageData(image, 0, 0);
    }
  },
  "network",
);
