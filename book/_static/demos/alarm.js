/* Choose a threshold and how rare the thing is, and see the table of a yes-no test.

   data.found, data.false: of the rare things and of the others, the share that reaches the
   threshold 0, 0.01, ... 1. data.name, data.others: what they are called. */
"use strict";

demos.register("alarm", function (root, data) {
  const { element } = demos;
  const ALL = 10_000,
    RARE = [2, 10, 100, 1000]; // one in so many
  let at = 50,
    rarity = 2;

  const cells = Array.from({ length: 4 }, () => element("td"));
  const row = (name, ...two) => element("tr", {}, element("th", { scope: "row" }, name), ...two);
  const column = (name) => element("th", { scope: "col" }, name);
  root.append(
    demos.slider(
      `threshold: at least this probability is called a ${data.name}`,
      { min: 0, max: 100, step: 1, value: at, show: (value) => (value / 100).toFixed(2) },
      (value) => {
        at = value;
        update();
      },
    ),
    demos.slider(
      `how rare a ${data.name} is`,
      {
        min: 0,
        max: RARE.length - 1,
        step: 1,
        value: rarity,
        show: (value) => `one in ${RARE[value].toLocaleString("en")}`,
      },
      (value) => {
        rarity = value;
        update();
      },
    ),
    element(
      "table",
      { class: "vote-table alarm-table" },
      element("caption", {}, `Of ${ALL.toLocaleString("en")} digits`),
      element(
        "thead",
        {},
        element("tr", {}, column("truth"), column(`called a ${data.name}`), column("passed over")),
      ),
      element(
        "tbody",
        {},
        row(data.name, cells[0], cells[1]),
        row(data.others, cells[2], cells[3]),
      ),
    ),
  );
  const status = demos.status(root);
  update();

  function update() {
    const rare = ALL / RARE[rarity];
    const found = Math.round(rare * data.found[at]),
      alarms = found + Math.round((ALL - rare) * data.false[at]);
    [found, rare - found, alarms - found, ALL - rare - alarms + found].forEach((count, i) => {
      cells[i].textContent = count.toLocaleString("en");
    });
    const right = ALL - (alarms - found) - (rare - found);
    const precision = alarms ? `precision ${(found / alarms).toFixed(2)}` : "no alarm at all";
    status.textContent =
      `Recall ${(found / rare).toFixed(2)}, ${precision}. Accuracy ${(right / ALL).toFixed(3)}; ` +
      `never giving an alarm has ${(1 - rare / ALL).toFixed(3)}.`;
  }
});
