// Animations (plots.animation): a play button, a slider and the frame's name below the drawing.
// Nothing moves before the reader asks; it stops at the end. With reduced motion there is no
// play button: the slider steps through the frames.
(function () {
  "use strict";
  const MILLISECONDS = 500; // a frame; slow enough to look at each
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  function element(tag, attributes) {
    return Object.assign(document.createElement(tag), attributes);
  }

  function bring(figure, number) {
    const svg = figure.querySelector("svg");
    const labels = JSON.parse(figure.dataset.labels);
    const alt = svg.getAttribute("aria-label");
    const parts = Array.from(svg.querySelectorAll("[data-frames]"), (part) => [
      part,
      part.dataset.frames.split(" ").map(Number),
    ]);
    const last = labels.length - 1;
    let timer = null;

    const play = element("button", { type: "button", className: "animation-play" });
    const slider = element("input", { type: "range", min: 0, max: last, step: 1 });
    slider.setAttribute("aria-label", "Frame");
    const name = element("span", { className: "animation-label" });
    const news = element("span", { className: "visually-hidden" });
    news.setAttribute("role", "status");
    const controls = element("div", { className: "animation-controls" });
    controls.setAttribute("role", "group");
    controls.setAttribute("aria-label", `Animation ${number + 1}`);
    controls.append(play, slider, name, news);

    function show(frame) {
      for (const [part, frames] of parts) {
        part.setAttribute("display", frames.includes(frame) ? "inline" : "none");
      }
      slider.value = frame;
      slider.setAttribute("aria-valuetext", labels[frame]);
      name.textContent = labels[frame];
      svg.setAttribute("aria-label", `${alt} Shown: ${labels[frame]}.`);
    }

    // A screen reader hears where the animation stopped, not each frame that rushes by
    function pause() {
      if (timer !== null) news.textContent = `Stopped at ${labels[slider.value]}`;
      clearInterval(timer);
      timer = null;
      play.textContent = "Play";
    }

    function start() {
      news.textContent = "";
      play.textContent = "Pause";
      if (Number(slider.value) === last) show(0);
      timer = setInterval(() => {
        show(Number(slider.value) + 1);
        if (Number(slider.value) === last) pause();
      }, MILLISECONDS);
    }

    function respectMotion() {
      if (calm.matches) pause();
      play.hidden = calm.matches;
    }

    play.addEventListener("click", () => (timer === null ? start() : pause()));
    slider.addEventListener("input", () => {
      pause();
      show(Number(slider.value));
    });
    calm.addEventListener("change", respectMotion);
    show(Number(figure.dataset.still));
    pause();
    respectMotion();
    svg.after(controls);
  }

  document.querySelectorAll("figure.animation").forEach(bring);
})();
