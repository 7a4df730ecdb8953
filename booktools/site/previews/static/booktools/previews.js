/* Previews: where a link inside the book leads, on hover and focus. A term's link carries its
   definition; what is seen of other places the build wrote, a file a page, loaded when needed.
   A tap follows a link; for fingers, the arrow behind it shows the preview. A term's first tap
   shows its definition. */
"use strict";
window.bookPreviews = (function () {
  const script = document.currentScript;
  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);
  const DELAY = 300; // milliseconds, so that a pointer passing by opens nothing
  const QUICK = 150; // of a term: the definition is there already
  const GAP = 6;
  const WITHOUT = /^(search|genindex|py-modindex)$/; // pages that Sphinx makes, and not the book
  const pages = new Map(); // name: a promise of its fragments
  const taken = new Map();
  const bubble = document.createElement("div");
  bubble.id = "site-preview";
  bubble.className = "preview";
  bubble.hidden = true;
  (document.querySelector("main") || document.body).append(bubble);
  let shown = null; // the link or button whose preview is seen
  let timer = null;
  let touched = false;
  let wanted = 0; // counts, so that what comes too late is not shown

  /* Keep the fragments of a page: called by its script. */
  function take(name, fragments) {
    taken.set(name, fragments);
  }

  function load({ name, file: address }) {
    if (!pages.has(name)) {
      const loaded = new Promise((done) => {
        const file = document.createElement("script");
        file.src = new URL(`${script.dataset.folder}/${address}.js`, root);
        file.addEventListener("load", () => done(taken.get(name) ?? {}));
        file.addEventListener("error", () => {
          pages.delete(name); // the network may come back
          file.remove();
          done({});
        });
        document.head.append(file);
      });
      pages.set(name, loaded);
    }
    return pages.get(name);
  }

  /* The page of the book to which a link leads, and the place on it; null if it leaves. */
  function target(link) {
    const url = new URL(link.href);
    const base = root.href;
    const [path] = url.href.split(/[?#]/);
    if (!path.startsWith(base) || link.hasAttribute("download")) return null;
    const page = path.slice(base.length);
    if (/\.(?!html$)[^/.]*$/.test(page)) return null; // a file of another kind
    const file = page.replace(/(\.html|\/)$/, "") || "index";
    if (WITHOUT.test(file)) return null;
    try {
      const [name, anchor] = [file, url.hash.slice(1)].map(decodeURIComponent);
      return { name, file, url, anchor };
    } catch {
      return null; // an address that cannot be one
    }
  }

  function here(url) {
    return url.href.split("#")[0] === location.href.split("#")[0];
  }

  /* Tell whether the place is on the screen already. */
  function inSight({ url, anchor }) {
    if (!here(url)) return false;
    const place = anchor ? document.getElementById(anchor) : document.querySelector("main h1");
    if (place === null) return false;
    const box = (
      place.matches("section") ? (place.firstElementChild ?? place) : place
    ).getBoundingClientRect();
    return box.height > 0 && box.bottom > 0 && box.top < window.innerHeight;
  }

  /* What is to be shown of a link: nodes, or null. */
  async function content(link) {
    if (link.dataset.definition !== undefined) return [link.dataset.definition];
    const place = target(link);
    if (!place || !script.dataset.folder || inSight(place)) return null;
    const html = (await load(place))[place.anchor];
    if (!html) return null;
    const template = document.createElement("template"); // nothing in it loads yet
    template.innerHTML = html;
    for (const picture of template.content.querySelectorAll("[src]")) {
      picture.src = new URL(picture.getAttribute("src"), place.url).href;
    }
    return [template.content];
  }

  function place() {
    if (shown === null) return;
    const link = shown.getClientRects()[0] ?? shown.getBoundingClientRect();
    const last = [...shown.getClientRects()].at(-1) ?? link;
    const room = document.documentElement.clientWidth - bubble.offsetWidth - GAP;
    const [above, below] = [link.top - GAP, last.bottom + GAP];
    const fits = below + bubble.offsetHeight < window.innerHeight;
    const left = fits ? last.left : link.left;
    bubble.style.left = `${Math.max(GAP, Math.min(left, room))}px`;
    const under = fits || window.innerHeight - below > above;
    bubble.style.top = `${under ? below : Math.max(GAP, above - bubble.offsetHeight)}px`;
  }

  function show(of, parts, role) {
    hide();
    shown = of;
    bubble.setAttribute("role", role);
    bubble.hidden = false;
    bubble.replaceChildren(...parts);
    of.setAttribute("aria-describedby", bubble.id);
    if (of.matches("button")) of.setAttribute("aria-expanded", "true");
    for (const picture of bubble.querySelectorAll("img")) picture.addEventListener("load", place);
    place();
  }

  function hide() {
    clearTimeout(timer);
    wanted += 1;
    if (shown === null) return;
    shown.removeAttribute("aria-describedby");
    if (shown.matches("button")) shown.setAttribute("aria-expanded", "false");
    shown = null;
    bubble.hidden = true;
  }

  /* Show where a link leads, of the link itself or of the button behind it. */
  async function reveal(link, of = link, role = "tooltip") {
    clearTimeout(timer);
    if (shown === of) return;
    const number = ++wanted;
    const parts = await content(link);
    if (parts && number === wanted) show(of, parts, role);
  }

  function later(action, delay) {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  }

  function listen(link) {
    const term = link.dataset.definition !== undefined;
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") later(() => reveal(link), term ? QUICK : DELAY);
    });
    link.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") later(hide, QUICK);
    });
    link.addEventListener("focus", () => {
      if (touched || !link.matches(":focus-visible")) return;
      if (term) show(link, [link.dataset.definition], "tooltip");
      else later(() => reveal(link), DELAY);
    });
    link.addEventListener("blur", hide);
    link.addEventListener("click", (event) => {
      if (!term || !touched || shown === link) return;
      event.preventDefault();
      show(link, [link.dataset.definition], "tooltip");
    });
  }

  /* The button for fingers behind a link. */
  function addButton(link) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "preview-button";
    button.setAttribute(
      "aria-label",
      script.dataset.words.replace("{}", () => link.innerText),
    );
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      if (shown === button) hide();
      else reveal(link, button, "status"); // a status is read out when it changes
    });
    button.addEventListener("blur", hide);
    // no line begins with the button, nor with what follows it, such as a comma
    const kept = document.createElement("span");
    kept.className = "preview-kept";
    const follows = link.nextSibling?.nodeType === Node.TEXT_NODE ? link.nextSibling : null;
    const sign = follows?.data.match(/^[^\s\w]+/)?.[0] ?? "";
    if (sign) follows.data = follows.data.slice(sign.length);
    kept.append("\u2060", button, sign);
    link.after(kept);
  }

  for (const link of document.querySelectorAll("article a[href]:not(.headerlink)")) {
    if (link.matches(".term[title]")) {
      link.dataset.definition = link.title;
      link.removeAttribute("title"); // else the browser shows it once more
    } else if (!script.dataset.folder || !target(link)) continue;
    listen(link);
  }
  /* Tell whether an item of a list begins with a link: then the item says where that leads. */
  function leads(link) {
    const item = link.closest("li");
    return item?.textContent.trim().startsWith(link.textContent.trim());
  }

  // in running text: where each line or row is about a link, a button would be in the way
  if (script.dataset.folder && matchMedia("(hover: none)").matches) {
    for (const link of document.querySelectorAll("article p a[href]:not(.headerlink)")) {
      if (link.dataset.definition !== undefined || link.closest("table, nav, .map-list")) continue;
      if (target(link) && !leads(link)) addButton(link);
    }
  }

  bubble.addEventListener("pointerenter", () => clearTimeout(timer));
  bubble.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") later(hide, QUICK);
  });
  document.addEventListener(
    "pointerdown",
    (event) => {
      touched = event.pointerType !== "mouse";
      if (!bubble.contains(event.target) && !(shown ?? bubble).contains(event.target)) hide();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    touched = false;
    if (event.key === "Escape") hide();
  });
  document.addEventListener("scroll", place, { capture: true, passive: true });
  window.addEventListener("resize", place);
  return { take };
})();
