/* Ten programs, a mistake in all but one: take looks at them, then name the cause.

   data.looks: what each look is called. data.causes: {name, looks, labels, said, truth}.
   Of these, looks has {kind, shows} for each look: two causes can be told apart by a look if
   its kind differs. labels: those of data.pictures (n, 28, 28). said, truth: how often each
   answer was given on new rows, and how often each label. data.order: each program's cause. */
"use strict";

demos.register("find-the-cause", function (root, data) {
  const { element } = demos;
  const SOUND = 0; // the cause that is none
  const taken = data.order.map(() => []); // of each program, the looks that were taken
  const named = new Set();
  let at = 0;

  const programs = element(
    "fieldset",
    { class: "board-choices" },
    element("legend", {}, "Program"),
    ...data.order.map((_, n) => {
      const input = element("input", {
        type: "radio",
        name: "find-the-cause",
        checked: n === at,
        onchange: () => visit(n),
      });
      return element("label", { class: "demo-choice" }, input, ` ${n + 1}`);
    }),
  );
  const buttons = data.looks.map((name, look) =>
    element("button", { type: "button", onclick: () => take(look) }, name),
  );
  const found = element("ul", { class: "cause-found" });
  const choice = element(
    "select",
    { id: "find-the-cause-choice" },
    element("option", { value: "" }, "choose"),
    ...data.causes.map(({ name }, cause) => element("option", { value: cause }, name)),
  );
  root.append(
    programs,
    element("div", { role: "group", "aria-label": "Looks" }, ...buttons),
    found,
    element("label", { for: choice.id }, "The cause: "),
    choice,
    " ",
    element("button", { type: "button", onclick: judge }, "Name it"),
  );
  const status = demos.status(root);
  visit(at);

  function truth() {
    return data.causes[data.order[at]];
  }

  function apart(one, other, look) {
    return one.looks[look].kind !== other.looks[look].kind;
  }

  /* The causes that agree with all that the looks have shown so far, the true one included. */
  function fitting() {
    return data.causes.filter((cause) => !taken[at].some((look) => apart(cause, truth(), look)));
  }

  function visit(program) {
    at = program;
    choice.value = "";
    draw();
    const name = named.has(at) ? `you named it: ${truth().name}` : "no error, no warning";
    status.textContent = `Program ${at + 1}: ${name}.`;
  }

  function take(look) {
    if (!taken[at].includes(look)) taken[at].push(look);
    draw();
    status.textContent =
      `${data.looks[look]}: ${truth().looks[look].shows}. ` +
      `Causes that fit so far: ${fitting().length} of ${data.causes.length}.`;
  }

  function judge() {
    const guess = data.causes[choice.value];
    if (!guess) {
      status.textContent = "Choose a cause first.";
      return;
    }
    const against = taken[at].find((look) => apart(guess, truth(), look));
    if (against !== undefined) {
      status.textContent =
        `No: ${data.looks[against]} would have shown ${guess.looks[against].shows}, ` +
        `and it showed ${truth().looks[against].shows}.`;
      return;
    }
    const others = fitting().filter((cause) => cause !== truth());
    const open = data.looks.some((_, look) => others.some((one) => apart(one, truth(), look)));
    if (open) {
      status.textContent = `Possible, but ${fitting().length} causes fit so far. Take another look.`;
      return;
    }
    named.add(at);
    const verdict = guess === truth() ? "Right" : `It was the other, ${truth().name}`;
    const reason = others.length
      ? "and no look tells these two apart"
      : `and after ${taken[at].length} of ${data.looks.length} looks no other cause fits`;
    status.textContent = `${verdict}, ${reason}. ${named.size} of ${data.order.length} named.`;
  }

  function draw() {
    buttons.forEach((button, look) => {
      button.setAttribute("aria-pressed", taken[at].includes(look));
    });
    found.replaceChildren(
      ...taken[at].map((look) =>
        element(
          "li",
          {},
          element("strong", {}, data.looks[look]),
          `: ${truth().looks[look].shows}; usual is ${data.causes[SOUND].looks[look].shows}`,
          ...(look === data.drawn.batch ? [batch(truth().labels)] : []),
          ...(look === data.drawn.bars ? [bars(truth())] : []),
        ),
      ),
    );
  }

  /* The pictures, each above the label that this program gives it. */
  function batch(labels) {
    const [, height, width] = data.pictures.shape;
    const figures = labels.map((label, i) => {
      const canvas = element("canvas", { role: "img", width, height });
      canvas.setAttribute("aria-label", `A digit with the label ${label}`);
      const context = canvas.getContext("2d");
      const image = context.createImageData(width, height);
      for (let pixel = 0; pixel < width * height; pixel++) {
        const shade = 255 - data.pictures[i * width * height + pixel];
        image.data.set([shade, shade, shade, 255], 4 * pixel);
      }
      context.putImageData(image, 0, 0);
      return element("figure", {}, canvas, element("figcaption", {}, label));
    });
    return element("div", { class: "cause-batch" }, ...figures);
  }

  /* How often each class is a label, and how often it is the answer. */
  function bars({ said, truth: labels }) {
    const most = Math.max(...said, ...labels);
    const row = (name, counts) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, name),
        ...Array.from(counts, (count) => {
          const bar = element("span", { class: "cause-bar" });
          bar.style.height = `${(2.5 * count) / most}rem`;
          return element("td", {}, bar, element("span", { class: "cause-count" }, count));
        }),
      );
    return element(
      "table",
      { class: "cause-bars" },
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          element("td", {}),
          ...Array.from(said, (_, k) => element("th", { scope: "col" }, k)),
        ),
      ),
      element("tbody", {}, row("labels", labels), row("answers", said)),
    );
  }
});
