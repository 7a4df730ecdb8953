"""What the site lets a page hold and load, and what breaks that.

The policy: everything comes from the site itself, and no script or style stands in a page.
Pictures may also stand in the page as ``data:`` addresses, for figures draw them so. Reading
other pages of the site (``connect-src``) is what the search does to show where it found a word,
and the worker (``worker-src``) is what keeps pages for when there is no network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
# tags that bring something which the policy blocks, whatever their attributes
_BLOCKED = ["style", "iframe", "frame", "object", "embed", "applet", "base", "portal"]
_LOADS = ("src", "srcset", "poster", "data", "background", "action", "formaction", "xlink:href")
_LOADS_BY_HREF = {"link", "use", "image", "feimage", "script"}  # others lead there, on a click
_DATA_TYPES = {"application/json", "application/ld+json", "text/plain"}  # scripts that do nothing
_ELSEWHERE = re.compile(r"(?:https?:)?[\\/]{2}", re.IGNORECASE)
_CODE = re.compile(r"^[\s\x00-\x1f]*(?:javascript|vbscript):", re.IGNORECASE)
# without one of these nothing needs a parser, which takes its time
_SUSPICIOUS = re.compile(
    rf"<(?:{'|'.join([*_BLOCKED, 'meta', *_LOADS_BY_HREF])})\b"
    r"|style\s*=|[\s/\"']on\w+\s*=|srcset\s*=|(?:javascript|vbscript):"
    rf"|(?:{'|'.join(_LOADS)})\s*=\s*[\"']?[\s\x00-\x1f]*(?:https?:|[\\/]{{2}})",
    re.IGNORECASE,
)


def policy(*, base: bool = False) -> str:
    """Return the policy as a page's head states it.

    Args:
        base: Whether the page may say where its links start.
    """
    rules = POLICY | ({"base-uri": "'self'"} if base else {})
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def holes(markup: str) -> list[str]:
    """Return what HTML holds that the policy blocks, or that needs another host.

    Links that a reader follows, and scripts that only hold data, are allowed.
    """
    if not _SUSPICIOUS.search(markup):
        return []
    tree = BeautifulSoup(markup, "html.parser")
    stated = tree.find("meta", {"http-equiv": re.compile("content-security-policy", re.I)})
    base_is_fine = isinstance(stated, Tag) and "base-uri 'self'" in str(stated["content"])
    return [
        hole
        for tag in tree.find_all(True)
        for hole in _of_tag(tag)
        if not (tag.name == "base" and base_is_fine)
    ]


def _of_tag(tag: Tag) -> Iterator[str]:
    """Yield what is wrong with one tag."""
    if tag.name in _BLOCKED:
        yield f"<{tag.name}>"
        return
    if tag.name == "meta" and str(tag.get("http-equiv", "")).lower() == "refresh":
        yield "<meta> that leads elsewhere by itself"
    if tag.name == "script" and not (tag.get("src") or tag.get("type") in _DATA_TYPES):
        yield f"a script in the page: {tag.get_text()[:60].strip()}"
    for name, value in tag.attrs.items():
        text = str(value)
        if name == "style":
            yield f"a style of <{tag.name}>: {text}"
        elif name.startswith("on"):
            yield f"{name} of <{tag.name}>"
        elif _CODE.match(text) and name in (*_LOADS, "href"):
            yield f"a script in {name} of <{tag.name}>"
        elif name in _LOADS or (name == "href" and tag.name in _LOADS_BY_HREF):
            if tag.name == "link" and _only_names(tag):
                continue
            parts = text.split(",") if name == "srcset" else [text]
            if any(_ELSEWHERE.match(part.strip()) for part in parts):
                yield f"{name} of <{tag.name}> from another host: {text[:80]}"


def _only_names(link: Tag) -> bool:
    """Tell whether a ``<link>`` names an address without loading it."""
    relations = set(link.get_attribute_list("rel"))
    return relations <= {"canonical", "alternate", "next", "prev", "license", "me"}
