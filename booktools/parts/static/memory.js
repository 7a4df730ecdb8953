// What the book remembers of its reader: on this device only, and under one key, so that it can
// be forgotten at once. Where nothing can be kept, it is known until the page is left.
window.bookMemory = (function () {
  "use strict";
  const key = `book:${new URL("..", document.currentScript.src).pathname}`;
  let known = {};
  let kept = true; // until the browser refuses

  function all() {
    if (!kept) return known;
    try {
      const found = JSON.parse(localStorage.getItem(key));
      known = found !== null && typeof found === "object" ? found : {};
    } catch (error) {
      kept = error instanceof SyntaxError; // damaged: it is written anew
    }
    return known;
  }

  return {
    get(kind, name) {
      const found = all()[kind];
      return found ? found[name] : undefined;
    },
    set(kind, name, value) {
      const everything = all();
      everything[kind] = { ...everything[kind], [name]: value };
      try {
        localStorage.setItem(key, JSON.stringify(everything));
      } catch {
        kept = false; // forbidden or full
      }
    },
  };
})();
