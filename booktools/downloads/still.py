"""A page of the site as it stands in print: nothing moves, nothing is folded, no script is needed.

Interactive elements keep their text. Code that the site folds away is left out; it draws
figures and prepares data. What a reader should not see too early, the solutions of exercises and
the feedback of a quiz, stands at the end of its page, with links there and back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Comment, Tag
from bs4.filter import SoupStrainer

ANSWERS = "Answers and solutions"
TRY = "To try on the site:"
_GONE = (
    ".headerlink, script, template, style, button, .demo-root, .copy-button, .only-dark, "
    ".quiz-score, .keep-offline, a.notebook, [hidden], svg [display=none]"
)
# given the path of a file in the site and a place in it: where a link leads; None leads nowhere
Resolve = Callable[[str, str], str | None]


def read(site: Path, name: str) -> Tag:
    """Return the article of a page as it stands in print; links are as on the site."""
    text = (site / f"{name}.html").read_text(encoding="utf8")
    soup = BeautifulSoup(text, "html.parser", parse_only=SoupStrainer("article"))
    article = soup.find("article")
    if not isinstance(article, Tag):
        article = soup.new_tag("article")
    calm(article)
    return article


def calm(article: Tag) -> None:
    """Change an article of the site into one for print."""
    for comment in article.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for tag in article.select(_GONE):
        tag.decompose()
    for demo in article.select(".demo"):
        demo.insert(0, _new("p", TRY, "still-label"))
    _name_tabs(article)
    _show_boxes(article)
    behind = _new("section", "", "still-answers")
    for number, question in enumerate(article.select(".quiz-question"), start=1):
        _move_feedback(question, number, behind)
    for number, fold in enumerate(article.select("details.solution"), start=1):
        _move_solution(fold, number, behind)
    if behind.contents:
        behind["id"] = "still-answers"
        behind.insert(0, _new("h2", ANSWERS))
        sections = article.find_all("section", recursive=False)
        (sections[-1] if sections else article).append(behind)
    for fold in article.select("details"):
        _unfold(fold)
    for cell in article.select("div.cell"):
        if not cell.get_text(strip=True) and not cell.select("img, svg"):
            cell.decompose()


def _name_tabs(article: Tag) -> None:
    """Let each tab stand below the one before, under its name."""
    for label in article.select(".sd-tab-set > label"):
        label.name = "p"
        label.attrs = {"class": "still-title"}
    for tag in article.select(".sd-tab-set > input"):
        tag.decompose()


def _show_boxes(article: Tag) -> None:
    """Draw the boxes of a list of tasks; other fields for input are left out."""
    for box in article.select("input"):
        box.replace_with("\u2611 " if box.has_attr("checked") else "\u2610 ")
    for tag in article.select("form, select, textarea"):
        tag.unwrap()


def _move_feedback(question: Tag, number: int, behind: Tag) -> None:
    """Put the feedback of a question behind the page."""
    folds = question.select("details.quiz-option")
    if not folds:
        return
    question["id"] = question.get("id") or f"still-question-{number}"
    answer = _new("div", "", "still-answer")
    answer["id"] = f"still-answer-{number}"
    title = _new("h3")
    title.append(_link(f"#{question['id']}", f"Question {number}"))
    answer.append(title)
    right_first = sorted(folds, key=lambda fold: fold.get("data-option") != "right")
    told = {id(fold): _feedback(fold) for fold in folds}
    for fold in right_first:
        answer.append(told[id(fold)])
    for fold in folds:
        fold.name = "div"
        fold.attrs = {"class": "still-option"}
    question.append(_to_answer(str(answer["id"]), "Answer"))
    behind.append(answer)


def _feedback(fold: Tag) -> Tag:
    """Take the feedback out of an option, with the letter of the option before it."""
    summary, feedback = fold.find("summary"), fold.find(class_="feedback")
    assert isinstance(summary, Tag)
    assert isinstance(feedback, Tag)
    letter = summary.find(class_="letter")
    told = feedback.extract()
    told["class"] = "still-feedback"
    first = told.find("p")
    if isinstance(letter, Tag) and isinstance(first, Tag):
        first.insert(0, _new("strong", f"{letter.get_text(strip=True)} "))
    summary.name = "p"
    return told


def _move_solution(fold: Tag, number: int, behind: Tag) -> None:
    """Put the solution of an exercise behind the page."""
    exercise = fold.find_previous(class_="exercise")
    summary = fold.find("summary")
    title = _new("h3")
    words = summary.get_text(" ", strip=True) if isinstance(summary, Tag) else "Solution"
    named = exercise.find(class_="admonition-title") if isinstance(exercise, Tag) else None
    if isinstance(exercise, Tag) and isinstance(named, Tag):
        exercise["id"] = exercise.get("id") or f"still-exercise-{number}"
        words = " ".join(named.get_text().split())
        title.append(_link(f"#{exercise['id']}", words))
    else:
        title.append(words)
    name = str(fold.get("id") or f"still-solution-{number}")
    fold.insert_before(_to_answer(name, "Solution"))
    solution = fold.extract()
    if isinstance(summary, Tag):
        summary.decompose()
    solution.name = "div"
    solution.attrs = {"class": "still-answer", "id": name}
    solution.insert(0, title)
    behind.append(solution)


def _unfold(fold: Tag) -> None:
    """Open a fold, or leave it out where it holds only code."""
    classes = _classes(fold)
    if "hide" in classes and not fold.select(".cell_output, .output"):
        fold.decompose()
        return
    fold.name = "div"
    fold.attrs.pop("open", None)
    summary = fold.find("summary", recursive=False)
    if isinstance(summary, Tag):
        if "hide" in classes:
            summary.decompose()
        else:
            summary.name = "p"
            summary["class"] = " ".join([*_classes(summary), "still-title"])


def lead(article: Tag, page: str, resolve: Resolve) -> None:
    """Let the links of a page lead where they lead in print.

    Args:
        article: The page.
        page: The path of the page in the site.
        resolve: Says where a file of the site, and a place in it, is found in print.
    """
    for link in article.find_all("a", href=True):
        target = _target(page, str(link["href"]))
        if target is None:
            continue
        address = resolve(*target)
        if address is None:
            link.unwrap()
        else:
            link["href"] = address
            link.attrs.pop("download", None)


def pictures(article: Tag, page: str) -> Iterator[tuple[Tag, str]]:
    """Yield the pictures of a page that stand in files, with their path in the site."""
    for picture in article.find_all(["img", "source", "video", "audio"], src=True):
        target = _target(page, str(picture["src"]))
        if target is not None:
            yield picture, target[0]


def _target(page: str, address: str) -> tuple[str, str] | None:
    """Return the file and the place to which an address leads; ``None`` if outside of the site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    path = os.path.normpath(PurePosixPath(page).parent / unquote(parts.path))
    return (path if parts.path else page), unquote(parts.fragment)


def raise_levels(article: Tag, by: int) -> None:
    """Let all headings stand lower in the order of headings; a class keeps what each was."""
    for heading in article.find_all(re.compile(r"^h[1-6]$")):
        level = int(heading.name[1])
        heading["class"] = " ".join([*_classes(heading), f"level-{level}"])
        heading.name = f"h{min(level + by, 6)}"


def _classes(tag: Tag) -> list[str]:
    return [one for one in tag.get_attribute_list("class") if one]


def _to_answer(name: str, words: str) -> Tag:
    place = _new("p", "", "still-link")
    place.append(_link(f"#{name}", words))
    return place


def _link(address: str, words: str) -> Tag:
    link = _new("a", words)
    link["href"] = address
    return link


def _new(name: str, words: str = "", of_class: str = "") -> Tag:
    tag = BeautifulSoup("", "html.parser").new_tag(name)
    if words:
        tag.append(words)
    if of_class:
        tag["class"] = of_class
    return tag
