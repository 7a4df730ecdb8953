"""Names in code lead to what documents them: each at the first place of a page where it stands.

What a page of the book documents by ``autodoc`` is found there. For other packages, the setting
``code_links`` says where a name leads: ``numpy.*: https://.../{name}.html`` is for every name
right below ``numpy``, and a full name for itself alone, which wins. Code is parsed, not run and
not imported, so that a build need not load the packages and asks no other host for anything.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from docutils import nodes
from IPython.core.inputtransformer2 import TransformerManager
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError
from sphinx_codeautolink.extension.block import SourceTransform, link_html
from sphinx_codeautolink.parse import Name, NameBreak, parse_names

from booktools.extension import metadata

LANGUAGES = ("ipython", "ipython3", "python", "python3")
BLOCK = re.compile(
    rf'<div class="highlight-(?:{"|".join(LANGUAGES)})[ "][^>]*><div class="highlight"><pre>.*?'
    r"</pre></div>\s*</div>",
    re.DOTALL,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the setting, and connect to Sphinx."""
    app.add_config_value("code_links", {}, "html", types=[dict])
    app.connect("config-inited", _check)
    app.connect("env-updated", _rewrite_where_names_moved)
    app.connect("html-page-context", _link, priority=400)  # before the theme changes the page
    return metadata()


def address(name: str, links: Mapping[str, str | None]) -> str | None:
    """Return where a name leads by the setting ``code_links``; ``None`` if nowhere.

    Args:
        name: A name with its packages, such as ``numpy.argmax``.
        links: Addresses by names; ``*`` in a name stands for one part of it, and ``{name}`` in
            an address for the name. ``None`` as an address is for names without a page.
    """
    if name in links:
        return links[name]
    for pattern, place in links.items():
        if "*" in pattern:
            parts = re.escape(pattern).replace(r"\*", r"[^.]+")
            if re.fullmatch(parts, name):
                return place and place.replace("{name}", name)
    return None


def full_name(name: Name, links: Mapping[str, str | None]) -> str:
    """Return a name as it is documented; empty where only a run could tell.

    What a call returns is not known. But where a method of a class is named in the setting, as
    ``keras.Sequential.fit``, it is found from ``keras.Sequential(...).fit`` too.
    """
    parts = [str(part) for part in name.import_components]
    if not set(NameBreak) & set(parts):
        return ".".join(parts)
    called = ".".join(part for part in parts if part != NameBreak.call)
    return called if parts[-1] != NameBreak.call and called in links else ""


def _check(_: Sphinx, config: Config) -> None:
    if not isinstance(config.code_links, dict):
        raise ConfigError(
            "_config.yml: code_links is no mapping. Remedy: write NAME: https://... below it."
        )
    for name, place in config.code_links.items():
        if place is not None and not re.match("https?://", str(place)):
            raise ConfigError(
                f"_config.yml: code_links: {name} leads to {place!r}, which is no address. "
                "Remedy: begin it with https://, or write null for no link."
            )


def _documented(app: Sphinx) -> dict[str, str]:
    """Return where the names that the book documents stand, from its top."""
    objects = app.env.get_domain("py").objects  # type: ignore[attr-defined]
    return {
        name: f"{app.builder.get_target_uri(found.docname)}#{found.node_id}"
        for name, found in objects.items()
    }


def _rewrite_where_names_moved(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name all pages to be written anew where what the book documents is no longer the same."""
    if app.builder.format != "html":  # others have no such addresses
        return []
    known = getattr(env, "booktools_documented", {})
    env.booktools_documented = _documented(app)  # type: ignore[attr-defined]
    return sorted(env.found_docs) if known != env.booktools_documented else []  # type: ignore[attr-defined]


def _link(app: Sphinx, page: str, _: str, context: dict[str, Any], document: Any) -> None:
    """Put the links into the code of a page."""
    if document is None or not hasattr(app.env, "booktools_documented"):
        return
    documented: Mapping[str, str] = app.env.booktools_documented
    links: Mapping[str, str | None] = app.config.code_links
    places: dict[str, str] = {}
    blocks: dict[str, SourceTransform] = {}
    for block in named(document):
        kept = []
        for name in block.names:
            whole = full_name(name, links) if name.code_str else ""
            place = documented.get(whole) or address(whole, links)
            if whole and place and whole not in places:
                places[whole] = place
                name.resolved_location = whole
                kept.append(name)
        if kept:
            block.names = kept
            blocks.setdefault(block.source.strip("\n"), block)

    def linked(found: re.Match[str]) -> str:
        block = blocks.pop(unescape(re.sub("<[^>]+>", "", found[0])).strip("\n"), None)
        if block is None:
            return found[0]
        options = {"builder_name": app.builder.name, "disable_link_titles": True}
        return str(link_html(page, found[0], [block], places, {}, [], **options))

    if blocks:
        context["body"] = BLOCK.sub(linked, context["body"])


def named(document: nodes.document) -> list[SourceTransform]:
    """Return the blocks of Python of a page, with the names in each; later ones know earlier."""
    blocks, code, line = [], [], 0
    for block in document.findall(nodes.literal_block):
        language, source = block.get("language"), block.astext()
        if language not in LANGUAGES or not source.strip():
            continue
        try:
            clean = TransformerManager().transform_cell(source) if "ipy" in language else source
            ast.parse(clean)
        except SyntaxError:  # it is shown, not run
            continue
        lines = clean.count("\n") + 1
        blocks.append((line, line + lines, SourceTransform(source, [], None, 0)))
        code.append(clean)
        line += lines
    for name in parse_names("\n".join(code), document):
        for first, last, block in blocks:
            if first < name.lineno <= last:
                name.lineno -= first
                name.end_lineno -= first
                block.names.append(name)
                break
    return [block for *_, block in blocks]
