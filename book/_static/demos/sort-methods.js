/* Methods on a data set, sorted by score, by steps for an answer, or by numbers to read.
   data: tables, each with name, score (what it is called), rows {method, score, steps, numbers}. */
"use strict";

demos.register("sort-methods", function (root, data) {
  const { element } = demos;
  let chosen = data.tables[0];
  let key = "score";

  const choices = element(
    "fieldset",
    { class: "board-choices" },
    element("legend", {}, "Data set"),
    ...data.tables.map((one, n) => {
      const input = element("input", {
        type: "radio",
        name: "demo-sort-methods",
        checked: n === 0,
        onchange() {
          chosen = one;
          draw();
        },
      });
      return element("label", { class: "demo-choice" }, input, ` ${one.name}`);
    }),
  );
  const body = element("tbody");
  const buttons = new Map(
    ["score", "steps", "numbers"].map((name) => [
      name,
      element("button", {
        type: "button",
        onclick() {
          key = name;
          draw();
        },
      }),
    ]),
  );
  const heads = new Map(
    [...buttons].map(([name, button]) => [name, element("th", { scope: "col" }, button)]),
  );
  const caption = element("caption");
  root.append(
    choices,
    element(
      "table",
      { class: "vote-table sort-methods" },
      caption,
      element(
        "thead",
        {},
        element("tr", {}, element("th", { scope: "col" }, "method"), ...heads.values()),
      ),
      body,
    ),
  );
  const status = demos.status(root);

  function words(name) {
    return { score: chosen.score, steps: "steps for an answer", numbers: "numbers to read" }[name];
  }

  function draw() {
    // a high score is good, many steps and numbers are not
    const direction = key === "score" ? -1 : 1;
    const rows = [...chosen.rows].sort((a, b) => direction * (a[key] - b[key]));
    caption.textContent = `The methods on ${chosen.name}, the best by the chosen column first`;
    for (const [name, button] of buttons) {
      button.textContent = words(name);
      const order = direction < 0 ? "descending" : "ascending";
      heads.get(name).setAttribute("aria-sort", name === key ? order : "none");
    }
    body.replaceChildren(
      ...rows.map((row) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, row.method),
          element("td", {}, row.score.toFixed(3)),
          element("td", {}, row.steps.toLocaleString("en-US")),
          element("td", {}, row.numbers.toLocaleString("en-US")),
        ),
      ),
    );
    const tied = rows.filter((row) => row[key] === rows[0][key]).map((row) => row.method);
    status.textContent = `First on ${chosen.name} by ${words(key)}: ${tied.join(", ")}.`;
  }

  draw();
});
