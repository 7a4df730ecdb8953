"""A Sphinx extension: questions of a quiz, whose options are folds with feedback.

``{question}`` holds options, ``{right}`` and ``{wrong}``, each with its feedback. Questions are
numbered by page, and options stand in the order that :mod:`booktools.parts.deal` gives them. The
script marks what the reader opens, counts, and keeps it on the reader's device (``memory.js``);
without it, the folds work as they are. What is kept belongs to a question by its ``key``, which
changes with its words or options.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxDirective

from booktools.extension import metadata
from booktools.parts.assets import bring, holds
from booktools.parts.deal import deal, key_of, letter
from booktools.parts.memory import bring_memory


class QuizError(SphinxError):
    """A question that cannot be dealt."""

    category = "Quiz"


class QuizQuestion(nodes.container):
    """A question: its text, and the list of options; of a copy, ``key`` is empty."""


class QuizOptions(nodes.bullet_list):
    """The options of a question."""


class QuizOption(nodes.list_item):
    """An option: a title, then the feedback.

    ``right`` tells whether it is right, ``number`` which one it is, as written.
    """


class QuizTitle(nodes.paragraph):
    """What is seen of an option before it is opened."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives and their HTML."""
    app.add_directive("question", Question)
    app.add_directive("right", Option)
    app.add_directive("wrong", Option)
    app.add_node(QuizQuestion, html=(_open_question, _close("</div>\n")))
    app.add_node(QuizOptions, html=(_open_options, _close("</ul>\n")))
    app.add_node(QuizOption, html=(_open_option, _close("</div></details></li>\n")))
    app.add_node(QuizTitle, html=(_open_title, _close('</summary><div class="feedback">\n')))
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("doctree-resolved", unlink_titles)
    bring_memory(app, holds(QuizQuestion))
    files = ("quiz.js", "visually-hidden.css", "quiz.css")
    bring(app, Path(__file__).parent, holds(QuizQuestion), *files)
    return metadata()


def keys_of(env: Any) -> dict[str, list[str]]:
    """Return the keys of all questions, by page."""
    if not hasattr(env, "booktools_questions"):
        env.booktools_questions = {}
    keys: dict[str, list[str]] = env.booktools_questions
    return keys


def of_page(env: BuildEnvironment, page: str) -> Iterator[tuple[QuizQuestion, str]]:
    """Yield the questions of a page as it was read, each with the id of its section."""
    for question in env.get_doctree(page).findall(QuizQuestion):
        section = question.parent
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        yield question, section["ids"][0] if section is not None else ""


def forget(_app: Sphinx, env: Any, page: str) -> None:
    """Forget the questions of a page that is read again, or is gone."""
    keys_of(env).pop(page, None)


def merge(_app: Sphinx, env: Any, pages: set[str], other: Any) -> None:
    """Take over what another process read."""
    keys_of(env).update({page: keys for page, keys in keys_of(other).items() if page in pages})


def unlink_titles(_app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """Leave of links in the titles of options their text: who opens a fold follows no link."""
    for title in doctree.findall(QuizTitle):
        for link in list(title.findall(nodes.reference)):
            link.replace_self(link.children)


class Question(SphinxDirective):
    """``{question}`` with the question as its argument, around its options."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the question with its number, its options in the order that was dealt.

        Raises:
            QuizError: There are not two options or more, exactly one right.
        """
        question = QuizQuestion(classes=["quiz-question"])
        self.set_source_info(question)
        held = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, held)
        options = [node for node in held if isinstance(node, QuizOption)]
        right = [n for n, option in enumerate(options) if option["right"]]
        if len(options) < 2 or len(right) != 1:
            raise QuizError(
                f"{self.env.doc2path(self.env.docname)}:{self.lineno}: a question with "
                f"{len(options)} options, {len(right)} of them right. Remedy: give it two or "
                "more, `{wrong}` all but one, which is `{right}`."
            )
        hands = self.env.temp_data.setdefault("booktools_quiz_hands", [])
        number = len(hands) + 1
        hands.append((str(number), len(options), right[0]))
        text, messages = self.state.inline_text(self.arguments[0], self.lineno)
        said = [node.astext() for node in [*text, *held] if not isinstance(node, QuizOption)]
        said += [f"{option['right']} {option[0].astext()}" for option in options]
        question["key"] = key_of("\n".join([self.env.docname, *said]))
        keys_of(self.env).setdefault(self.env.docname, []).append(question["key"])
        strong = nodes.strong("", f"{number}. ", *text)
        question += nodes.paragraph("", "", strong, classes=["quiz-title"])
        shown = QuizOptions(bullet="-", classes=["quiz-options"])
        for at, n in enumerate(deal(self.env.docname, "quiz", hands)[-1]):
            options[n]["number"] = n
            title = options[n][0]
            title.insert(0, [nodes.inline("", f"{letter(at)}.", classes=["letter"]),
                             nodes.Text(" ")])  # fmt: skip
            shown += options[n]
        question += [node for node in held if not isinstance(node, QuizOption)]
        question += shown
        return [question, *messages]


class Option(SphinxDirective):
    """``{right}`` or ``{wrong}``, with the option as its argument and its feedback inside."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the option."""
        text, messages = self.state.inline_text(self.arguments[0], self.lineno)
        title = QuizTitle("", "", *text)
        option = QuizOption("", title, *messages, right=self.name == "right")
        self.set_source_info(option)
        self.state.nested_parse(self.content, self.content_offset, option)
        return [option]


def _open_question(writer: Any, node: nodes.Element) -> None:
    given = {"data-question": node["key"]} if node.get("key") else {}
    writer.body.append(writer.starttag(node, "div", **given))


def _open_options(writer: Any, node: nodes.Element) -> None:
    writer.body.append(writer.starttag(node, "ul"))


def _open_option(writer: Any, node: nodes.Element) -> None:
    answer = "right" if node["right"] else "wrong"
    number = node.get("number", 0)
    writer.body.append(
        f'<li><details class="quiz-option" data-option="{answer}" data-number="{number}">'
    )


def _open_title(writer: Any, node: nodes.Element) -> None:
    writer.body.append(writer.starttag(node, "summary", ""))


def _close(tag: str) -> Any:
    def depart(writer: Any, _node: nodes.Element) -> None:
        writer.body.append(tag)

    return depart
