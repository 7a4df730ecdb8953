"""What the palette finds and what previews show, in a small book that is not ours, in German."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from sphinx.errors import ConfigError

from booktools.site import words
from booktools.site.previews import fragments
from booktools.site.search import index
from tests.booktools.books import Book, Built
from tests.booktools.test_foreign_site import DOT
from tests.site import checks

CONFIG = """\
title: Ein Buch über Größen
only_build_toc_files: true
execute: {execute_notebooks: "off"}
parse: {myst_enable_extensions: [colon_fence, dollarmath]}
sphinx:
  extra_extensions: [booktools.parts.exercises, booktools.parts.terms, booktools.site]
  config:
    language: de
    myst_heading_anchors: 3
    site_words: {find: Finden, message: Fehlermeldung, term: Begriff, preview: 'Wohin „{}“ führt'}
"""
SIZES = """\
---
question: Wie groß ist groß?
---

# Größe

Der erste Absatz, mit `code`, [einem Link](falsch.md) und {term}`Maß`.

(the-label)=
## Schöne Überschrift

{LONG}

### Noch tiefer

- eins
- zwei

```{{figure}} dot.png
:name: ein-punkt
:width: 40%
Ein *Punkt*.
```

## Aufgaben

```{{exercise}} Über Nacht
:label: ueber-nacht
Warte bis morgen.
```

```{{solution}} ueber-nacht
:class: dropdown
Die Lösung steht hier.
```

```{{exercise}}
:label: namenlos
Ohne Titel, aber mit Text.
```

[Hierher](#noch-tiefer), [Bild](#ein-punkt), [Übung](#ueber-nacht), [hin](falsch.md#es-passt-nicht).

```{{py:function}} messen(ding, einheit="m")
Sagt, wie groß etwas ist.
```

```{{admonition}} Ein Kasten
:name: kasten
Darin.
```
"""
WRONG = """\
# Was schiefging

## Es passt nicht

:::{find-as}
ValueError: Shapes (None, 10) and (None, 1)

KeyError: 'größe'
:::

Prüfe die Formen.

## ModuleNotFoundError

:::{find-as}
:::

## Ein Rezept

:::{find-as} Rezept
Suppe
:::
"""
GLOSSARY = "# Begriffe\n\n:::{glossary}\nMaß\nMaße\n    Eine *Zahl*.\n\nÖl\n    Flüssig.\n:::\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Book, Built]:
    made = Book(tmp_path_factory.mktemp("find") / "buch")
    made.write("_config.yml", CONFIG)
    made.contents("größe", "deep/falsch", "begriffe")
    made.write("book/index.md", "# Ein Buch über Größen\n\nHallo.\n")
    sizes = SIZES.replace("{LONG}", "Wort und Wort. " * 40).replace("{{", "{").replace("}}", "}")
    made.write("book/größe.md", sizes.replace("falsch.md", "deep/falsch.md"))
    made.write("book/deep/falsch.md", WRONG)
    made.write("book/begriffe.md", GLOSSARY)
    (made.root / "book" / "dot.png").write_bytes(base64.b64decode(DOT))
    return made, made.build("-W", "--keep-going")


@pytest.fixture(scope="module")
def site(built: tuple[Book, Built]) -> Path:
    made, how = built
    assert how.status == 0, how.output[-3000:]
    return made.root / "_build" / "html"


def read_index(site: Path) -> dict[str, Any]:
    text = (site / "_static" / index.NAME).read_text(encoding="utf8")
    found: dict[str, Any] = json.loads(re.fullmatch(r"bookPalette\.fill\((.*)\);\n", text)[1])  # type: ignore[index]
    return found


def found_on(site: Path, address: str) -> dict[str, list[str]]:
    (page,) = [page for page in read_index(site)["pages"] if page[0] == address]
    return dict(zip(page[2::2], page[3::2], strict=True))


def previews(site: Path, page: str) -> dict[str, str]:
    text = (site / "_static/booktools/previews" / f"{page}.js").read_text(encoding="utf8")
    assert text.startswith(f'bookPreviews.take("{page}",')
    held: dict[str, str] = json.loads(text.partition(",")[2].removesuffix(");\n"))
    return held


def test_the_index_names_pages_in_their_order(site: Path) -> None:
    titles = [page[1] for page in read_index(site)["pages"]]
    assert titles == ["Ein Buch über Größen", "Größe", "Was schiefging", "Begriffe"]


def test_headings_exercises_and_terms_are_found(site: Path) -> None:
    found = found_on(site, "gr%C3%B6%C3%9Fe.html")
    assert found["heading"][::2] == ["schone-uberschrift", "noch-tiefer", "aufgaben"]
    assert found["heading"][1::2] == ["Schöne Überschrift", "Noch tiefer", "Aufgaben"]
    assert found["code"] == ["messen", "messen()"]
    assert found["exercise"] == [
        *("ueber-nacht", "Über Nacht"),
        *("namenlos", "Ohne Titel, aber mit Text."),
    ]
    assert found_on(site, "begriffe.html")["term"][1::2] == ["Maß", "Maße", "Öl"]


def test_pages_mark_what_else_they_are_found_by(site: Path) -> None:
    found = found_on(site, "deep/falsch.html")
    assert found["heading"][1::2] == ["Es passt nicht", "Ein Rezept"]
    assert found["=Fehlermeldung"] == [
        *("modulenotfounderror", "ModuleNotFoundError"),
        *("es-passt-nicht", "ValueError: Shapes (None, 10) and (None, 1)"),
        *("es-passt-nicht", "KeyError: 'größe'"),
    ]
    assert found["=Rezept"] == ["ein-rezept", "Suppe"]
    page = checks.soup(site / "deep" / "falsch.html").article
    assert page is not None
    assert "Suppe" not in page.get_text()


def test_every_address_of_the_index_exists(site: Path) -> None:
    for address, _, *kinds in read_index(site)["pages"]:
        tree = checks.soup(site / unquote(address))
        for entries in kinds[1::2]:
            for anchor in entries[::2]:
                assert tree.find(id=anchor), f"{address}#{anchor}"


def test_the_book_chooses_the_words(site: Path) -> None:
    page = checks.soup(site / "größe.html")
    assert page.select_one(".find-label").get_text() == "Finden"  # type: ignore[union-attr]
    said = read_index(site)["words"]
    assert (said["term"], said["close"]) == ("Begriff", "Close")
    (script,) = page.select("script[data-words]")
    assert script["data-words"] == "Wohin „{}“ führt"


@pytest.mark.parametrize("wrong", [{"fnid": "x"}, {"nothing": "no place for words"}, {"find": 1}])
def test_words_that_nothing_shows_are_refused(wrong: dict[str, Any]) -> None:
    config: Any = SimpleNamespace(site_words=wrong)
    with pytest.raises(ConfigError, match="Remedy: name one of"):
        words.check(None, config)  # type: ignore[arg-type]


def test_a_preview_of_a_page_holds_its_title_its_question_and_first_lines(site: Path) -> None:
    tree = BeautifulSoup(previews(site, "größe")[""], "html.parser")
    assert [line.get_text() for line in tree("p")] == [
        "Größe",
        "Wie groß ist groß?",
        "Der erste Absatz, mit code, einem Link und Maß.",
    ]
    assert tree.code


def test_a_preview_of_a_section_is_cut_and_one_label_is_as_good_as_another(site: Path) -> None:
    held = previews(site, "größe")
    assert held["the-label"] == held["schone-uberschrift"]
    text = BeautifulSoup(held["the-label"], "html.parser").get_text()
    assert text.startswith("Schöne Überschrift\nWort und Wort.")
    assert text.endswith(" …")
    assert len(text) < 450
    assert "Noch tiefer" not in text


def test_previews_of_figures_terms_exercises_and_boxes(site: Path) -> None:
    held = previews(site, "größe")
    (picture,) = BeautifulSoup(held["ein-punkt"], "html.parser")("img")
    assert (site / str(picture["src"])).is_file()
    assert "Ein Punkt." in held["ein-punkt"]
    exercise = BeautifulSoup(held["ueber-nacht"], "html.parser").get_text()
    assert exercise.startswith("Exercise 1: Über Nacht")
    assert "Warte bis morgen." in exercise
    assert "Ein Kasten" in held["kasten"]
    function = BeautifulSoup(held["messen"], "html.parser").get_text()
    assert function == "messen(ding, einheit='m')\nSagt, wie groß etwas ist."
    assert "Darin." in held["kasten"]
    terms = previews(site, "begriffe")
    assert "Eine <em>Zahl</em>." in terms["term-Masz"]
    assert terms["term-Masz"] != terms["term-Masze"]


def test_a_preview_shows_no_solution(site: Path) -> None:
    assert not [text for text in previews(site, "größe").values() if "Die Lösung" in text]


def test_what_previews_hold_can_stand_in_any_page(site: Path) -> None:
    folder = site / "_static/booktools/previews"
    for path in folder.rglob("*.js"):
        for markup in previews(site, path.relative_to(folder).with_suffix("").as_posix()).values():
            tree = BeautifulSoup(markup, "html.parser")
            assert not tree.select("[id], [style], [for], a, script, h1, h2, h3"), markup
            assert checks.policy_holes(markup) == []


def test_every_link_of_the_book_has_a_preview(site: Path) -> None:
    links = 0
    for page in checks.pages(site):
        for link in checks.soup(page).select("article a.reference.internal"):
            path, _, anchor = str(link["href"]).partition("#")
            if path.endswith(".png"):
                continue
            target = (page.parent / path).resolve() if path else page
            name = fragments.file_name(target.relative_to(site.resolve()).as_posix())
            assert previews(site, name).get(anchor), link
            links += 1
    assert links == 7


def test_ids_and_links_go_and_words_stay() -> None:
    markup = (
        '<p id="x" class="y"><a href="#z" id=\'w\'>Link &amp; more</a> <b name=q>id="n"</b></p>'
    )
    assert fragments.bare(markup) == ('<p class="y"><span>Link &amp; more</span> <b>id="n"</b></p>')


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("a/b.html", "a/b"),
        ("a/b/", "a/b"),
        ("gr%C3%B6%C3%9Fe.html", "größe"),
        ("", "index"),
        ("index.html", "index"),
    ],
)
def test_fragments_are_found_by_the_address_of_their_page(address: str, name: str) -> None:
    assert fragments.file_name(address) == name


def test_a_changed_page_reaches_index_and_previews_and_a_mark_needs_a_heading(
    built: tuple[Book, Built], site: Path
) -> None:
    made = built[0]
    files = [site / "_static" / index.NAME, *(site / "_static/booktools/previews").rglob("*.js")]
    first = {path: path.read_bytes() for path in files}
    before = read_index(site)
    made.replace("book/begriffe.md", "Flüssig.", "Fließt.")
    made.replace("book/begriffe.md", "# Begriffe", "# Wörter")
    assert made.build("-W").status == 0
    after = read_index(site)
    assert [page[1] for page in after["pages"]][-1] == "Wörter"
    assert after["pages"][:-1] == before["pages"][:-1]
    assert "Fließt." in previews(site, "begriffe")["term-Ol"]
    made.write("book/begriffe.md", ":::{find-as}\n:::\n\n" + GLOSSARY)
    failed = made.build()
    assert failed.status != 0
    assert "begriffe.md:1: find-as without lines" in failed.output
    made.write("book/begriffe.md", GLOSSARY)
    assert made.build("-W", fresh=True, PYTHONHASHSEED="5").status == 0
    assert {path: path.read_bytes() for path in files} == first
