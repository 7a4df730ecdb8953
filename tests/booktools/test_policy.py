"""What a page may not hold is found, wherever it hides, and only that."""

from __future__ import annotations

import pytest

from booktools.site import markup, styles, tables
from booktools.site.policy import holes


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red">',
        "<P STYLE='color: red'>",
        "<p data-x='a > b' style='color: red'>",
        "<style>p {}</style>",
        '<button onclick="go()">',
        "<svg/onload=go()>",
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<script src="https://example.org/a.js"></script>',
        '<img alt="" src="https://example.org/a.png">',
        "<img src=//example.org/a.png>",
        "<img src=https:\\\\example.org/a.png>",
        '<img alt="" srcset="a.png 1x, https://example.org/b.png 2x">',
        '<video poster="https://example.org/a.png"></video>',
        '<a href="javascript:go()">',
        '<a href=" JavaScript:go()">',
        "<iframe src='a.html'></iframe>",
        "<object data='a.swf'></object>",
        "<embed src='a.swf'>",
        "<base href='x'>",
        "<meta http-equiv=refresh content='0; url=x'>",
        "<form action='https://example.org'></form>",
        "<link rel=stylesheet href=https://example.org/a.css>",
        "<svg><use href='https://example.org/a.svg#b'/></svg>",
    ],
)
def test_what_the_policy_blocks_is_found_once(html: str) -> None:
    assert len(holes(f"<div>{html}</div>")) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<script type="application/json">{"onclick": 1, "x": "<p style=\'a\'>"}</script>',
        '<a href="https://example.org">x</a>',
        '<code>&lt;p style="color: red"&gt;</code> and javascript: in a sentence, on = 1',
        "<img src='data:image/png;base64,aa//bb'>",
        "<video src='film.mp4' poster='a.png'></video>",
        "<link rel='canonical' href='https://example.org/a.html'>",
        "<svg viewBox='0 0 1 1'><use href='#a'/></svg>",
    ],
)
def test_what_works_is_no_hole(html: str) -> None:
    assert holes(html) == []


def test_a_page_whose_policy_lets_it_may_say_where_links_start() -> None:
    policy = "<meta http-equiv='Content-Security-Policy' content=\"base-uri 'self'\">"
    assert holes(f"{policy}<base href='/book/'>") == []


def test_styles_become_classes_and_nothing_else_changes() -> None:
    rest = "<!-- <p style='no'> --><script type='application/json'>\"<p style='no'>\"</script>"
    body, sheet = styles.to_classes(
        f'{rest}\n<img class="a" src="x" style="width: 40%">é<col style="width: 40%" /><br/>'
    )
    name = sheet[1:11]
    assert body == f'{rest}\n<img class="a {name}" src="x">é<col class="{name}" /><br/>'
    assert sheet == f".{name} {{ width: 40% !important; }}\n"


def test_a_sheet_that_is_not_needed_any_more_is_taken_away(tmp_path) -> None:  # type: ignore[no-untyped-def]
    name = styles.write_sheet(tmp_path, "part/page", ".a { width: 1px; }\n")
    assert (tmp_path / name).is_file()
    assert styles.write_sheet(tmp_path, "part/page", "") == ""
    assert not (tmp_path / name).exists()


def test_only_real_tables_get_a_box_and_inner_ones_none() -> None:
    data = '<script type="application/json">{"a": "<table></table>"}</script>'
    inner = "<TABLE><tr><td><table></table></td></tr></TABLE>"
    assert tables.wrapped(f"{data}<svg viewBox='0'/>{inner}") == (
        f"{data}<svg viewBox='0'/>"
        '<div class="scroll"><TABLE><tr><td><table></table></td></tr></table></div>'
    )


def test_a_class_is_added_to_a_tag_that_has_one_or_none() -> None:
    for written, made in (
        ("<p>", '<p class="x">'),
        ("<br />", '<br class="x" />'),
        ("<p class=a id=b>", '<p class="a x" id=b>'),
        ("<p class='a b'>", '<p class="a b x">'),
    ):
        found = markup.rewrite(written, lambda _tag, given, tag: markup.with_class(tag, given, "x"))
        assert found == made
