// Where the reader stopped, and which chapters were read to the end: noted in chapters, shown
// quietly in the contents and in {go-on}. What is known of this page stands in the script's tag.
(function () {
  "use strict";
  const DWELL = 5000; // milliseconds: who only looks something up did not stop there
  const script = document.currentScript;
  const told = script.dataset;
  const words = JSON.parse(told.words);
  const contents = document.getElementById("site-contents");
  const chapter = told.chapter !== undefined;
  const left = chapter ? Number(told.chapter) : bookMemory.here.left;
  bookMemory.here = { page: told.page, left };

  function make(tag, properties, ...content) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...content);
    return made;
  }

  // pages are named by their addresses in the book
  function addressOf(page) {
    return new URL(page, bookMemory.root).href;
  }

  function linksTo(page) {
    const links = Array.from(contents.querySelectorAll("li:not(.contents-sections li) > a"));
    return links.filter((link) => link.href.split("#")[0] === addressOf(page));
  }

  // what is noted

  function section() {
    const headings = document.querySelectorAll(
      "main section[id] > h2, [role=main] section[id] > h2",
    );
    return Array.from(headings)
      .filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2)
      .at(-1);
  }

  function atEnd() {
    const sections = document.querySelectorAll("main section[id], [role=main] section[id]");
    const end = sections[sections.length - 1];
    return end !== undefined && end.getBoundingClientRect().bottom < innerHeight + 50;
  }

  function everythingIsAnswered() {
    const keys = Array.from(document.querySelectorAll(".quiz-question[data-question]"));
    return keys.length > 0 && keys.every((one) => bookMemory.get("quiz", one.dataset.question));
  }

  function note() {
    let timer = null;
    let waiting = null; // where the reader is since the timer was started
    let read = false;
    const answered = everythingIsAnswered(); // before

    function finish() {
      if (read) return;
      read = true;
      bookMemory.read(told.page);
    }

    function stop() {
      if (document.hidden) return;
      const heading = section();
      const place = { page: told.page, title: told.title };
      if (heading) {
        place.section = heading.parentElement.id;
        place.heading = heading.firstChild.textContent.trim();
      }
      bookMemory.set("place", "last", place);
      if (atEnd()) finish();
    }

    function look() {
      const now = `${section()?.parentElement.id} ${atEnd()}`;
      if (now === waiting) return;
      waiting = now;
      clearTimeout(timer);
      timer = setTimeout(stop, DWELL);
    }

    look();
    document.addEventListener("scroll", look, { passive: true });
    document.addEventListener("visibilitychange", () => {
      waiting = null;
      look();
    });
    document.addEventListener("book-memory", () => {
      if (!answered && everythingIsAnswered()) finish();
    });
  }

  // what is shown

  function place() {
    const kept = bookMemory.get("place", "last");
    if (typeof kept?.page !== "string" || kept.page === told.page) return null;
    if (contents && !linksTo(kept.page).length) return null; // the page is gone
    const address = addressOf(kept.page) + (kept.section ? `#${kept.section}` : "");
    const name = [kept.title, kept.heading].filter(Boolean).join(", ");
    return make("a", { href: address }, name);
  }

  function due() {
    const answers = Object.values(bookMemory.all("quiz"));
    return answers.filter((one) => one?.back && bookMemory.isDue(one.back)).length;
  }

  function showPlace(element) {
    const link = place();
    element.hidden = link === null;
    if (link === null) return;
    const said = `${words["go-on"]}: `;
    if (element.classList.contains("go-on")) {
      element.replaceChildren(said, link);
    } else {
      link.replaceChildren(make("span", {}, said, link.textContent)); // the whole line is the link
      element.replaceChildren(link);
    }
  }

  function showInContents() {
    for (const old of contents.querySelectorAll(".reading-mark")) old.remove();
    const read = bookMemory.all("read");
    const marks = Object.keys(read).map((page) => [page, "\u2713", words.read]);
    const count = told.review === undefined ? 0 : due();
    if (count) marks.push([told.review, `(${count})`, words.back.replace("{count}", count)]);
    for (const [page, text, name] of marks) {
      for (const link of linksTo(page)) {
        const sign = make("span", {}, text);
        sign.setAttribute("role", "img");
        sign.setAttribute("aria-label", name);
        const mark = make("span", { className: "reading-mark" }, " ", sign);
        (link.lastElementChild || link).append(mark);
      }
    }
  }

  const shown = Array.from(document.querySelectorAll(".go-on"));
  if (contents) {
    const line = make("p", { className: "contents-home" });
    contents.querySelector(".contents-home")?.after(line);
    shown.push(line);
  }

  function show() {
    for (const element of shown) showPlace(element);
    if (contents) showInContents();
  }

  if (chapter) note();
  show();
  document.addEventListener("book-memory", show);
})();
