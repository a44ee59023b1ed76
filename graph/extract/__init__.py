"""Extractors by name; each is imported when it is asked for.

To add one: write a module with a class that follows `graph.extract.base.Extractor`, and a line
in EXTRACTORS. One that has to be told more than that it is wanted stands in TOLD or OF_A_MODEL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graph.errors import ExtractorError
from graph.extract.base import Extractor, Setup


def _rules() -> Extractor:
    from graph.extract.rules import RuleExtractor

    return RuleExtractor()


def _dummy() -> Extractor:
    from graph.extract.dummy import DummyExtractor

    return DummyExtractor()


def _learned() -> Extractor:
    from graph.extract.learned.extractor import LearnedExtractor

    return LearnedExtractor()


def _language_model(setup: Setup) -> Extractor:
    from graph.extract.language_model.extractor import LanguageModelExtractor

    return LanguageModelExtractor(setup)


def _spacy(model: str) -> Extractor:
    from graph.extract.spacy_pipeline import SpacyExtractor

    return SpacyExtractor(model)


EXTRACTORS: Mapping[str, Callable[[], Extractor]] = {
    "rules": _rules,
    "dummy": _dummy,
    "learned": _learned,
}
# Those with settings, and those that are called NAME:MODEL.
TOLD: Mapping[str, Callable[[Setup], Extractor]] = {"llm": _language_model}
OF_A_MODEL: Mapping[str, Callable[[str], Extractor]] = {"spacy": _spacy}


def load_extractor(name: str, setup: Setup | None = None) -> Extractor:
    """The extractor of this name. Raises ExtractorError naming those there are."""
    kind, _, model = name.partition(":")
    if name in EXTRACTORS:
        return EXTRACTORS[name]()
    if name in TOLD:
        return TOLD[name](setup or Setup())
    if kind in OF_A_MODEL and model:
        return OF_A_MODEL[kind](model)
    known = ", ".join([*sorted({*EXTRACTORS, *TOLD}), *(f"{k}:MODEL" for k in OF_A_MODEL)])
    raise ExtractorError(f"there is no extractor {name!r}; there are: {known}")
