"""``{predict}``, ``{answer}`` and ``{letter}``, as authors write them."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from booktools.parts.deal import deal, key_of
from booktools.parts.predictions.boxes import Box, of_page
from booktools.parts.predictions.conditions import HOLDS, UndecidedError, read, right_option
from booktools.parts.predictions.html import (
    PredictionAnswer,
    PredictionBox,
    PredictionOption,
    PredictionSummary,
)

logger = logging.getLogger(__name__)
TITLE = "Predict before you run"
SUMMARY = "The answer to your prediction"
OPTIONS = range(2, 5)
UNKNOWN = "\u2026"  # the letter of an option where nothing was executed


class Predict(SphinxDirective):
    """A question and its options: a list, each item with its condition in backticks."""

    has_content = True
    option_spec: ClassVar = {
        "name": directives.unchanged,
        "decided-by": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Return the box, its options in the order that was dealt."""
        found = of_page(self.env, self.env.docname)
        name = self.options.get("name", "")
        box = PredictionBox("", name=name, key="")
        self.set_source_info(box)
        self.state.nested_parse(self.content, self.content_offset, box)
        options = box[-1] if len(box) else None
        wrong = self._wrong(name, options)
        if wrong:
            found.faults.append((self.lineno, wrong))
            return [box]
        assert isinstance(options, nodes.bullet_list)
        conditions = [_take_condition(item) for item in options]
        if HOLDS in conditions:  # then code at the head of the others is their text
            for item, condition in zip(options, conditions, strict=True):
                if condition and condition != HOLDS and read(condition) is None:
                    item[0].insert(0, [nodes.literal("", condition), nodes.Text(" ")])
            conditions = [one if one == HOLDS or read(one) else "" for one in conditions]
        right = self._right(conditions)
        hands = self.env.temp_data.setdefault("booktools_predict_hands", [])
        hands.append((name, len(options), right))
        box["key"] = key_of(box.astext())
        order = deal(self.env.docname, "predict", hands)[-1]
        dealt = Box(self.lineno, order, right, box["key"])
        found.by_name[name] = dealt
        keys = [key_of(one.astext()) for one in options]
        self.env.temp_data.setdefault("booktools_predict_options", {})[name] = [
            (keys[n], item[0].deepcopy()) for n, item in enumerate(options)
        ]
        shown = nodes.bullet_list(bullet="-", classes=["predict-options"])
        for n in dealt.order:
            item = options[n]
            _put_letter(item[0], dealt.letter(n))
            shown += PredictionOption("", *item.children, key=keys[n], letter=dealt.letter(n))
        box["ids"] = [f"predict-{name}"]
        options.replace_self(shown)
        box.insert(0, nodes.title("", TITLE))
        return [box]

    def _wrong(self, name: str, options: nodes.Node | None) -> str:
        """Return what is wrong with the box, whatever the run gives; empty if nothing is."""
        if not name or not self.options.get("decided-by"):
            return (
                "a prediction without `:name:` or `:decided-by:`. Remedy: name it, and say by "
                "the text of which claim or fact of this page it is decided."
            )
        if name in of_page(self.env, self.env.docname).by_name:
            return (
                f"this page has a prediction {name!r} already. Remedy: choose a name that is "
                "used once in the book."
            )
        if (
            not isinstance(options, nodes.bullet_list)
            or len(options) not in OPTIONS
            or not all(len(item) and isinstance(item[0], nodes.paragraph) for item in options)
        ):
            return (
                f"the prediction {name!r} does not end with its options. Remedy: a list of "
                f"{OPTIONS[0]} to {OPTIONS[-1]} items, each a condition in backticks and a text."
            )
        return ""

    def _right(self, conditions: list[str]) -> int | None:
        """Return the option that the run decided for; ``None`` if it did not."""
        decided_by = self.options["decided-by"]
        claims = [
            claim
            for claim in getattr(self.env, "booktools_claims", ())
            if claim["page"] == self.env.docname
        ]
        if not claims and self.env.docname not in getattr(self.env, "booktools_pages", ()):
            logger.warning(
                "predictions are not decided, since the page was not executed",
                location=(self.env.docname, self.lineno),
                type="booktools",
                subtype="predictions",
                once=True,
            )
            return None
        claim = next((claim for claim in claims if claim["text"] == decided_by), None)
        try:
            if claim is None:
                raise UndecidedError(
                    f"no claim or fact of this page reads {decided_by!r}. Remedy: copy the text "
                    "of one, letter by letter."
                )
            return right_option(conditions, claim["value"], holds=claim["holds"])
        except UndecidedError as error:
            fault = f"the prediction {self.options['name']!r}: {error}"
            of_page(self.env, self.env.docname).faults.append((self.lineno, fault))
            return None


class Answer(SphinxDirective):
    """The answer to a prediction of the page, which stands after its run."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the fold: the right option, then the text."""
        found = of_page(self.env, self.env.docname)
        name = self.arguments[0]
        if name not in found.by_name:
            found.faults.append((self.lineno, _nobody(name, "answer")))
            return []
        box = found.by_name[name]
        fold = PredictionAnswer("", PredictionSummary("", SUMMARY), name=name, right="")
        fold["ids"] = [f"answer-{name}"]
        self.set_source_info(fold)
        if box.right is not None:
            key, text = self.env.temp_data["booktools_predict_options"][name][box.right]
            right = text.deepcopy()
            right["classes"].append("answer-right")
            _put_letter(right, box.letter(box.right))
            right.insert(0, nodes.Text("Right is "))
            fold["right"] = key
            fold += right
        self.state.nested_parse(self.content, self.content_offset, fold)
        return [fold]


class Letter(SphinxRole):
    """The letter of an option: of the right one, or with ``.2`` of the second as written."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the letter."""
        name, _, number = self.text.partition(".")
        found = of_page(self.env, self.env.docname)
        box = found.by_name.get(name)
        option: int | None = None
        if box is None:
            found.faults.append((self.lineno, _nobody(name, "letter")))
        elif not number:
            option = box.right
        elif number.isdecimal() and 1 <= int(number) <= len(box.order):
            option = int(number) - 1
        else:
            fault = (
                f"the prediction {name!r} has no option {number!r}. Remedy: count its options as "
                "they are written, from 1."
            )
            found.faults.append((self.lineno, fault))
        shown = box.letter(option) if box and option is not None else UNKNOWN
        return [nodes.inline("", shown, classes=["letter"])], []


def _nobody(name: str, what: str) -> str:
    return (
        f"{{{what}}} names {name!r}, and no prediction of that name stands before it on this "
        "page. Remedy: mend the name, or move it behind its `{predict}`."
    )


def _take_condition(item: Any) -> str:
    """Take the code at the head of an option's paragraph out of it, and return it."""
    paragraph = item[0]
    if not len(paragraph) or not isinstance(paragraph[0], nodes.literal):
        return ""
    condition: str = paragraph.pop(0).astext()
    if len(paragraph) and isinstance(paragraph[0], nodes.Text):
        paragraph[0] = nodes.Text(paragraph[0].lstrip())
    return condition


def _put_letter(paragraph: nodes.Element, letter: str) -> None:
    """Put a letter before the text of an option."""
    paragraph.insert(0, [nodes.inline("", f"{letter}.", classes=["letter"]), nodes.Text(" ")])
