// What the book remembers of its reader: on this device only, and under one key, so that it can
// be forgotten at once. The key names the form in which it is kept, and the folder of the book,
// so that two books on one host do not mix. Where nothing can be kept, it is known until the page
// is left, and `trouble` says so.
window.bookMemory = (function () {
  "use strict";
  const FORM = 1;
  const CHAPTERS = 2; // have to be read before a question comes back
  const script = document.currentScript;
  const words = JSON.parse(script.dataset.words || "{}");
  const root = new URL("..", script.src);
  const key = `book-${FORM}:${root.pathname}`;
  let known = {};
  let trouble = ""; // or why the browser keeps nothing: forbidden, full

  function object(found) {
    return found !== null && typeof found === "object" && !Array.isArray(found) ? found : {};
  }

  function everything() {
    if (trouble) return known;
    try {
      known = object(JSON.parse(localStorage.getItem(key)));
    } catch (error) {
      if (error instanceof SyntaxError)
        known = {}; // damaged: it is written anew
      else trouble = "forbidden";
    }
    return known;
  }

  function all(kind) {
    return object(everything()[kind]);
  }

  function changed() {
    document.dispatchEvent(new CustomEvent("book-memory"));
  }

  // Readings are numbered; the number of the last one tells what was read since.
  function readings() {
    return Math.max(0, ...Object.values(all("read")).filter(Number.isInteger));
  }

  function today() {
    return new Date().toISOString().slice(0, 10);
  }

  addEventListener("storage", (event) => {
    if (event.key === key || event.key === null) changed(); // by another window
  });

  return {
    root,
    here: { page: "", left: CHAPTERS }, // which chapter this is, and how many come after it
    all,
    get(kind, name) {
      return all(kind)[name];
    },
    set(kind, name, value) {
      const found = everything();
      found[kind] = { ...object(found[kind]), [name]: value };
      try {
        if (!trouble) localStorage.setItem(key, JSON.stringify(found));
      } catch (error) {
        trouble = error.name === "QuotaExceededError" ? "full" : "forbidden";
      }
      changed();
    },
    // also the theme, and what was kept in another form
    forget() {
      known = {};
      try {
        for (const name of Object.keys(localStorage)) {
          if (name.startsWith("book") && name.endsWith(`:${root.pathname}`))
            localStorage.removeItem(name);
        }
        trouble = "";
      } catch {
        trouble = "forbidden";
      }
      changed();
    },
    // what to tell a reader for whom nothing is kept; empty if all is well
    trouble() {
      everything();
      return trouble ? words[trouble] || trouble : "";
    },
    read(page) {
      this.set("read", page, readings() + 1);
    },
    // when a question that was missed comes back: after two more chapters, wherever these stand;
    // at the end of the book, where fewer come after its own, after those and another day
    later(from = this.here) {
      return { page: from.page, left: from.left, after: readings(), day: today() };
    },
    isDue(back) {
      const read = Object.entries(all("read"));
      const since = read.filter(([page, at]) => page !== back.page && at > back.after).length;
      if (since >= CHAPTERS) return true;
      return back.left < CHAPTERS && since >= back.left && today() > back.day;
    },
  };
})();
