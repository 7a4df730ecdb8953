"""Changes to single tags of finished HTML; everything between them keeps every byte.

A parser finds the tags, so that text, comments and scripts that look like tags stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]
# given the name of a tag, its attributes and how it is written, what stands there instead
Change = Callable[[str, Attributes, str], str]


def rewrite(markup: str, start: Change, end: Callable[[str], str] | None = None) -> str:
    """Return HTML with its tags changed.

    Args:
        markup: A page or a part of one.
        start: What becomes of a start tag.
        end: What becomes of the end tag of a name; without it, end tags stay.
    """
    parser = _Tags(markup, start, end)
    parser.feed(markup)
    parser.close()
    return "".join([*parser.done, markup[parser.behind :]])


def without_style(written: str) -> str:
    """Return a start tag, as it is written, without its style attributes."""
    return _STYLE.sub("", written)


def with_class(written: str, attributes: Attributes, name: str) -> str:
    """Return a start tag, as it is written, with one class more."""
    if any(key == "class" for key, _ in attributes):
        return _CLASS.sub(lambda found: f'{found[1]}"{_value(found)} {escape(name)}"', written, 1)
    return re.sub(r"(\s*/?>)\Z", f' class="{escape(name)}"\\1', written)


_VALUE = r"""(?:"([^"]*)"|'([^']*)'|([^\s>"']+))"""
_STYLE = re.compile(rf"""[\s/]+style\s*=\s*{_VALUE}(?=[\s/>])""", re.IGNORECASE)
_CLASS = re.compile(rf"""([\s/]class\s*=\s*){_VALUE}""", re.IGNORECASE)


def _value(found: re.Match[str]) -> str:
    return next((part for part in found.groups()[1:] if part is not None), "")


class _Tags(HTMLParser):
    """Collects the text before and after each tag, with what stands for the tag."""

    def __init__(self, markup: str, start: Change, end: Callable[[str], str] | None) -> None:
        super().__init__(convert_charrefs=False)
        self.done: list[str] = []
        self.behind = 0  # everything before this place is in `done`
        self._markup = markup
        self._start, self._end = start, end
        self._lines = [0]  # where each line begins
        for line in markup.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        written = self.get_starttag_text() or ""
        self._replace(written, self._start(tag, attrs, written))

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._end is not None:
            at = self._at()
            written = self._markup[at : self._markup.find(">", at) + 1]
            self._replace(written, self._end(tag) or written)

    def _replace(self, written: str, by: str) -> None:
        at = self._at()
        self.done += [self._markup[self.behind : at], by]
        self.behind = at + len(written)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
