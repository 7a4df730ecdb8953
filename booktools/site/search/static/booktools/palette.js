/* The palette: a field, and below it what in the book has such a name. A combobox with a list,
   as the ARIA practices have it; the dialog is the browser's own, so it keeps the focus, gives it
   back, and shuts by Escape. Loaded when first asked for, and then the index is too. */
"use strict";
window.bookPalette = (function () {
  const here = document.currentScript.src;
  const root = new URL("../../", here);
  const LIMIT = 50; // more is not a choice
  const PASTED = 24; // of a pasted traceback the last words count
  const KINDS = { page: 6, term: 5, heading: 3, code: 3, exercise: 2, claim: 0, fact: 0 };
  const MARKED = 4; // a kind that a page gave
  const firstWords = JSON.parse(document.querySelector(".find-button").dataset.words);
  let index = { words: firstWords, search: "search.html", pages: [] };
  let entries = [];
  let parts = null; // the elements, once they are made
  let loading = null;

  /* Letters without their marks, so that who types "uber" or "UBER" finds "Über". */
  function plain(text) {
    const bare = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    return bare.replaceAll("ß", "ss");
  }

  function wordsOf(text) {
    return plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  }

  /* Take the index: called by its script. */
  function fill(given) {
    index = { ...given, words: { ...firstWords, ...given.words } };
    entries = [];
    function add(kind, text, url, title) {
      const own = kind.startsWith("=");
      const called = own ? kind.slice(1) : (index.words[kind] ?? kind);
      entries.push({
        kind: called,
        text,
        url,
        where: title,
        worth: own ? MARKED : (KINDS[kind] ?? 0),
        plain: wordsOf(text).join(" "),
        words: wordsOf(text),
        beside: wordsOf(`${title} ${called}`),
      });
    }
    for (const [address, title, ...kinds] of index.pages) {
      add("page", title, address, "");
      const headings = new Map();
      for (let k = 0; k < kinds.length; k += 2) {
        for (let n = 0; n < kinds[k + 1].length; n += 2) {
          const [anchor, text] = kinds[k + 1].slice(n, n + 2);
          if (!headings.has(anchor)) headings.set(anchor, text);
          // what marks a section stands in it
          const marks = kinds[k].startsWith("=") && headings.get(anchor) !== text;
          const where = marks ? `${headings.get(anchor)}, ${title}` : title;
          add(kinds[k], text, `${address}#${anchor}`, where);
        }
      }
    }
  }

  /* How well a word that was typed fits one of an entry; 0: not at all. */
  function fits(word, words) {
    let best = 0;
    for (const one of words) {
      if (one === word) return 8;
      if (one.startsWith(word)) best = Math.max(best, 5 + (2 * word.length) / one.length);
      else if (word.length > 1 && one.includes(word)) best = Math.max(best, 3);
    }
    return best;
  }

  /* How well an entry fits all words; 0 if one of them is nowhere in it. */
  function score(entry, words, typed) {
    let sum = 0;
    let inText = 0;
    for (const word of words) {
      const within = fits(word, entry.words);
      const fit = within || fits(word, entry.beside) / 8;
      if (!fit) return 0;
      sum += fit;
      if (within) inText += 1;
    }
    const page = !entry.where; // who types a word of its title mostly means the page
    if (entry.plain === typed || (page && ` ${entry.plain} `.includes(` ${typed} `))) sum += 20;
    else if (entry.plain.startsWith(typed)) sum += 8;
    else if (` ${entry.plain}`.includes(` ${typed}`)) sum += 4;
    // of two that fit alike, the one that says little else
    return sum / words.length + entry.worth * (inText ? 1 : 0.1) - entry.words.length / 50;
  }

  /* How much of a long text, such as a pasted message, an entry has; numbers differ in each. */
  function likeness(entry, words) {
    const weight = (list) => list.reduce((sum, word) => sum + word.length, 0);
    const told = (list) => list.filter((word) => !/^\d+$/.test(word));
    const [asked, own] = [told(words), told(entry.words)];
    const has = new Set(entry.words);
    const said = new Set(words);
    const found = weight(asked.filter((word) => has.has(word))) / weight(asked);
    const covered = own.length < 4 ? 0 : weight(own.filter((word) => said.has(word))) / weight(own);
    return Math.max(found >= 0.6 ? found : 0, covered >= 0.75 ? covered : 0);
  }

  /* What is called so, best first. Nothing typed: the pages, in their order. */
  function find(query, limit = LIMIT) {
    const words = wordsOf(query);
    if (!query.trim()) return entries.filter((entry) => !entry.where).slice(0, limit);
    if (!words.length) return [];
    const typed = words.join(" ");
    function ranked(judge) {
      return entries
        .map((entry) => [judge(entry), entry])
        .filter(([points]) => points > 0)
        .sort(([one], [two]) => two - one)
        .map(([, entry]) => entry)
        .slice(0, limit);
    }
    const found = ranked((entry) => score(entry, words, typed));
    if (found.length || words.length < 3) return found;
    return ranked((entry) => likeness(entry, words.slice(-PASTED)));
  }

  // what the reader sees

  function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function say(key, text) {
    return (index.words[key] ?? "").replace("{}", () => text);
  }

  function build() {
    const field = make("input", {
      class: "palette-input",
      type: "text",
      role: "combobox",
      "aria-label": say("find here"),
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": "site-found",
      placeholder: say("find here"),
      autocomplete: "off",
      autocapitalize: "off",
      autocorrect: "off",
      spellcheck: "false",
      enterkeyhint: "go",
    });
    const close = make("button", { class: "palette-close", type: "button" }, say("close"));
    const list = make("div", {
      class: "palette-list",
      id: "site-found",
      role: "listbox",
      tabindex: "-1", // what scrolls would be a stop of its own
      "aria-label": say("find here"),
    });
    const note = make("p", { class: "palette-note" });
    const more = make("a", { class: "palette-more" });
    const status = make("p", { class: "palette-status", role: "status" });
    const top = make("div", { class: "palette-top" }, field, close);
    const box = make(
      "dialog",
      { class: "palette", "aria-label": say("find here") },
      make("div", { class: "palette-box" }, top, note, list, more, status),
    );
    document.body.append(box);
    parts = { box, field, list, note, more, status, options: [], active: -1, said: null };

    field.addEventListener("input", show);
    field.addEventListener("keydown", onKey);
    close.addEventListener("click", () => box.close());
    box.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      // beside the box, or to a place on this page
      if (event.target === box || (link && !event.ctrlKey && !event.metaKey && !event.shiftKey))
        box.close();
    });
    list.addEventListener("pointermove", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(parts.options.indexOf(option), false);
    });
    // the keyboard of a phone takes half of the screen
    function fit() {
      box.style.setProperty("--palette-room", `${visualViewport.height}px`);
    }
    window.visualViewport?.addEventListener("resize", fit);
    if (window.visualViewport) fit();
  }

  function choose(number, scroll = true) {
    const { options, field } = parts;
    options[parts.active]?.setAttribute("aria-selected", "false");
    parts.active = number;
    const option = options[number];
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    if (scroll) option.scrollIntoView({ block: "nearest" });
  }

  /* The text of an entry, with the beginnings of words that were typed in bold. */
  function marked(text, words) {
    const pieces = [];
    for (const piece of text.split(/([\p{L}\p{N}\p{M}]+)/u)) {
      const bare = plain(piece);
      const word = words.find((one) => bare.startsWith(one));
      // a letter may become two, as ß does: then the whole word is marked
      const end = bare.length === piece.length && word ? word.length : piece.length;
      if (word) pieces.push(make("b", {}, piece.slice(0, end)), piece.slice(end));
      else pieces.push(piece);
    }
    return pieces;
  }

  function show() {
    const { field, list, note, more, status } = parts;
    const query = field.value.trim();
    const found = find(query);
    const words = wordsOf(query);
    parts.options = found.map((entry, number) =>
      make(
        "a",
        {
          class: "palette-option",
          id: `site-found-${number}`,
          role: "option",
          tabindex: "-1",
          "aria-selected": "false",
          href: new URL(entry.url, root).href,
        },
        make("span", { class: "palette-text" }, ...marked(entry.text, words)),
        make("span", { class: "palette-kind" }, entry.kind),
        make("span", { class: "palette-where" }, entry.where),
      ),
    );
    list.replaceChildren(...parts.options);
    list.hidden = !found.length;
    list.scrollTop = 0;
    field.setAttribute("aria-expanded", found.length > 0);
    note.hidden = Boolean(query && found.length);
    note.textContent = say(!entries.length ? "failed" : query ? "nothing" : "what is found", query);
    more.textContent = query ? say("full text for", query) : say("full text");
    const address = new URL(index.search, root);
    if (query) address.searchParams.set("q", query);
    more.href = address.href;
    choose(found.length ? 0 : -1);
    clearTimeout(parts.said); // not at every letter
    parts.said = setTimeout(() => {
      status.textContent = found.length ? say("how many", found.length) : note.textContent;
    }, 400);
  }

  function onKey(event) {
    const { options, active, more } = parts;
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) {
      event.preventDefault();
      choose((active + step + options.length) % options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const { ctrlKey, metaKey, shiftKey } = event; // they open it in a new tab or window
      const click = { ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true };
      (options[active] ?? more).dispatchEvent(new MouseEvent("click", click));
    }
  }

  function load(tag, attributes) {
    return new Promise((done) => {
      const file = make(tag, attributes);
      file.addEventListener("load", done);
      file.addEventListener("error", () => {
        file.remove();
        done();
      });
      document.head.append(file);
    });
  }

  async function toggle() {
    if (parts?.box.open) return parts.box.close();
    if (loading) return;
    if (!entries.length) {
      const style = new URL(`palette.css${new URL(here).search}`, here).href;
      loading = Promise.all([
        document.querySelector(".palette") || load("link", { rel: "stylesheet", href: style }),
        load("script", { src: new URL("palette-index.js", here).href }),
      ]);
      await loading;
      loading = null;
      parts?.box.remove(); // made when there was no index
      build();
    }
    parts.field.value = "";
    show();
    parts.box.showModal();
    parts.field.focus();
  }

  return { fill, find, toggle };
})();
