"""Which pages the book has, as its contents name them."""

from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))
PAGES = [TOC["root"], *(entry["file"] for part in TOC["parts"] for entry in part["chapters"])]
ALL_PAGES = [*PAGES, "search", "404", "offline"]
SOURCES = {page: (ROOT / "book" / f"{page}.md").read_text(encoding="utf8") for page in PAGES}
# a chapter has a question in its front matter
CHAPTERS = [page for page in PAGES if "\nquestion: " in SOURCES[page].partition("\n---\n")[0]]
