"""Extractors by name; each is imported when it is asked for.

To add one: write a module with a class that follows `graph.extract.base.Extractor`, and a line
in EXTRACTORS. One that has to be told more than that it is wanted stands in TOLD or OF_A_MODEL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

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
# Who reads where nobody is named, and who does where that one cannot.
DEFAULT, FALLBACK = "learned", "rules"
# Those with settings, and those that are called NAME:MODEL.
TOLD: Mapping[str, Callable[[Setup], Extractor]] = {"llm": _language_model}
OF_A_MODEL: Mapping[str, Callable[[str], Extractor]] = {"spacy": _spacy}


class Settled(NamedTuple):
    """An extractor that can be used, its name, and in a sentence why it is not the wanted one."""

    name: str
    extractor: Extractor
    remark: str | None = None


def settle_extractor(
    named: str | None = None, setup: Setup | None = None, usual: str = DEFAULT
) -> Settled:
    """The extractor that is named; where none is, the usual one, or else one that can be used.

    Raises ExtractorError where the named one cannot be used. The rules always can, so that nothing
    is raised where none is named: the remark says which file or library is at fault.
    """
    if named is not None:
        return Settled(named, load_extractor(named, setup))
    remark = None
    for name in dict.fromkeys((usual, DEFAULT)):
        try:
            return Settled(name, load_extractor(name, setup), remark)
        except ExtractorError as error:
            remark = remark or f"the extractor {name!r} cannot be used: {error}"
    return Settled(FALLBACK, load_extractor(FALLBACK), f"The rules read alone, for {remark}.")


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
