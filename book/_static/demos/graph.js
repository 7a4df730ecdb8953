/* A small computational graph: step forward to the loss, then backward to the slopes. */
demos.register("graph", function (root, data) {
  const { element, status } = demos;
  const PLACES = {
    w: [36, 42],
    x: [36, 122],
    p: [128, 82],
    b: [128, 192],
    z: [216, 137],
    L: [304, 137],
  };
  const ARROWS = ["wp", "xp", "pz", "bz", "zL"];
  const RADIUS = 19;
  const VALUE = "currentColor",
    SLOPE = "var(--plot-class-b, #0e7c86)";
  const byName = Object.fromEntries(data.nodes.map((node) => [node.name, node]));
  const last = data.steps.length - 1;
  let step = 0;

  const written = (number) => String(number).replace("-", "−");

  const arrows = Object.fromEntries(
    ARROWS.map((pair) => {
      const [[x1, y1], [x2, y2]] = [PLACES[pair[0]], PLACES[pair[1]]];
      const long = Math.hypot(x2 - x1, y2 - y1),
        dx = (x2 - x1) / long,
        dy = (y2 - y1) / long;
      const [tx, ty] = [x2 - dx * (RADIUS + 2), y2 - dy * (RADIUS + 2)];
      const head = [
        [tx, ty],
        [tx - 9 * dx - 4 * dy, ty - 9 * dy + 4 * dx],
        [tx - 9 * dx + 4 * dy, ty - 9 * dy - 4 * dx],
      ];
      const line = element(
        "g",
        {},
        element("path", { d: `M${x1 + dx * RADIUS},${y1 + dy * RADIUS}L${tx},${ty}` }),
        element("polygon", { points: head.map((corner) => corner.join(",")).join(" ") }),
      );
      return [pair, line];
    }),
  );
  const circles = {},
    values = {},
    slopes = {};
  const parts = data.nodes.flatMap(({ name }) => {
    const [x, y] = PLACES[name];
    circles[name] = element("circle", { cx: x, cy: y, r: RADIUS, fill: "none" });
    values[name] = element("text", {
      x,
      y: y - RADIUS - 5,
      "text-anchor": "middle",
      "font-size": 14,
    });
    slopes[name] = element("text", {
      x,
      y: y + RADIUS + 14,
      "text-anchor": "middle",
      "font-size": 13,
      "font-weight": 650,
    });
    slopes[name].style.fill = SLOPE;
    return [
      circles[name],
      values[name],
      slopes[name],
      element(
        "text",
        { x, y: y + 5, "text-anchor": "middle", "font-size": 15, "font-style": "italic" },
        name,
      ),
    ];
  });
  const picture = element(
    "svg",
    { viewBox: "0 0 340 240", width: 460, role: "img" },
    ...Object.values(arrows),
    ...parts,
  );

  function update() {
    const done = data.steps.slice(0, step + 1),
      now = data.steps[step];
    const valued = new Set(done.flatMap((one) => one.values));
    const sloped = new Set(done.flatMap((one) => one.slopes));
    for (const { name, value, slope } of data.nodes) {
      const fresh = now.values.includes(name) || now.slopes.includes(name);
      values[name].textContent = valued.has(name) ? written(value) : "";
      slopes[name].textContent = sloped.has(name) ? `slope ${written(slope)}` : "";
      circles[name].setAttribute("stroke", sloped.has(name) ? SLOPE : VALUE);
      circles[name].setAttribute("stroke-width", fresh ? 4 : 1.5);
    }
    for (const [pair, line] of Object.entries(arrows)) {
      const forward = now.values.includes(pair[1]),
        back = now.slopes.includes(pair[0]);
      line.setAttribute("stroke", back ? SLOPE : VALUE);
      line.setAttribute("fill", back ? SLOPE : VALUE);
      line.setAttribute("stroke-width", forward || back ? 3 : 1.2);
    }
    dim(previous, step === 0);
    dim(next, step === last);
    const told = [...valued].map(
      (name) =>
        `${name} is ${written(byName[name].value)}` +
        (sloped.has(name) ? ` with slope ${written(byName[name].slope)}` : ""),
    );
    picture.setAttribute(
      "aria-label",
      `Graph: w and x lead to p, p and b to z, z to L. ${told.join(", ")}.`,
    );
    line.textContent = `Step ${step} of ${last}. ${now.text}`;
  }

  /* Not "disabled": a button that has the focus would lose it. */
  function dim(button, useless) {
    button.setAttribute("aria-disabled", useless);
    button.style.opacity = useless ? 0.6 : 1;
  }

  const move = (to) => () => {
    step = Math.max(0, Math.min(last, to()));
    update();
  };
  const previous = element("button", { type: "button", onclick: move(() => step - 1) }, "Back");
  const next = element("button", { type: "button", onclick: move(() => step + 1) }, "Next");
  const again = element("button", { type: "button", onclick: move(() => 0) }, "Start over");
  root.append(picture, element("div", {}, next, previous, again));
  const line = status(root);
  update();
});
