/* Small trained networks on points in the plane: what the network answers, and each neuron too. */
demos.register("playground", function (root, data) {
  const { element, slider, status } = demos;
  const REACH = 3,
    LARGE = 300,
    SMALL = 32;
  const state = { shape: 0, layers: 1, units: 3, start: 0, shown: null };

  /* Networks follow each other in data.weights: shapes, starts, then no layer, 1 x 1, ... layers x 8. */
  const designs = [[]];
  for (let layers = 1; layers <= data.layers; layers++) {
    for (let units = 1; units <= 8; units++) designs.push(Array(layers).fill(units));
  }
  const sizes = designs.map((hidden) => {
    const all = [2, ...hidden, 1];
    return all.slice(1).reduce((sum, units, i) => sum + units * (all[i] + 1), 0);
  });
  const whole = sizes.reduce((a, b) => a + b);
  const design = () => state.layers && 8 * (state.layers - 1) + state.units;
  const trial = () => state.shape * data.starts + state.start;

  /* The network's layers: for each, W by rows (inputs) and b. */
  function network() {
    const all = [2, ...designs[design()], 1];
    let at = trial() * whole + sizes.slice(0, design()).reduce((a, b) => a + b, 0);
    return all.slice(1).map((units, i) => {
      const w = data.weights.subarray(at, at + units * all[i]);
      at += units * all[i];
      const b = data.weights.subarray(at, at + units);
      at += units;
      return { w, b };
    });
  }

  /* All activations at a point, layer by layer; the last one is the sum z, before the sigmoid. */
  function forward(layers, point) {
    return layers
      .reduce(
        (before, { w, b }, k) => {
          const inputs = before.at(-1);
          const sums = Array.from(b, (bias, j) =>
            inputs.reduce((sum, x, i) => sum + x * w[i * b.length + j], bias),
          );
          return [...before, k < layers.length - 1 ? sums.map(Math.tanh) : sums];
        },
        [point],
      )
      .slice(1);
  }

  /* Every activation on a grid of side by side points. */
  function sample(layers, side) {
    const at = (i) => REACH * ((2 * i + 1) / side - 1);
    return Array.from({ length: side * side }, (_, n) =>
      forward(layers, [at(n % side), -at(Math.floor(n / side))]),
    );
  }

  const color = (name, light) =>
    getComputedStyle(root).getPropertyValue(`--plot-${name}`).trim() || light;
  const classColors = () => [color("class-a", "#7a3fa0"), color("class-b", "#0e7c86")];

  /* Shade a canvas by values from -1 (class 0) to 1 (class 1), and draw the line of zero. */
  function shade(canvas, values, side) {
    const pen = canvas.getContext("2d"),
      cell = canvas.width / side,
      colors = classColors();
    pen.clearRect(0, 0, canvas.width, canvas.height);
    values.forEach((value, n) => {
      pen.fillStyle = colors[value >= 0 ? 1 : 0];
      pen.globalAlpha = 0.06 + 0.4 * Math.abs(value);
      pen.fillRect((n % side) * cell, Math.floor(n / side) * cell, cell, cell);
    });
    pen.globalAlpha = 1;
    pen.strokeStyle = getComputedStyle(root).color;
    pen.lineWidth = 1.5;
    pen.beginPath();
    values.forEach((_, n) => {
      const [x, y] = [n % side, Math.floor(n / side)];
      if (x === side - 1 || y === side - 1) return;
      const cuts = crossings([values[n], values[n + 1], values[n + side + 1], values[n + side]]);
      cuts.forEach(([h, v], i) =>
        pen[i % 2 ? "lineTo" : "moveTo"]((x + h + 0.5) * cell, (y + v + 0.5) * cell),
      );
    });
    pen.stroke();
  }

  /* Where the values at the corners of a unit square, in turn, change their sign. */
  function crossings(values) {
    const corners = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ];
    return corners.flatMap(([x, y], i) => {
      const [here, next] = [values[i], values[(i + 1) % 4]],
        [u, v] = corners[(i + 1) % 4];
      const share = here / (here - next);
      return here >= 0 === next >= 0 ? [] : [[x + (u - x) * share, y + (v - y) * share]];
    });
  }

  function drawPoints(canvas, { x, y }) {
    const pen = canvas.getContext("2d"),
      colors = classColors();
    const place = (value, sign) => (LARGE * (1 + (sign * value) / REACH)) / 2;
    y.forEach((label, i) => {
      const h = place(x[2 * i], 1),
        v = place(x[2 * i + 1], -1);
      pen.fillStyle = pen.strokeStyle = colors[label];
      pen.beginPath();
      if (label) pen.rect(h - 2.5, v - 2.5, 5, 5);
      else pen.arc(h, v, 3, 0, 2 * Math.PI);
      if (label) pen.fill();
      else pen.stroke();
    });
  }

  const choose = (key, names) =>
    element(
      "div",
      { role: "group", "aria-label": key },
      ...names.map((name, i) =>
        element(
          "button",
          {
            type: "button",
            onclick() {
              state[key] = i;
              update();
            },
          },
          name,
        ),
      ),
    );
  const shapes = choose(
    "shape",
    data.shapes.map((shape) => shape.name),
  );
  const starts = choose(
    "start",
    Array.from({ length: data.starts }, (_, i) => `start ${i + 1}`),
  );
  const plane = element("canvas", { width: LARGE, height: LARGE, role: "img" });
  const neurons = element("div");

  /* One button a hidden neuron: its picture, and when pressed the same at full size. */
  function drawNeurons(layers, samples, side) {
    neurons.replaceChildren(
      ...layers.slice(0, -1).map(({ b }, k) => {
        const row = element("div", { role: "group", "aria-label": `layer ${k + 1}` });
        b.forEach((_, j) => {
          const canvas = element("canvas", { width: SMALL, height: SMALL });
          const pressed = state.shown?.[0] === k && state.shown[1] === j;
          const button = element(
            "button",
            {
              type: "button",
              "aria-pressed": pressed,
              "aria-label": `layer ${k + 1}, neuron ${j + 1}`,
              onclick() {
                state.shown = pressed ? null : [k, j];
                update(false);
                neurons.children[k].children[j].focus();
              },
            },
            canvas,
          );
          Object.assign(button.style, { padding: "2px", margin: "0 1px 4px 0", lineHeight: 0 });
          shade(
            canvas,
            samples.map((one) => one[k][j]),
            side,
          );
          row.append(button);
        });
        return row;
      }),
    );
  }

  function update(forget = true) {
    if (forget) state.shown = null;
    const layers = network(),
      shape = data.shapes[state.shape],
      [k, j] = state.shown ?? [];
    for (const [key, group] of [
      ["shape", shapes],
      ["start", starts],
    ]) {
      [...group.children].forEach((one, i) => one.setAttribute("aria-pressed", i === state[key]));
    }
    units.input.disabled = !state.layers;
    shade(
      plane,
      sample(layers, 60).map((one) => (state.shown ? one[k][j] : Math.tanh(one.at(-1)[0] / 2))),
      60,
    );
    drawPoints(plane, shape);
    drawNeurons(layers, sample(layers, 18), 18);
    const score = data.scores[trial() * designs.length + design()];
    const what = state.shown ? `Neuron ${j + 1} of layer ${k + 1}. ` : "";
    plane.setAttribute(
      "aria-label",
      `${what || "The network's answer. "}The plane in two shades ` +
        "with the line between them, and the points of both classes.",
    );
    line.textContent =
      `${what}${shape.name}: ${sizes[design()]} numbers, ` +
      `${(100 * score).toFixed(1)}% of new points right.`;
  }

  const units = slider(
    "neurons in each layer",
    { min: 1, max: 8, step: 1, value: state.units },
    (value) => {
      state.units = value;
      update();
    },
  );
  root.append(
    shapes,
    slider("hidden layers", { min: 0, max: data.layers, step: 1, value: state.layers }, (value) => {
      state.layers = value;
      update();
    }),
    units,
    starts,
    plane,
    element("p", {}, "Hidden neurons, first layer first; press one to see it large:"),
    neurons,
  );
  const line = status(root);
  new MutationObserver(() => update(false)).observe(document.documentElement, {
    attributeFilter: ["data-theme"],
  });
  update();
});
