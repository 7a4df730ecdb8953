/* Choose an encoding, and see the answers of its network on a board of 1 to 100.

   data.boards: by name, the class it gave to each number. data.truth: the right classes.
   data.classes: their names; the first stands for the number itself. */
"use strict";

demos.register("fizzbuzz-board", function (root, { boards, truth, classes }) {
  const { element } = demos;
  const names = Object.keys(boards);
  const COLUMNS = 10;

  const cells = Array.from(truth, () => element("td"));
  const rows = [];
  for (let first = 0; first < cells.length; first += COLUMNS) {
    rows.push(
      element(
        "tr",
        {},
        element("th", { scope: "row" }, `${first + 1}–${first + COLUMNS}`),
        ...cells.slice(first, first + COLUMNS),
      ),
    );
  }
  const choices = names.map((name, i) =>
    element(
      "label",
      { class: "demo-check" },
      element("input", {
        type: "radio",
        name: "fizzbuzz-board",
        checked: i === 0,
        onchange() {
          show(name);
        },
      }),
      name,
    ),
  );
  root.append(
    element(
      "fieldset",
      { class: "board-choices" },
      element("legend", {}, "What the network gets"),
      ...choices,
    ),
    element(
      "table",
      { class: "board" },
      element("caption", {}, "Its answers; wrong ones are struck through"),
      element("tbody", {}, ...rows),
    ),
  );
  const status = demos.status(root);
  show(names[0]);

  function show(name) {
    let right = 0;
    cells.forEach((cell, i) => {
      const given = boards[name][i];
      const wrong = given !== truth[i];
      const said = given === 0 ? String(i + 1) : classes[given];
      cell.className = wrong ? "board-wrong" : "";
      const words = said === "FizzBuzz" ? ["Fizz", element("wbr"), "Buzz"] : [said];
      cell.replaceChildren(element(wrong ? "s" : "span", {}, ...words));
      if (wrong) cell.append(element("span", { class: "visually-hidden" }, ` wrong for ${i + 1}`));
      right += !wrong;
    });
    status.textContent = `${name}: ${right} of ${cells.length} right.`;
  }
});
