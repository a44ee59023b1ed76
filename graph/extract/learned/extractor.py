"""The learned extractor: the rules, an encoder that reads with them, and judges of what they find.

Needs the weights in `data/model`, onnxruntime and tokenizers; adds no state between documents.
"""

from __future__ import annotations

from pathlib import Path

from graph.extract.learned.onnx import OnnxBase, OnnxJudges, OnnxMind, Speller
from graph.extract.learned.reading import facts_of
from graph.extract.learned.records import NAME
from graph.extract.learned.schemes import Sorter
from graph.extract.learned.similar import OnnxSimilar, RememberingBase
from graph.extract.learned.weights import VOCABULARY, open_weights
from graph.extract.learned.words import encode
from graph.extract.rules import RuleExtractor
from graph.records import Extraction, Text


class LearnedExtractor:
    """Reads policy prose with the rules and what was learned from annotated documents."""

    name = NAME

    def __init__(self, folder: Path | None = None) -> None:
        """Load the weights. Raises ExtractorError where they are missing, damaged or not theirs."""
        weights = open_weights(folder)
        self.version = f"{RuleExtractor.version}+{weights.version}"
        self._rules = RuleExtractor()
        base = OnnxBase(weights.folder)
        self._base = RememberingBase(base)
        self._mind = OnnxMind(weights.folder, self._base)
        self._spell = Speller(weights.folder / VOCABULARY)
        similar = OnnxSimilar(weights.folder, base, self._spell)
        self._sorter = Sorter(weights.folder, similar)
        self._judge = OnnxJudges(weights.folder)
        self._precision = weights.precision
        self._limits = weights.limits
        self._curves = weights.curves

    def is_foreign(self, text: Text) -> bool:
        """Whether only names and figures are read of it, as by the rules."""
        return self._rules.is_foreign(text)

    def extract(self, text: Text) -> Extraction:
        """Read with the rules, judge, then sort into the schemes; see `graph.extract.base`.

        The encoder knows no other language than English: there the rules' names and figures stand.
        """
        reading = self._rules.read(text)
        if reading.foreign:
            return reading.records(text).model_copy(update={"extractor": self.name})
        words = encode(reading.prose, reading.entities, self._spell)
        try:
            found = facts_of(
                text,
                reading,
                words,
                self._mind,
                self._judge,
                self._precision,
                self._limits,
                self._curves,
            )
            return self._sorter.sort(found, reading.prose, words, self._base.of_words)
        finally:
            self._base.forget()
