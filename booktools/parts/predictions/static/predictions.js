// Predictions: the reader picks an option of a box, and meets the choice again at the answer.
// It may be changed until the answer was shown, and is kept on this device (memory.js).
(function () {
  "use strict";

  function element(tag, properties, ...content) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...content);
    return made;
  }

  for (const box of document.querySelectorAll("div.predict[data-prediction]")) start(box);

  function start(box) {
    const name = box.dataset.prediction;
    const answer = document.getElementById(`answer-${name}`);
    const options = new Map(); // by key: letter, words and button of each
    for (const option of box.querySelectorAll("[data-option]")) {
      const key = option.dataset.option;
      const button = element("input", { type: "radio", name: `predict-${name}`, value: key });
      const text = option.querySelector("p");
      const words = element("span", {}, ...text.childNodes);
      text.replaceWith(element("label", {}, button, words));
      options.set(key, { letter: option.dataset.letter, words, button });
      button.addEventListener("change", () => choose(key));
    }
    const list = box.querySelector(".predict-options");
    const legend = element("legend", { className: "visually-hidden" }, "Your prediction");
    const fieldset = element("fieldset", {});
    list.replaceWith(fieldset);
    fieldset.append(legend, list);
    const status = element("p", { className: "predict-status" });
    status.setAttribute("role", "status"); // a screen reader reads what changes there
    box.append(status);

    const chosen = element("p", { className: "answer-chosen", hidden: true });
    const hint = element(
      "p",
      { className: "answer-hint" },
      "You have not predicted yet. ",
      element("a", { href: `#${box.id}` }, "Predict first"),
      ".",
    );

    const kept = bookMemory.get("predictions", name) || {};
    if (kept.of !== box.dataset.key) kept.choice = kept.seen = undefined; // the box has changed
    const state = { choice: options.has(kept.choice) ? kept.choice : null, seen: !!kept.seen };
    const near = { box: true, answer: false }; // what of them is on the screen

    function keep() {
      bookMemory.set("predictions", name, { ...state, of: box.dataset.key });
      show();
    }

    function choose(key) {
      state.choice = key;
      keep();
      if (answer) revealWhenMet();
    }

    function see() {
      if (state.seen) return;
      state.seen = true;
      keep();
    }

    // The answer of a reader who has chosen opens where it is met. Who chooses by keyboard passes
    // through other options, so as long as these are in use, the choice is not made.
    function revealWhenMet() {
      const choosing = near.box && box.querySelector("input:focus-visible");
      if (state.choice === null || state.seen || !near.answer || choosing) return;
      answer.open = true;
      see();
    }

    function show() {
      const choice = options.get(state.choice);
      const trouble = bookMemory.trouble();
      fieldset.disabled = state.seen;
      for (const [key, { button }] of options) button.checked = key === state.choice;
      if (state.seen) {
        status.textContent = choice
          ? `You said ${choice.letter}. The answer was shown.`
          : "The answer was shown before you chose.";
      } else if (choice) {
        status.textContent = answer
          ? `You say ${choice.letter}. You can change this until you reach the answer.`
          : `You say ${choice.letter}.`;
      } else {
        status.textContent = `Choose one. ${trouble || "Your choice stays on this device."}`;
      }
      if (choice && trouble) status.append(` ${trouble}`);
      hint.hidden = state.seen || choice !== undefined;
      chosen.hidden = choice === undefined;
      if (choice === undefined) return;
      chosen.replaceChildren("You said ", ...choice.words.cloneNode(true).childNodes);
      if (!answer || !answer.dataset.right) return;
      chosen.dataset.answer = answer.dataset.right === state.choice ? "right" : "wrong";
    }

    if (answer) {
      answer.before(hint);
      answer.querySelector("summary").after(chosen);
      // a click, also by keyboard; folds that open for printing were not opened by the reader
      answer.querySelector("summary").addEventListener("click", () => answer.open || see());
      hint.querySelector("a").addEventListener("click", () => {
        // after the browser has gone there, which takes the focus away
        setTimeout(() => fieldset.querySelector("input").focus({ preventScroll: true }));
      });
      const watch = new IntersectionObserver((entries) => {
        for (const { target, isIntersecting } of entries) {
          near[target === box ? "box" : "answer"] = isIntersecting;
        }
        revealWhenMet();
      });
      watch.observe(box);
      watch.observe(answer);
      fieldset.addEventListener("focusout", () => setTimeout(revealWhenMet));
      answer.open = state.seen && state.choice !== null;
    }
    show();
  }
})();
