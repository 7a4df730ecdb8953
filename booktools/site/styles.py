"""Styles that writers put into tags, such as the width of a picture, as a sheet of the page.

The policy of the site blocks style attributes. So each becomes a class, and the page gets a
style sheet of its own with what these classes mean. Pages without such styles get none.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from booktools.site.markup import Attributes, rewrite, with_class, without_style

FOLDER = "booktools/pages"  # in the static folder


def to_classes(body: str) -> tuple[str, str]:
    """Return a page's HTML with classes instead of style attributes, and the style sheet."""
    if "style=" not in body:
        return body, ""
    rules: dict[str, str] = {}

    def change(_tag: str, attributes: Attributes, written: str) -> str:
        style = next((value for name, value in attributes if name == "style"), None)
        if style is None:
            return written
        name = f"s-{hashlib.sha256(style.encode()).hexdigest()[:8]}"
        declarations = [part.strip() for part in style.split(";") if part.strip()]
        rules[name] = "; ".join(
            f"{one.removesuffix('!important')} !important" for one in declarations
        )
        return with_class(without_style(written), attributes, name)

    made = rewrite(body, change)
    return made, "".join(f".{name} {{ {rule}; }}\n" for name, rule in sorted(rules.items()))


def sheet_name(page: str) -> str:
    """Return what the style sheet of a page is called: letters that are safe in any address."""
    return f"{hashlib.sha256(page.encode()).hexdigest()[:12]}.css"


def write_sheet(static: Path, page: str, sheet: str) -> str:
    """Write a page's style sheet, or take the one of an earlier build away.

    Returns:
        Its name in the static folder; empty if the page needs none.
    """
    name = f"{FOLDER}/{sheet_name(page)}"
    path = static / name
    if not sheet:
        path.unlink(missing_ok=True)
        return ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sheet, encoding="utf8")
    return name
