// The questions that come back: shown when they are due, and answered anew. What is right at the
// first try is done; what is missed again comes back again.
(function () {
  "use strict";

  for (const review of document.querySelectorAll(".review")) start(review);

  function start(review) {
    const status = review.querySelector(".review-status");
    const words = JSON.parse(status.dataset.words);
    const questions = new Map(); // by key
    for (const item of review.querySelectorAll(".review-question"))
      questions.set(item.querySelector("[data-question]").dataset.question, item);

    function missed() {
      const kept = Object.entries(bookMemory.all("quiz"));
      return new Map(kept.filter(([key, one]) => one?.back && questions.has(key)));
    }

    /* Take back what stands here of answers that were forgotten. */
    function forget() {
      for (const item of questions.values()) {
        delete item.dataset.done;
        for (const said of item.querySelectorAll(".review-said")) said.remove();
        for (const fold of item.querySelectorAll("details")) fold.open = false;
      }
    }

    function show() {
      const due = [];
      const later = [];
      const kept = missed();
      if (!Object.keys(bookMemory.all("quiz")).length) forget();
      for (const [key, { back }] of kept) (bookMemory.isDue(back) ? due : later).push(key);
      for (const [key, item] of questions) {
        if (due.includes(key)) item.hidden = false;
        // what was answered stays to be read
        else if (!item.dataset.done) item.hidden = true;
      }
      const text = due.length ? words.due : later.length ? words.waiting : words.none;
      const counted = text.replace("{due}", due.length).replace("{count}", later.length);
      status.textContent = [counted, bookMemory.trouble()].join(" ").trim();
    }

    review.addEventListener("quiz-answer", (event) => {
      const key = event.target.dataset.question;
      const item = questions.get(key);
      const kept = bookMemory.get("quiz", key) || {};
      const right = event.detail === "right";
      const said = document.createElement("p");
      said.className = "review-said";
      said.setAttribute("role", "status");
      item.dataset.done = "yes";
      item.append(said);
      said.textContent = right ? words.right : words.wrong;
      const from = { page: item.dataset.page, left: Number(item.dataset.left) };
      const back = right ? undefined : bookMemory.later(from);
      bookMemory.set("quiz", key, { ...kept, back, again: event.detail });
    });

    // what has changed or is gone does not come back
    for (const [key, one] of Object.entries(bookMemory.all("quiz")))
      if (one?.back && !questions.has(key))
        bookMemory.set("quiz", key, { ...one, back: undefined });
    show();
    document.addEventListener("book-memory", show);
  }
})();
