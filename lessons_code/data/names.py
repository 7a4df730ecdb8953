"""Names of countries, languages and currencies, as ten languages write them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from lessons_code.data.dataset import DataCard, Dataset

LANGUAGES = {
    "en": "English",
    "fr": "French",
    "de": "German",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "sv": "Swedish",
    "pl": "Polish",
    "cs": "Czech",
}


def names(*, shared: bool = False) -> Dataset:
    """Load names of territories, languages and currencies, each with its language as label.

    They come from the Unicode Common Locale Data Repository, which ships with Babel. All
    translations of one thing belong to one group, so that a split puts them on one side.

    Args:
        shared: Keep names that several languages have in common, such as ``Angola``. No
            label is right for them; by default they are left out, in all their languages.

    Returns:
        ``x`` of shape ``(n,)``, strings; ``y`` 0 to 9, in the order of ``LANGUAGES``.
    """
    from babel import Locale

    rows = []
    owners = defaultdict(set)
    for label, code in enumerate(LANGUAGES):
        locale = Locale(code)
        tables = {
            "territory": locale.territories,
            "language": locale.languages,
            "currency": locale.currencies,
        }
        for kind, table in tables.items():
            for thing, name in sorted(table.items()):
                rows.append((str(name), label, f"{kind} {thing}"))
                owners[str(name).casefold()].add(label)
    seen = set()
    kept = []
    for name, label, group in rows:
        known = (name.casefold(), label)  # a language may give two things one name
        if known not in seen and (shared or len(owners[known[0]]) == 1):
            kept.append((name, label, group))
            seen.add(known)
    x, y, groups = zip(*kept, strict=True)
    return Dataset(
        np.array(x),
        np.array(y, dtype=np.int64),
        tuple(LANGUAGES.values()),
        _card(len(kept), shared=shared),
        groups=np.unique(groups, return_inverse=True)[1],
    )


def _card(size: int, *, shared: bool) -> DataCard:
    left_out = "" if shared else "; names that two languages share are left out"
    return DataCard(
        "Names in ten languages",
        "Unicode Common Locale Data Repository (CLDR): collected and checked by volunteers, "
        "companies and public bodies, so that programs can speak to people in their language",
        "Unicode License v3; ships with Babel (BSD)",
        f"{size:,} names of territories, languages and currencies{left_out}",
        "Ten languages of several thousand, all European, all written in Latin letters. No "
        "sentence, no spelling mistake, no dialect, no text that changes its language halfway, "
        "and only the words that officials agreed on.",
    )
