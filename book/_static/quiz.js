// Quiz options: what a reader opens is marked as right or not, and counted by question.
// The feedback itself stands in the page; an option is right if its feedback begins with "Right".
(function () {
  "use strict";
  const options = Array.from(document.querySelectorAll("details.quiz-option"));
  if (!options.length) return;

  // Options that follow each other belong to one question
  const questions = [];
  for (const option of options) {
    const before = option.previousElementSibling;
    if (before === null || !before.matches("details.quiz-option")) questions.push([]);
    questions[questions.length - 1].push(option);
  }

  const firstAnswers = new Map();
  const score = document.createElement("p");
  const feedback = document.createElement("span");
  const count = document.createElement("span");
  score.className = "quiz-score";
  score.setAttribute("role", "status"); // a screen reader reads the feedback, then the count
  feedback.className = "visually-hidden";
  score.append(feedback, count);
  options[options.length - 1].after(score);

  function showCount() {
    const right = Array.from(firstAnswers.values()).filter(Boolean).length;
    count.textContent =
      `${firstAnswers.size} of ${questions.length} answered` +
      (firstAnswers.size ? `, ${right} right at the first try.` : ".");
  }

  questions.forEach((question) => {
    for (const option of question) {
      const content = option.querySelector(".sd-summary-content");
      const text = content.textContent.trim();
      const right = text.startsWith("Right");
      // a click, also by keyboard; folds that open for printing are no answers
      option.querySelector("summary").addEventListener("click", () => {
        if (option.open) return;
        option.dataset.answer = right ? "right" : "wrong";
        if (!firstAnswers.has(question)) firstAnswers.set(question, right);
        feedback.textContent = `${text} `;
        showCount();
      });
    }
  });
  showCount();
})();
