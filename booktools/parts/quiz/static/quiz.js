// Quiz options: what a reader opens is marked as right or not, and counted by question.
// The feedback itself stands in the page. Answers are kept on this device (memory.js): of each
// question what was opened, what was right at the first try, and when it comes back.
(function () {
  "use strict";
  const questions = Array.from(document.querySelectorAll(".quiz-question"));
  // those that come back on a page of their own (review.js) are neither counted nor kept here
  const own = questions.filter((question) => !question.closest(".review"));
  const firstAnswers = new Map();
  const score = document.createElement("p");
  const feedback = document.createElement("span");
  const count = document.createElement("span");
  score.className = "quiz-score";
  score.setAttribute("role", "status"); // a screen reader reads the feedback, then the count
  feedback.className = "visually-hidden";
  score.append(feedback, count);
  own.at(-1)?.after(score);

  function showCount() {
    const right = Array.from(firstAnswers.values()).filter((answer) => answer === "right").length;
    const trouble = bookMemory.trouble();
    count.textContent =
      `${firstAnswers.size} of ${own.length} answered` +
      (firstAnswers.size ? `, ${right} right at the first try.` : ".") +
      (firstAnswers.size && trouble ? ` ${trouble}` : "");
  }

  function keep(question, option) {
    const key = question.dataset.question;
    if (!key) return; // a copy
    const before = bookMemory.get("quiz", key) || {};
    const opened = [...new Set([...(before.opened || []), Number(option.dataset.number)])];
    const first = firstAnswers.get(question);
    const back = before.first || first === "right" ? before.back : bookMemory.later();
    bookMemory.set("quiz", key, { opened, first, back });
  }

  for (const question of questions) {
    const kept =
      (own.includes(question) && bookMemory.get("quiz", question.dataset.question)) || {};
    if (kept.first) firstAnswers.set(question, kept.first);
    for (const option of question.querySelectorAll("details.quiz-option")) {
      if (kept.opened?.includes(Number(option.dataset.number)))
        option.dataset.answer = option.dataset.option;
      // a click, also by keyboard; folds that open for printing are no answers
      option.querySelector("summary").addEventListener("click", () => {
        if (option.open) return;
        option.dataset.answer = option.dataset.option;
        feedback.textContent = `${option.querySelector(".feedback").textContent.trim()} `;
        if (!firstAnswers.has(question)) {
          firstAnswers.set(question, option.dataset.option);
          question.dispatchEvent(
            new CustomEvent("quiz-answer", { bubbles: true, detail: option.dataset.option }),
          );
        }
        if (!own.includes(question)) return;
        keep(question, option);
        showCount();
      });
    }
  }
  showCount();
})();
