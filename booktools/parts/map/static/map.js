// How far the reader is, on the map and in the list below it: in words, not by color alone.
(function () {
  "use strict";

  for (const map of document.querySelectorAll(".chapter-map")) {
    const summary = map.querySelector(".map-summary");
    const words = JSON.parse(summary.dataset.words);
    const chapters = Array.from(map.querySelectorAll(".map-chapter"));

    const fill = (text, counts) => text.replace(/\{(\w+)\}/g, (_, name) => counts[name]);

    // a question or a prediction that has changed since is not answered
    const answeredIn = (chapter) => {
      const questions = chapter.dataset.questions.split(" ").filter(Boolean);
      const predictions = Object.entries(JSON.parse(chapter.dataset.predictions));
      const answers = questions.filter((key) => bookMemory.get("quiz", key)?.first);
      const choices = predictions.filter(([name, key]) => {
        const kept = bookMemory.get("predictions", name);
        return kept?.choice && kept.of === key;
      });
      return {
        count: questions.length + predictions.length,
        answered: answers.length + choices.length,
      };
    };

    const show = () => {
      const last = bookMemory.get("place", "last")?.page;
      const total = { read: 0, chapters: chapters.length, answered: 0, count: 0 };
      for (const chapter of chapters) {
        const page = chapter.dataset.page;
        const found = answeredIn(chapter);
        const read = bookMemory.get("read", page) !== undefined;
        const said = [];
        if (read) said.push(`\u2713 ${words.read}`);
        if (found.answered && !(read && found.answered === found.count))
          said.push(fill(words.answered, found));
        if (page === last) said.push(words.here);
        chapter.dataset.state = read ? "read" : found.answered ? "begun" : "new";
        chapter.classList.toggle("map-last", page === last);
        chapter.querySelector(".map-state").textContent =
          said.join(", ") || fill(words.questions, found);
        for (const listed of map.querySelectorAll("[data-of]"))
          if (listed.dataset.of === page)
            listed.textContent = said.length ? `(${said.join(", ")})` : "";
        total.read += read ? 1 : 0;
        total.answered += found.answered;
        total.count += found.count;
      }
      summary.hidden = false;
      summary.textContent = [fill(words.summary, total), bookMemory.trouble()].join(" ").trim();
    };
    show();
    document.addEventListener("book-memory", show);
  }
})();
