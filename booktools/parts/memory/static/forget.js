// What is kept on this device now, and the button that forgets it.
(function () {
  "use strict";

  for (const box of document.querySelectorAll(".what-is-kept")) {
    const words = JSON.parse(box.dataset.words);
    const status = box.querySelector("[role=status]");
    const button = document.createElement("button");
    let said = ""; // after something was forgotten
    button.type = "button";
    button.textContent = words.forget;
    box.append(button);
    button.addEventListener("click", () => {
      if (!confirm(words.sure)) return;
      said = words.forgotten;
      bookMemory.forget();
      said = "";
    });

    const show = () => {
      const counts = {
        predictions: Object.values(bookMemory.all("predictions")).filter((one) => one?.choice)
          .length,
        answers: Object.keys(bookMemory.all("quiz")).length,
        read: Object.keys(bookMemory.all("read")).length,
      };
      const kept = words.kept.replace(/\{(\w+)\}/g, (_, name) => counts[name]);
      const nothing = !["predictions", "quiz", "read", "place"].some(
        (kind) => Object.keys(bookMemory.all(kind)).length,
      );
      status.textContent = bookMemory.trouble() || said || (nothing ? words.nothing : kept);
    };
    show();
    document.addEventListener("book-memory", show);
  }
})();
