"""The forms for issues: GitHub shows them, and a page's link fills the right fields in."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from booktools.site.mend import report

ROOT = Path(__file__).resolve().parents[2]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))
# what GitHub knows of a field, by its type
NEEDED = {
    "markdown": {"value"},
    "input": {"label"},
    "textarea": {"label"},
    "dropdown": {"label", "options"},
    "checkboxes": {"label", "options"},
}
PARTS = {"type", "id", "attributes", "validations"}


def problems(form: dict[str, Any]) -> list[str]:
    """Return what keeps GitHub from showing a form."""
    wrong = [f"{name} is missing" for name in ("name", "description", "body") if not form.get(name)]
    fields = form.get("body") or []
    ids = [field["id"] for field in fields if "id" in field]
    wrong += [f"{name} stands twice" for name in sorted({one for one in ids if ids.count(one) > 1})]
    for field in fields:
        kind = field.get("type")
        missing = NEEDED.get(kind, {kind}) - set(field.get("attributes") or {})
        wrong += [f"{kind}: {name} is missing or unknown" for name in sorted(missing)]
        wrong += [f"{kind}: what is {name}?" for name in sorted(set(field) - PARTS)]
    if all(field.get("type") == "markdown" for field in fields):
        wrong.append("nothing is asked")
    return wrong


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_one_that_github_shows(path: Path) -> None:
    assert problems(yaml.safe_load(path.read_text(encoding="utf8"))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("description: A mistake", "about: A mistake"),
        ("id: section", "id: page"),
        ("type: input", "type: line"),
        ("label: Page", "title: Page"),
        ("validations:", "required:"),
    ],
)
def test_a_form_that_github_would_not_show_is_noticed(old: str, new: str) -> None:
    text = (ROOT / ".github" / "ISSUE_TEMPLATE" / "page.yml").read_text(encoding="utf8")
    assert old in text
    assert problems(yaml.safe_load(text.replace(old, new, 1))) != []


def test_a_link_fills_in_fields_that_the_form_has() -> None:
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
    name = config["sphinx"]["config"]["site_issue_form"]
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / name).read_text(encoding="utf8"))
    link = report({"url": "https://example.org", "build": "1"}, "book/a.md", "A", name)
    filled = set(parse_qs(urlsplit(link).query)) - {"title", "template"}
    fields = {field["id"] for field in form["body"]}
    assert filled | {"section"} <= fields  # the section is added by mend.js


def test_nobody_is_named() -> None:
    for name in ("SECURITY.md", "CODE_OF_CONDUCT.md"):
        text = (ROOT / name).read_text(encoding="utf8")
        assert "@" not in text
        assert "Report a vulnerability" in text
