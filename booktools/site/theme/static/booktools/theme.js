/* Chooses the theme before anything is drawn: the reader's choice, or else the system's. */
"use strict";
(function () {
  const root = document.documentElement;
  // with the folder of the book, so that it is forgotten with all that the book remembers
  const key = `book-theme:${new URL("../..", document.currentScript.src).pathname}`;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  try {
    chosen = localStorage.getItem(key);
    if (chosen !== "dark" && chosen !== "light") chosen = null;
  } catch {} // storage is forbidden: the choice lasts for this page

  function show() {
    root.dataset.theme = chosen || (dark.matches ? "dark" : "light");
    const button = document.querySelector(".theme-switch");
    if (button) button.setAttribute("aria-pressed", root.dataset.theme === "dark");
  }

  show();
  dark.addEventListener("change", show);
  document.addEventListener("DOMContentLoaded", function () {
    show();
    document.querySelector(".theme-switch").addEventListener("click", function () {
      chosen = root.dataset.theme === "dark" ? "light" : "dark";
      try {
        localStorage.setItem(key, chosen);
      } catch {}
      show();
    });
  });
})();
