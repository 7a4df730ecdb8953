/* Type a number, and see its bits times the weights of a neuron that the build trained.

   data.weights: one for each bit, the highest first. data.bias: one number. */
"use strict";

demos.register("bits-vote", function (root, { weights, bias }) {
  const { element } = demos;
  const count = weights.length;
  const longest = Math.max(Math.abs(bias), ...weights.map(Math.abs));
  const signed = (value) => value.toFixed(2).replace("-", "−"); // a minus, not a hyphen

  const number = element("input", {
    type: "number",
    id: "bits-vote-number",
    min: 0,
    max: 2 ** count - 1,
    value: Math.min(100, 2 ** count - 1),
    oninput: vote,
  });
  const bits = Array.from(weights, (_, i) =>
    element("button", {
      type: "button",
      "aria-label": `bit worth ${2 ** (count - 1 - i)}`,
      onclick() {
        number.value = value() ^ (2 ** (count - 1 - i));
        vote();
      },
    }),
  );
  const terms = Array.from(weights, term),
    offset = term();
  const row = (place, bit, weight, { cells }) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, place),
      element("td", {}, bit),
      element("td", {}, weight),
      ...cells,
    );
  root.append(
    element("label", { for: number.id }, `A number from 0 to ${number.max}`),
    " ",
    number,
    element(
      "table",
      { class: "vote-table" },
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ...["worth", "bit", "weight", "bit × weight"].map((text, i) =>
            element("th", { scope: "col", colspan: i === 3 ? 2 : 1 }, text),
          ),
        ),
      ),
      element(
        "tbody",
        {},
        ...bits.map((bit, i) =>
          row(String(2 ** (count - 1 - i)), bit, signed(weights[i]), terms[i]),
        ),
        row("bias", "", signed(bias), offset),
      ),
    ),
  );
  const status = demos.status(root);
  fill(offset, bias);
  vote();

  /* The last two cells of a row: a bar that starts in the middle, and its value. */
  function term() {
    const bar = element("span", { class: "vote-bar" }),
      text = element("td", {});
    return { bar, text, cells: [element("td", { class: "vote-track" }, bar), text] };
  }

  function fill({ bar, text }, product) {
    const width = (50 * Math.abs(product)) / longest; // percent; half a cell each way
    bar.style.width = `${width}%`;
    bar.style.marginLeft = `${product < 0 ? 50 - width : 50}%`;
    bar.classList.toggle("vote-against", product < 0);
    text.textContent = signed(product);
  }

  function value() {
    return Math.min(number.max, Math.max(0, Math.trunc(Number(number.value))));
  }

  function vote() {
    const n = value();
    let z = bias;
    bits.forEach((button, i) => {
      const bit = (n >> (count - 1 - i)) & 1;
      button.textContent = bit;
      button.setAttribute("aria-pressed", bit === 1);
      fill(terms[i], bit * weights[i]);
      z += bit * weights[i];
    });
    const p = 1 / (1 + Math.exp(-z));
    const said = p >= 0.5 ? "odd" : "even";
    const right = said === (n % 2 ? "odd" : "even");
    status.textContent =
      `${n}: the sum is ${signed(z)}, so p = ${p.toFixed(3)}: ${said}, ` +
      `which is ${right ? "right" : "wrong"}.`;
  }
});
