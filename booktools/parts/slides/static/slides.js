// Slides: every heading of the page begins one. Shown one at a time while `slides-on` is set.
(function () {
  "use strict";
  const place = document.querySelector(".slides-start");
  const slides = Array.from(document.querySelectorAll("article section"));
  if (!place || !slides.length) return;
  const root = document.documentElement;
  let at = 0;

  function button(text, press) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", press);
    return made;
  }

  const start = button("Show as slides", begin);
  const words = document.createElement("p");
  words.textContent =
    "Arrow keys or a swipe turn the slides, Escape ends them. Printed, each has a page.";
  place.append(start, words);

  const bar = document.createElement("nav");
  bar.className = "slides-bar";
  bar.setAttribute("aria-label", "Slides");
  const back = button("Back", () => turn(-1));
  const on = button("Next", () => turn(1));
  const count = document.createElement("p");
  const title = document.createElement("span");
  count.setAttribute("role", "status"); // a screen reader says which slide it is
  title.className = "visually-hidden";
  const number = document.createElement("span");
  count.append(number, title);
  const whole = button("Full screen", function () {
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen().catch(() => {});
  });
  whole.hidden = !document.fullscreenEnabled;
  bar.append(back, count, on, whole, button("End", end));
  bar.hidden = true;
  document.body.append(bar);

  function running() {
    return root.classList.contains("slides-on");
  }

  function headingOf(slide) {
    return slide.querySelector("h1, h2, h3, h4, h5, h6");
  }

  function show() {
    for (const slide of slides) {
      headingOf(slide).ariaLevel = null;
      slide.classList.toggle("slide-shown", slide === slides[at]);
      slide.classList.toggle("slide-around", slide !== slides[at] && slide.contains(slides[at]));
    }
    number.textContent = `${at + 1} of ${slides.length}`;
    const heading = headingOf(slides[at]);
    heading.ariaLevel = "1"; // it is now all that there is of the page
    title.textContent = `: ${heading.firstChild.textContent}`;
    back.disabled = at === 0;
    on.disabled = at === slides.length - 1;
    scrollTo({ top: 0, behavior: "instant" });
    // the address names the slide, so that a reload finds it
    history.replaceState(null, "", `#${slides[at].id}`);
  }

  function turn(by) {
    at = Math.min(Math.max(at + by, 0), slides.length - 1);
    show();
  }

  function begin() {
    const named = slides.findIndex((slide) => `#${slide.id}` === location.hash);
    at = Math.max(named, 0);
    root.classList.add("slides-on");
    bar.hidden = false;
    show();
    on.focus({ preventScroll: true });
  }

  function end() {
    root.classList.remove("slides-on");
    bar.hidden = true;
    headingOf(slides[at]).ariaLevel = null;
    if (document.fullscreenElement) document.exitFullscreen();
    slides[at].scrollIntoView({ behavior: "instant" });
    start.focus({ preventScroll: true });
  }

  const keys = {
    ArrowRight: () => turn(1),
    ArrowLeft: () => turn(-1),
    PageDown: () => turn(1), // what a clicker sends
    PageUp: () => turn(-1),
    Home: () => turn(-slides.length),
    End: () => turn(slides.length),
    Escape: end,
  };
  addEventListener("keydown", function (event) {
    if (!running() || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const scrolls = event.target.closest("pre, .scroll, math, input, select, textarea");
    if (!keys[event.key] || (scrolls && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    keys[event.key]();
  });

  // a swipe across turns a slide, unless it began on what scrolls sideways itself
  let from = null;
  addEventListener(
    "touchstart",
    function (event) {
      const one = event.touches.length === 1 && !event.target.closest("[tabindex='0'], input");
      from = running() && one ? event.touches[0] : null;
    },
    { passive: true },
  );
  addEventListener("touchend", function (event) {
    if (!from) return;
    const across = event.changedTouches[0].clientX - from.clientX;
    const down = event.changedTouches[0].clientY - from.clientY;
    from = null;
    if (Math.abs(across) > 50 && Math.abs(across) > 2 * Math.abs(down)) turn(across < 0 ? 1 : -1);
  });
})();
