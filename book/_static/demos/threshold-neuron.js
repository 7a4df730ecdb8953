/* One neuron, two weights and a bias: which truth tables can it compute? */
demos.register("threshold-neuron", function (root, data) {
  const { element, slider, status } = demos;
  const INK = { 0: "var(--plot-class-a, #7a3fa0)", 1: "var(--plot-class-b, #0e7c86)" };
  const LOW = -0.5,
    HIGH = 1.5,
    SIZE = 240;
  const rows = [0, 1, 2, 3].map((i) => [data.rows[2 * i], data.rows[2 * i + 1]]);
  const best = Object.fromEntries(Object.keys(data.gates).map((name) => [name, 0]));
  const neuron = { w1: 1, w2: 0, b: 0 };
  let gate = Object.keys(data.gates)[0];

  const sum = ([x1, x2]) => neuron.w1 * x1 + neuron.w2 * x2 + neuron.b;
  const place = ([x1, x2]) => [
    (SIZE * (x1 - LOW)) / (HIGH - LOW),
    (SIZE * (HIGH - x2)) / (HIGH - LOW),
  ];
  const written = (number) => String(number).replace("-", "−");

  /* The part of the square where the sum is zero or more: walk around, cut where it changes sign. */
  function firingSide() {
    const corners = [
      [LOW, LOW],
      [HIGH, LOW],
      [HIGH, HIGH],
      [LOW, HIGH],
    ];
    const kept = [];
    corners.forEach((here, i) => {
      const next = corners[(i + 1) % 4];
      const [a, b] = [sum(here), sum(next)];
      if (a >= 0) kept.push(here);
      if (a >= 0 !== b >= 0) kept.push(here.map((x, k) => x + ((next[k] - x) * a) / (a - b)));
    });
    return kept.map((point) => place(point).join(",")).join(" ");
  }

  const choices = Object.keys(best).map((name) =>
    element(
      "button",
      {
        type: "button",
        onclick() {
          gate = name;
          update();
        },
      },
      name,
    ),
  );

  const side = element("polygon", {
    fill: INK[1],
    "fill-opacity": 0.25,
    stroke: "currentColor",
    "stroke-width": 1.5,
  });
  const marks = rows.map((row) => {
    const [x, y] = place(row);
    return {
      circle: element("circle", {
        cx: x,
        cy: y,
        r: 9,
        fill: "none",
        stroke: INK[0],
        "stroke-width": 3,
      }),
      square: element("rect", { x: x - 9, y: y - 9, width: 18, height: 18, fill: INK[1] }),
      cross: element("path", {
        d: `M${x - 16},${y - 16}l32,32m0,-32l-32,32`,
        stroke: "var(--plot-error, #c0262d)",
        "stroke-width": 2,
      }),
    };
  });
  const plane = element(
    "svg",
    { viewBox: `-1 -1 ${SIZE + 2} ${SIZE + 2}`, width: 300, role: "img" },
    side,
    element("rect", {
      width: SIZE,
      height: SIZE,
      fill: "none",
      stroke: "var(--plot-axis, #6b7280)",
    }),
    ...marks.flatMap((mark) => [mark.circle, mark.square, mark.cross]),
  );

  function cell(tag, attributes, text) {
    const made = element(tag, attributes, text);
    made.style.padding = "0.3rem 0.5rem 0.3rem 0"; // five columns on a phone
    return made;
  }

  const body = element("tbody");
  const table = element(
    "table",
    {},
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ...["input 1", "input 2", "sum z", "neuron", "wanted"].map((name) =>
          cell("th", { scope: "col" }, name),
        ),
      ),
    ),
    body,
  );

  function update() {
    const wanted = data.gates[gate];
    const answers = rows.map((row) => Number(sum(row) >= 0));
    const score = answers.filter((answer, i) => answer === wanted[i]).length;
    best[gate] = Math.max(best[gate], score);
    choices.forEach((button) => button.setAttribute("aria-pressed", button.textContent === gate));
    side.setAttribute("points", firingSide());
    marks.forEach((mark, i) => {
      mark.circle.setAttribute("visibility", wanted[i] ? "hidden" : "visible");
      mark.square.setAttribute("visibility", wanted[i] ? "visible" : "hidden");
      mark.cross.setAttribute("visibility", answers[i] === wanted[i] ? "hidden" : "visible");
    });
    body.replaceChildren(
      ...rows.map((row, i) =>
        element(
          "tr",
          {},
          ...[
            ...row,
            sum(row),
            answers[i],
            `${wanted[i]} ${answers[i] === wanted[i] ? "✓" : "✗"}`,
          ].map((value) => cell("td", {}, written(value))),
        ),
      ),
    );
    plane.setAttribute(
      "aria-label",
      `The plane of both inputs. The neuron fires at ${
        answers.filter(Boolean).length
      } of four corners; ${score} answers are as wanted.`,
    );
    line.textContent =
      `${gate}: ${score} of 4 rows right, best so far ${best[gate]}.` +
      (score === 4 ? " Won." : gate === "XOR" && best[gate] === 3 ? " Nobody gets further." : "");
  }

  const moving = (key) => (value) => {
    neuron[key] = value;
    update();
  };
  const range = (label, key) =>
    slider(label, { min: -3, max: 3, step: 0.25, value: neuron[key], show: written }, moving(key));
  root.append(
    element("div", {}, ...choices),
    plane,
    element(
      "p",
      {},
      "Squares want the answer 1, circles 0. The neuron fires on the shaded " +
        "side; a cross marks a wrong answer.",
    ),
    range("weight 1", "w1"),
    range("weight 2", "w2"),
    range("bias", "b"),
    table,
  );
  const line = status(root);
  update();
});
