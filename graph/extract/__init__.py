"""Extractors by name; each is imported when it is asked for.

To add one: write a module with a class that follows `graph.extract.base.Extractor`, and a line
in EXTRACTORS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graph.errors import ExtractorError
from graph.extract.base import Extractor


def _rules() -> Extractor:
    from graph.extract.rules import RuleExtractor

    return RuleExtractor()


def _dummy() -> Extractor:
    from graph.extract.dummy import DummyExtractor

    return DummyExtractor()


def _learned() -> Extractor:
    from graph.extract.learned.extractor import LearnedExtractor

    return LearnedExtractor()


EXTRACTORS: Mapping[str, Callable[[], Extractor]] = {
    "rules": _rules,
    "dummy": _dummy,
    "learned": _learned,
}


def load_extractor(name: str) -> Extractor:
    """The extractor of this name. Raises ExtractorError naming those there are."""
    if name not in EXTRACTORS:
        known = ", ".join(sorted(EXTRACTORS))
        raise ExtractorError(f"there is no extractor {name!r}; there are: {known}")
    return EXTRACTORS[name]()


def best_extractor() -> tuple[Extractor, str | None]:
    """The learned extractor, or the rules and why: its weights are missing or damaged."""
    try:
        return _learned(), None
    except ExtractorError as error:
        return _rules(), f"{error}; the rules read instead"
