/* A page opened from a folder may not read other pages: there, results come without excerpts. */
"use strict";
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
document.addEventListener("DOMContentLoaded", function () {
  const query = new URLSearchParams(location.search).get("q");
  document.querySelector(".search-page input").value = query || "";
  document.querySelector(".search-summary")?.setAttribute("role", "status");
});
