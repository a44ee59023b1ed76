"""The extractor `spacy:MODEL`: the names that a spaCy pipeline marks, as entities.

A pipeline trained on our own types (labels such as Goal or Instrument, in `doc.ents` or in groups
of spans) gives all of them; a common one gives people, bodies, countries and the like. Pipelines
know nothing of stances, so that there are no statements.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

from graph.authority import load_authority
from graph.errors import ExtractorError
from graph.extract import confidence, passages
from graph.extract.draft import Draft
from graph.extract.language_model.chunks import cut
from graph.records import Entity, EntityType, Extraction, Span, Text

NAME = "spacy"

_VERSION = "1"
# Pipelines refuse texts of a million characters, and the memory they take grows with the text.
_PART = 50_000
_TYPES: Mapping[str, EntityType] = {
    **{name: name for name in get_args(EntityType)},
    "PERSON": "Person",
    "PER": "Person",
    "ORG": "Organization",
    "GPE": "Country",
    "LOC": "Country",
    "EVENT": "Event",
    "LAW": "Instrument",
    "WORK_OF_ART": "Document",
    "MONEY": "Quantity",
    "PERCENT": "Quantity",
}
# Labels under which pipelines mark cities and seas too: only known countries count.
_PLACES = frozenset(("GPE", "LOC"))
_EDGE = " \t\n.,;:\"'“”‘’()"
_ARTICLES = ("the ", "a ", "an ", "its ")


class SpacyExtractor:
    """Reads with an installed spaCy pipeline, given by its package or folder."""

    def __init__(self, model: str) -> None:
        """Raises ExtractorError where spaCy or the pipeline is missing or broken."""
        self._pipeline = _loaded(model)
        self.name = NAME
        meta = self._pipeline.meta
        called = f"{meta['lang']}_{meta['name']}-{meta['version']}"
        self.version = f"{_VERSION} {called} {_fingerprint(self._pipeline)}"

    def extract(self, text: Text) -> Extraction:
        """Mark what the pipeline marks; see `graph.extract.base`."""
        found = sorted(self._drafts(text.content), key=lambda d: (d.mentions[0], d.type))
        return Extraction(
            document=text.document.name,
            entities=tuple(
                _record(text.content, draft, f"e{number}")
                for number, draft in enumerate(found, start=1)
            ),
            extractor=self.name,
            sha256=text.sha256,
        )

    def _drafts(self, content: str) -> list[Draft]:
        """One for each type and wording."""
        drafts: dict[tuple[EntityType, str], Draft] = {}
        for type_, start, end in self._marked(content):
            wording = " ".join(content[start:end].split())
            draft = drafts.setdefault((type_, wording.casefold()), Draft(type_, [], NAME))
            draft.mentions.append((start, end))
        for draft in drafts.values():
            draft.mentions = sorted(set(draft.mentions))
        return list(drafts.values())

    def _marked(self, content: str) -> Iterator[tuple[EntityType, int, int]]:
        parts = list(cut(passages.read(content), _PART))
        texts = (content[part.start : part.end] for part in parts)
        for part, doc in zip(parts, self._pipeline.pipe(texts), strict=True):
            spans = [*doc.ents, *(span for group in doc.spans.values() for span in group)]
            for span in spans:
                place = _trimmed(content, part.start + span.start_char, part.start + span.end_char)
                if (type_ := _type_of(span.label_, content, place)) is not None:
                    yield type_, *place


def _loaded(model: str) -> Any:
    """The pipeline. Raises ExtractorError that says what to install."""
    try:
        spacy = importlib.import_module("spacy")
    except ImportError as error:
        raise ExtractorError(
            f"the extractor {NAME}:{model} needs spaCy, which is not installed ({error}); "
            "install scipol[spacy]"
        ) from error
    try:
        return spacy.load(model)
    # A pipeline is code of others, and may fail in any way while it loads.
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        if isinstance(error, OSError) and "E050" in said:
            raise ExtractorError(
                f"there is no spaCy pipeline {model!r}, neither a package nor a folder; install "
                f"one (python -m spacy download {model}) or give the folder of your own"
            ) from error
        raise ExtractorError(f"the spaCy pipeline {model!r} cannot be loaded: {said}") from error


def _fingerprint(pipeline: Any) -> str:
    """Hash of the files of a pipeline: one that was trained again is another one."""
    root = Path(pipeline.path)
    hashed = sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        hashed.update(f"{path.relative_to(root).as_posix()}\n".encode())
        hashed.update(sha256(path.read_bytes()).digest())
    return hashed.hexdigest()[:12]


def _trimmed(content: str, start: int, end: int) -> tuple[int, int]:
    """A span without article, blanks and punctuation at its edges; empty where nothing is left."""
    while start < end and content[start] in _EDGE:
        start += 1
    lowered = content[start:end].lower()
    start += next((len(a) for a in _ARTICLES if lowered.startswith(a)), 0)
    while end > start and content[end - 1] in _EDGE:
        end -= 1
    return start, end


def _type_of(label: str, content: str, place: tuple[int, int]) -> EntityType | None:
    type_ = _TYPES.get(label)
    name = " ".join(content[place[0] : place[1]].split())
    if type_ is None or not any(c.isalnum() for c in name):
        return None
    if label in _PLACES and not load_authority().lookup(name, "Country"):
        return None
    return type_


def _record(content: str, draft: Draft, id_: str) -> Entity:
    spans = tuple(Span(start=s, end=e, text=content[s:e]) for s, e in draft.mentions)
    return Entity(
        id=id_,
        type=draft.type,
        name=" ".join(spans[0].text.split()),
        mentions=spans,
        confidence=confidence.table().of(f"entity/{draft.type}", NAME),
    )
