/* One weight walks down a parabola: does it crawl, land or explode? */
demos.register("valley", function (root, data) {
  const { element, slider, status } = demos;
  const { curvature, bottom, floor, start, steps } = data;
  const border = 2 / curvature;
  const WIDTH = 320,
    HEIGHT = 190,
    FOOT = 20,
    REACH = 2.2 * Math.abs(start - bottom);
  const loss = (w) => floor + (curvature / 2) * (w - bottom) ** 2;
  const top = loss(bottom + REACH);
  const x = (w) => WIDTH / 2 + (((w - bottom) / REACH) * WIDTH) / 2;
  const y = (w) => HEIGHT - FOOT - ((loss(w) - floor) / (top - floor)) * (HEIGHT - FOOT - 8);
  const written = (number) => number.toPrecision(3).replace("-", "−");
  const fixed = (number) => number.toFixed(3).replace("-", "−");

  const curve = [];
  for (let i = -60; i <= 60; i++) {
    const w = bottom + (i / 60) * REACH;
    curve.push(`${x(w).toFixed(1)},${y(w).toFixed(1)}`);
  }
  const trail = element("polyline", {
    fill: "none",
    stroke: "var(--plot-class-b, #0e7c86)",
    "stroke-width": 1.2,
  });
  const places = element("g", { fill: "var(--plot-class-b, #0e7c86)" });
  const picture = element(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: 460, role: "img" },
    element("polyline", {
      points: curve.join(" "),
      fill: "none",
      "stroke-width": 2,
      stroke: "var(--plot-axis, #6b7280)",
    }),
    element("path", { d: `M${x(bottom)},${y(bottom) - 5}v10`, stroke: "currentColor" }),
    element(
      "text",
      { x: x(bottom), y: HEIGHT - 3, "text-anchor": "middle", "font-size": 11 },
      "best w",
    ),
    trail,
    places,
  );

  /* The weights along the walk; it ends where the picture ends. */
  function walk(rate) {
    const path = [start];
    while (path.length <= steps && Math.abs(path[path.length - 1] - bottom) <= REACH) {
      const w = path[path.length - 1];
      path.push(w - rate * curvature * (w - bottom));
    }
    return path;
  }

  function regime(left) {
    if (Math.abs(left + 1) < 1e-9) return "It jumps to and fro forever";
    if (left < -1) return "It explodes";
    if (Math.abs(left) ** steps < 0.02) return left < -0.3 ? "It zigzags and lands" : "It lands";
    return left < 0 ? "It zigzags and has not landed yet" : "It crawls";
  }

  function update(rate) {
    const path = walk(rate),
      left = 1 - rate * curvature;
    const end = path[path.length - 1],
      out = Math.abs(end - bottom) > REACH;
    const seen = out ? path.slice(0, -1) : path;
    trail.setAttribute("points", path.map((w) => `${x(w)},${y(w)}`).join(" "));
    places.replaceChildren(
      ...seen.map((w, i) => element("circle", { cx: x(w), cy: y(w), r: i ? 3.2 : 5.5 })),
    );
    const verdict =
      `${regime(left)}: each step leaves ${fixed(left)} of the distance. ` +
      (out
        ? `Step ${path.length - 1} leaves the picture.`
        : `Loss after ${steps} steps: ${written(loss(end))}; the best is ${written(floor)}.`);
    picture.setAttribute("aria-label", `A valley with the steps of the weight. ${verdict}`);
    line.textContent = verdict;
  }

  const chosen = slider(
    "learning rate",
    {
      min: 0.01,
      max: 1.2,
      step: 0.01,
      value: 0.05,
      show: (share) => `${fixed(share * border)} = ${share.toFixed(2)} of the border`,
    },
    (share) => update(share * border),
  );
  const jumps = [
    ["crawl", 0.02],
    ["land", 0.5],
    ["zigzag", 0.9],
    ["explode", 1.05],
  ];
  root.append(
    element(
      "div",
      {},
      ...jumps.map(([name, share]) =>
        element(
          "button",
          {
            type: "button",
            onclick() {
              chosen.input.value = share;
              chosen.input.dispatchEvent(new Event("input"));
            },
          },
          name,
        ),
      ),
    ),
    chosen,
    picture,
  );
  const line = status(root);
  update(0.05 * border);
});
