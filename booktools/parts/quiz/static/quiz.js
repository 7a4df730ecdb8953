// Quiz options: what a reader opens is marked as right or not, and counted by question.
// The feedback itself stands in the page.
(function () {
  "use strict";
  const questions = Array.from(document.querySelectorAll(".quiz-question"));
  if (!questions.length) return;

  const firstAnswers = new Map();
  const score = document.createElement("p");
  const feedback = document.createElement("span");
  const count = document.createElement("span");
  score.className = "quiz-score";
  score.setAttribute("role", "status"); // a screen reader reads the feedback, then the count
  feedback.className = "visually-hidden";
  score.append(feedback, count);
  questions[questions.length - 1].after(score);

  function showCount() {
    const right = Array.from(firstAnswers.values()).filter((answer) => answer === "right").length;
    count.textContent =
      `${firstAnswers.size} of ${questions.length} answered` +
      (firstAnswers.size ? `, ${right} right at the first try.` : ".");
  }

  for (const question of questions) {
    for (const option of question.querySelectorAll("details.quiz-option")) {
      // a click, also by keyboard; folds that open for printing are no answers
      option.querySelector("summary").addEventListener("click", () => {
        if (option.open) return;
        option.dataset.answer = option.dataset.option;
        if (!firstAnswers.has(question)) firstAnswers.set(question, option.dataset.option);
        feedback.textContent = `${option.querySelector(".feedback").textContent.trim()} `;
        showCount();
      });
    }
  }
  showCount();
})();
