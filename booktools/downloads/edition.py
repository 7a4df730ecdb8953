"""What a book on pages consists of: the finished pages of the site, in the order of reading."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from booktools.site.navigation import contents
from booktools.zips import slug

_ABOUT = (
    "In this edition, what is interactive on the site stands as words, and code that only draws "
    "figures or prepares data is left out. The site and its notebooks hold all of it"
)
_WITHOUT_DATE = "2000-01-01T00:00:00Z"  # where nobody says when the book was made


@dataclass(frozen=True)
class Leaf:
    """A page of the book.

    Attributes:
        name: Sphinx's name of the page.
        title: What the contents call it.
        part: The caption of its part.
        label: What stands before its title, such as ``Chapter 3``.
    """

    name: str
    title: str
    part: str = ""
    label: str = ""

    @property
    def named(self) -> str:
        """The title with what stands before it."""
        return f"{self.label}: {self.title}" if self.label else self.title


@dataclass(frozen=True)
class Edition:
    """A book as it is taken along.

    Attributes:
        title: Its title.
        author: Its author, as the configuration says.
        rights: The copyright, and what the footer says about licenses, as HTML.
        language: As in ``en``.
        address: Where it is published, with a slash at its end; empty if that is not known.
        made: When, as in ``2026-01-31T00:00:00Z``.
        site: The folder of the finished site.
        leaves: The pages, in the order of reading.
    """

    title: str
    author: str
    rights: str
    language: str
    address: str
    made: str
    site: Path
    leaves: tuple[Leaf, ...]

    @classmethod
    def of(cls, app: Sphinx, leave_out: Collection[str] = ()) -> Edition:
        """Return the edition of a book that Sphinx has built.

        Args:
            app: The Sphinx application.
            leave_out: Pages that are not taken along, as patterns such as ``teaching/*``.
        """
        config = app.config
        footer = config.html_theme_options.get("extra_footer", "")
        return cls(
            title=str(config.html_title or config.project),
            author=str(config.author),
            rights=f"<p>© {escape(config.copyright)} {escape(config.author)}.</p>{footer}",
            language=config.language or "en",
            address=config.html_baseurl or "",
            made=_date(),
            site=Path(app.outdir),
            leaves=tuple(
                leaf
                for leaf in _leaves(app.env)
                if not any(fnmatch(leaf.name, pattern) for pattern in leave_out)
            ),
        )

    @property
    def about(self) -> str:
        """What this edition leaves out, and where it is, as HTML."""
        address = escape(self.address)
        where = f': <a href="{address}">{address}</a>' if address else ""
        return f"{_ABOUT}{where}."

    @property
    def slug(self) -> str:
        """The title as the name of a file."""
        return slug(self.title, "book")


def _leaves(env: Any) -> Iterator[Leaf]:
    root = env.config.root_doc
    yield Leaf(root, env.titles[root].astext())
    for part in contents(env):
        for page in part.all():
            label = f"Chapter {page.number}" if page.number else page.section
            yield Leaf(page.name, page.title, part.caption, label)


def _date() -> str:
    """Return when the book was made, as ``SOURCE_DATE_EPOCH`` says: no clock is asked."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given.isdecimal():
        return _WITHOUT_DATE
    return datetime.fromtimestamp(int(given), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
