"""The extractor itself: asks about the parts of a text one after the other."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from graph.errors import ExtractorError, ExtractorStopped
from graph.extract import passages
from graph.extract.base import Setup
from graph.extract.language_model import answers, chunks, instructions
from graph.extract.language_model.answers import Answer, BadAnswer
from graph.extract.language_model.chunks import Chunk
from graph.extract.language_model.exchange import Exchange, TooLong
from graph.extract.language_model.gather import NAME, Part, gather
from graph.extract.language_model.ledger import Kept, Ledger
from graph.extract.language_model.settings import ModelSettings, load_settings
from graph.extract.passages import Prose
from graph.records import Extraction, Text

# Of the code here; what the model is told has a hash of its own.
_VERSION = "1"
_SHOWN = 12
# How often a model may answer one question with nonsense.
_ANSWERS = 3
# So many texts in a row that a service could not read are no accident.
_FAILURES = 3
_KEPT = "kept answers"


class LanguageModelExtractor:
    """Reads with a language model.

    Pure in this sense: an answer is kept under the hash of what was asked, and from kept answers
    the same extraction is made, byte by byte. `prompt_hash` covers all that is asked but the text.
    """

    name = NAME

    def __init__(self, setup: Setup) -> None:
        """Raises ExtractorError where a setting is missing or wrong; nothing is sent yet."""
        self._settings = load_settings(setup.settings)
        folder = _folder(self._settings, setup)
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="scipol-"))
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._ledger = Ledger(folder, setup.session or uuid4().hex)
        self._failures = 0
        self.prompt_hash = instructions.prompt_hash(self._settings)
        self.version = f"{_VERSION} {self._settings.model} {self.prompt_hash[:_SHOWN]}"

    def extract(self, text: Text) -> Extraction:
        """Ask about each part, then keep what the text bears out.

        Raises ExtractorError where a part cannot be read, ExtractorStopped where no text can.
        """
        prose = passages.read(text.content)
        try:
            with Exchange(self._settings, self._ledger) as exchange:
                reading = _Reading(self, text, prose, exchange)
                parts = [part for chunk in self._chunks(prose) for part in reading.read(chunk)]
        except ExtractorStopped:
            raise
        except ExtractorError as error:
            self._failures += 1
            if self._failures >= _FAILURES:
                raise ExtractorStopped(f"{error} ({_FAILURES} texts in a row)") from error
            raise
        self._failures = 0
        found, dropped = gather(text, prose, parts)
        self._ledger.tally(dropped)
        return found

    def remarks(self) -> tuple[str, ...]:
        """What was used and what was left out in this command, a line each."""
        return tuple(_remarks(self._settings, self._ledger))

    def answer(self, exchange: Exchange, part: str) -> Answer:
        """The answer about one part, kept or new. Raises TooLong where it has to be shorter."""
        key = self._key(part)
        kept = self._ledger.kept(key)
        if kept is not None:
            if kept.kind == "cut":
                raise TooLong("it was too long before")
            try:
                found = answers.read(kept.content)
            except BadAnswer:  # damaged, or kept by another version
                kept = None
            else:
                self._ledger.tally({_KEPT: 1})
                return found
        try:
            content, found = self._asked(exchange, part)
        except TooLong:
            self._ledger.keep(key, Kept("cut", ""))
            raise
        self._ledger.keep(key, Kept("whole", content))
        return found

    def _asked(self, exchange: Exchange, part: str) -> tuple[str, Answer]:
        correction = None
        for _ in range(_ANSWERS):
            content = exchange.ask(instructions.request(self._settings, part, correction))
            try:
                return content, answers.read(content)
            except BadAnswer as error:
                correction = str(error)
        raise ExtractorError(
            f"the language model {self._settings.model!r} gave {_ANSWERS} answers that cannot be "
            f"read: {correction}"
        )

    def _chunks(self, prose: Prose) -> Iterator[Chunk]:
        return chunks.cut(prose, self._settings.chunk)

    def _key(self, part: str) -> str:
        asked = f"{self._settings.model}\n{self.prompt_hash}\n{part}"
        return sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()


class _Reading:
    """One text while it is read."""

    def __init__(
        self, extractor: LanguageModelExtractor, text: Text, prose: Prose, exchange: Exchange
    ) -> None:
        self._extractor = extractor
        self._text = text
        self._prose = prose
        self._exchange = exchange

    def read(self, chunk: Chunk) -> Iterator[Part]:
        """What is answered about a part; one that is too long for the model is read as two."""
        quoted = self._text.content[chunk.start : chunk.end]
        lead = chunks.lead_of(self._prose, chunk)
        part = instructions.describe(self._text.document, lead, quoted)
        try:
            yield Part(chunk, self._extractor.answer(self._exchange, part))
        except TooLong as error:
            both = chunks.halves(self._prose, chunk)
            if both is None:
                raise ExtractorError(
                    f"even the {len(quoted)} characters from {chunk.start} on are too long for the "
                    f"language model: {error}"
                ) from error
            for half in both:
                yield from self.read(half)


def _folder(settings: ModelSettings, setup: Setup) -> Path | None:
    if settings.cache is not None:
        return settings.cache
    return None if setup.data is None else setup.data / NAME


def _remarks(settings: ModelSettings, ledger: Ledger) -> Iterator[str]:
    counts = Counter(ledger.tallies())
    kept, spent = counts.pop(_KEPT, 0), ledger.spent()
    if not (kept or spent.requests or counts):
        return
    line = (
        f"{settings.model} at {settings.host}: {spent.requests} requests, {kept} answers kept from "
        f"before, {spent.sent:,} tokens sent, {spent.answered:,} answered"
    )
    if settings.input_price or settings.output_price:
        cap = f" of {settings.max_cost:g}" if settings.max_cost else ""
        line += f", {settings.cost(spent.sent, spent.answered):.4f}{cap} spent"
    yield f"{line}."
    if counts:
        reasons = ", ".join(f"{what} ({number})" for what, number in counts.most_common())
        yield f"Left out of its answers: {reasons}."
