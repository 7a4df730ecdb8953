/* A task, and what goes with it: last layer, loss, labels, metric, and how to decode. */
"use strict";

demos.register("chooser", function (root, data) {
  const { element } = demos;
  let task = data.tasks[0];
  let k = 10;

  const choices = element(
    "fieldset",
    {},
    element("legend", {}, "What should the network answer?"),
    ...data.tasks.map((one, n) => {
      const input = element("input", {
        type: "radio",
        name: "demo-chooser",
        checked: n === 0,
        onchange() {
          task = one;
          draw();
        },
      });
      return element("label", { class: "demo-choice" }, input, ` ${one.task}: ${one.example}`);
    }),
  );
  const slider = demos.slider(
    "k, the number of possible answers",
    { min: 2, max: 20, step: 1, value: k },
    (value) => {
      k = value;
      draw();
    },
  );
  const program = element("pre", { tabindex: 0, role: "group", "aria-label": "The program" });
  root.append(choices, slider, program);
  const status = demos.status(root);

  function draw() {
    slider.input.disabled = !/\bk\b/.test(task.layer);
    const fill = (code) => code.replace(/\bk\b/g, k);
    program.textContent = [
      "model = keras.Sequential([",
      "    keras.Input(shape=(d,)),",
      "    ...,",
      `    ${fill(task.layer)},`,
      "])",
      "model.compile(",
      '    optimizer="adam",',
      `    loss="${task.loss}",`,
      `    metrics=["${task.metric}"],`,
      ")",
      `# labels: ${fill(task.labels)}`,
      "p = model.predict(x)",
      `answer = ${task.decode}`,
    ].join("\n");
    status.textContent = `A common slip: ${fill(task.slip)}`;
  }

  draw();
});
