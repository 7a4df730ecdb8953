/* Small comforts. Every page reads well without them. */
"use strict";
(function () {
  // contents: shut after a link was followed on a small screen; keep the current chapter in sight
  const contents = document.getElementById("site-contents");
  contents.addEventListener("click", function (event) {
    if (event.target.closest("a") && contents.matches(":popover-open")) contents.hidePopover();
  });
  const current = contents.querySelector("[aria-current=page]");
  if (current && getComputedStyle(contents).position === "sticky") {
    contents.scrollTop = current.offsetTop - contents.clientHeight / 3;
  }

  // the palette finds what has a name; its script comes when it is first asked for
  const finder = document.querySelector(".find-button");
  const apple = /Mac|iPhone|iPad/.test(navigator.platform);
  function find() {
    if (window.bookPalette) return bookPalette.toggle();
    if (finder.ariaBusy === "true") return;
    finder.ariaBusy = "true";
    const script = document.createElement("script");
    script.src = finder.dataset.script;
    script.addEventListener("load", () => bookPalette.toggle());
    script.addEventListener("error", () => script.remove()); // the next time it may be there
    for (const end of ["load", "error"]) {
      script.addEventListener(end, () => finder.removeAttribute("aria-busy"));
    }
    document.head.append(script);
  }
  if (finder) {
    finder.setAttribute("aria-keyshortcuts", apple ? "Meta+K" : "Control+K");
    if (apple) finder.querySelector("kbd").textContent = "⌘ K";
    finder.addEventListener("click", find);
    addEventListener("keydown", function (event) {
      const asked = apple ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
      if (!asked || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      if (!event.repeat) find();
    });
  }

  // the section that is being read is marked in the contents
  const links = new Map();
  for (const link of contents.querySelectorAll(".contents-sections a")) {
    const section = document.getElementById(link.hash.slice(1));
    if (section) links.set(section, link);
  }
  const seen = new IntersectionObserver(
    function (entries) {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) links.get(target).setAttribute("aria-current", "location");
        else links.get(target).removeAttribute("aria-current");
      }
    },
    { rootMargin: "-20% 0px -79%" },
  );
  for (const section of links.keys()) seen.observe(section);

  // what scrolls sideways can be reached by keyboard
  const boxes = document.querySelectorAll(
    "article pre, article .scroll, article math[display=block]",
  );
  const sized = new ResizeObserver(function (entries) {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of boxes) sized.observe(box);

  // code can be copied
  if (navigator.clipboard) {
    for (const block of document.querySelectorAll("article div.highlight > pre")) {
      if (block.closest(".cell_output")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy-button";
      button.textContent = "Copy";
      button.addEventListener("click", async function () {
        try {
          await navigator.clipboard.writeText(block.textContent.trimEnd());
          button.textContent = "Copied";
        } catch {
          button.textContent = "Not allowed";
        }
        setTimeout(() => {
          button.textContent = "Copy";
        }, 2000);
      });
      block.parentElement.append(button);
    }
  }

  // what was read can be read again without a network (booktools.offline)
  const worker = document.documentElement.dataset.worker;
  if (worker && location.protocol !== "file:" && navigator.serviceWorker) {
    const { serviceWorker } = navigator;
    const visited = () => serviceWorker.controller?.postMessage({ visited: location.href });
    serviceWorker.addEventListener("controllerchange", visited);
    addEventListener("load", () => serviceWorker.register(worker).then(visited, () => {})); // or not
  }

  // on paper every fold is open
  let opened = [];
  addEventListener("beforeprint", function () {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", function () {
    for (const fold of opened) fold.open = false;
  });
})();
