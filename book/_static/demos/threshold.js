/* Find a rule that looks at one square: which square, which threshold, which direction.

   data.train, data.test: counts of pictures (2 classes, 64 squares, 17 levels of ink).
   data.names: the two classes. data.square, data.level: the rule to begin with.
   data.mean: the mean picture of each class (2, 64). */
"use strict";

demos.register("threshold", function (root, data) {
  const { element } = demos;
  const LEVELS = 17,
    WIDTH = 340,
    HEIGHT = 130;
  const rule = { square: data.square, level: data.level, dark: 1 }; // dark means this class
  let looks = 0; // at the test set

  const picture = element("canvas", {
    class: "rule-picture",
    width: 8,
    height: 8,
    role: "img",
    "aria-label": "Darker squares hold more ink in one class than in the other",
  });
  const plot = element("svg", {
    class: "rule-plot",
    viewBox: `0 0 ${WIDTH} ${HEIGHT + 34}`,
    role: "img",
  });
  const mark = element("div", { class: "rule-mark" });
  const direction = element("button", {
    type: "button",
    onclick() {
      rule.dark = 1 - rule.dark;
      show();
    },
  });
  const slider = (label, value, max, change) =>
    demos.slider(label, { min: 1, max, step: 1, value }, (chosen) => {
      change(chosen);
      show();
    });
  root.append(
    element(
      "div",
      { class: "rule-desk" },
      element("div", { class: "rule-frame" }, picture, mark),
      element(
        "div",
        { class: "rule-place" },
        slider("row", 1 + (rule.square >> 3), 8, (row) => {
          rule.square = 8 * (row - 1) + (rule.square % 8);
        }),
        slider("column", 1 + (rule.square % 8), 8, (column) => {
          rule.square = 8 * (rule.square >> 3) + column - 1;
        }),
      ),
    ),
    plot,
    slider("threshold: at least this much ink is dark", rule.level, LEVELS - 1, (level) => {
      rule.level = level;
    }),
    direction,
    element("button", { type: "button", onclick: ask }, "Ask the test set"),
  );
  const status = demos.status(root);
  paint();
  show();

  /* How many pictures of a class have this much ink in the square of the rule. */
  function count(counts, kind, level) {
    return counts[(64 * kind + rule.square) * LEVELS + level];
  }

  /* How many pictures the rule gets right, in words: so few tell nothing by a third digit. */
  function score(counts) {
    let right = 0,
      all = 0;
    for (let kind = 0; kind < 2; kind++) {
      for (let level = 0; level < LEVELS; level++) {
        const answer = level >= rule.level ? rule.dark : 1 - rule.dark;
        all += count(counts, kind, level);
        right += answer === kind ? count(counts, kind, level) : 0;
      }
    }
    return `${right} of ${all}`;
  }

  function show() {
    mark.style.left = `${12.5 * (rule.square % 8)}%`;
    mark.style.top = `${12.5 * (rule.square >> 3)}%`;
    direction.textContent = `Dark means ${data.names[rule.dark]}`;
    draw();
    status.textContent = `Right on the training set: ${score(data.train)}.`;
  }

  function ask() {
    looks += 1;
    const warning =
      looks === 1
        ? ""
        : ` You have looked ${looks} times: choose by these numbers, and they flatter you.`;
    status.textContent =
      `Right on the training set: ${score(data.train)}, ` +
      `on the test set: ${score(data.test)}.${warning}`;
  }

  /* Two bars for each level of ink, and the threshold as an upright line. */
  function draw() {
    const step = WIDTH / LEVELS;
    let most = 1;
    for (let level = 0; level < LEVELS; level++) {
      most = Math.max(most, count(data.train, 0, level), count(data.train, 1, level));
    }
    const bars = [];
    for (let kind = 0; kind < 2; kind++) {
      for (let level = 0; level < LEVELS; level++) {
        const height = ((HEIGHT - 20) * count(data.train, kind, level)) / most;
        bars.push(
          element("rect", {
            class: `rule-bar-${kind}`,
            y: HEIGHT - height,
            height,
            x: (level + 0.1 + 0.4 * kind) * step,
            width: 0.38 * step,
          }),
        );
      }
    }
    const at = rule.level * step;
    plot.replaceChildren(
      ...bars,
      element("path", { class: "rule-line", d: `M0 ${HEIGHT}H${WIDTH}M${at} 0V${HEIGHT}` }),
      element("text", { x: 0, y: HEIGHT + 14 }, "no ink"),
      element("text", { x: WIDTH, y: HEIGHT + 14, "text-anchor": "end" }, "full ink"),
      element("rect", { class: "rule-bar-0", x: 0, y: HEIGHT + 22, width: 10, height: 10 }),
      element("text", { x: 14, y: HEIGHT + 32 }, data.names[0]),
      element("rect", { class: "rule-bar-1", x: 34, y: HEIGHT + 22, width: 10, height: 10 }),
      element("text", { x: 48, y: HEIGHT + 32 }, `${data.names[1]}, training pictures`),
    );
    plot.setAttribute(
      "aria-label",
      `Training pictures by the ink in the square. The threshold ` +
        `stands at ${rule.level} of ${LEVELS - 1}.`,
    );
  }

  /* Paint where the second class has more ink (dark), where less (light). */
  function paint() {
    const context = picture.getContext("2d");
    const image = context.createImageData(8, 8);
    for (let i = 0; i < 64; i++) {
      const more = data.mean[64 + i] - data.mean[i]; // from -1 to 1
      image.data.fill(255 * (0.5 - 0.5 * more), 4 * i, 4 * i + 3);
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }
});
