/* Adds to the report of a mistake the section that is in view. Without it, the page is named. */
"use strict";
(function () {
  const headings = document.querySelectorAll("article :is(h2, h3)");

  function inView() {
    let last = "";
    for (const heading of headings) {
      if (heading.getBoundingClientRect().top > innerHeight / 2) break;
      last = [...heading.childNodes]
        .filter((part) => !part.classList?.contains("headerlink"))
        .map((part) => part.textContent)
        .join("");
    }
    return last;
  }

  for (const link of document.querySelectorAll("a[data-section]")) {
    const address = new URL(link.href);
    const before = address.searchParams.get(link.dataset.section) || "";
    for (const event of ["click", "auxclick"]) {
      link.addEventListener(event, function () {
        address.searchParams.set(link.dataset.section, before + inView());
        link.href = address.href;
      });
    }
  }
})();
