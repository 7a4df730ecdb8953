// Terms: the definition, which the build put into the link's title, on hover, focus and tap.
// It stays while the pointer is on it, Escape closes it, and a second tap follows the link.
(function () {
  "use strict";
  const DELAY = 150; // milliseconds, so that a pointer passing by opens nothing
  const GAP = 6;
  const tooltip = document.createElement("div");
  tooltip.id = "term-tooltip";
  tooltip.setAttribute("role", "tooltip");
  tooltip.hidden = true;
  (document.querySelector("main") || document.body).append(tooltip);
  let shown = null; // the link whose definition is seen
  let timer = null;
  let touched = false;

  function place() {
    if (shown === null) return;
    const link = shown.getBoundingClientRect();
    const room = document.documentElement.clientWidth - tooltip.offsetWidth - GAP;
    const below = link.bottom + GAP;
    const fits = below + tooltip.offsetHeight < window.innerHeight;
    tooltip.style.left = `${Math.max(GAP, Math.min(link.left, room))}px`;
    tooltip.style.top = `${fits ? below : link.top - tooltip.offsetHeight - GAP}px`;
  }

  function show(link) {
    clearTimeout(timer);
    if (shown !== null) shown.removeAttribute("aria-describedby");
    shown = link;
    tooltip.textContent = link.dataset.definition;
    tooltip.hidden = false;
    link.setAttribute("aria-describedby", tooltip.id);
    place();
  }

  function hide() {
    clearTimeout(timer);
    if (shown !== null) shown.removeAttribute("aria-describedby");
    shown = null;
    tooltip.hidden = true;
  }

  function later(action) {
    clearTimeout(timer);
    timer = setTimeout(action, DELAY);
  }

  for (const link of document.querySelectorAll("a.term[title]")) {
    link.dataset.definition = link.title;
    link.removeAttribute("title"); // else the browser shows it once more
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") later(() => show(link));
    });
    link.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") later(hide);
    });
    link.addEventListener("focus", () => touched || show(link));
    link.addEventListener("blur", hide);
    link.addEventListener("click", (event) => {
      if (!touched || shown === link) return;
      event.preventDefault();
      show(link);
    });
  }
  tooltip.addEventListener("pointerenter", () => clearTimeout(timer));
  tooltip.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") later(hide);
  });
  document.addEventListener(
    "pointerdown",
    (event) => {
      touched = event.pointerType !== "mouse";
      if (shown !== null && !tooltip.contains(event.target) && !shown.contains(event.target))
        hide();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    touched = false;
    if (event.key === "Escape") hide();
  });
  document.addEventListener("scroll", place, { capture: true, passive: true });
  window.addEventListener("resize", place);
})();
