"""From the answers about the parts of a text to one extraction of it.

Everything is looked up in the part it was said about; what is not there is left out and counted.
Entities of one type that share a name are one, in whichever parts they were found.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from graph.extract import again, confidence
from graph.extract.draft import Draft
from graph.extract.language_model.answers import (
    Answer,
    SaidEntity,
    SaidRelation,
    SaidStatement,
)
from graph.extract.language_model.chunks import Chunk
from graph.extract.language_model.quotes import Finder, Place
from graph.extract.passages import Prose
from graph.records import (
    ACTOR_TYPES,
    SIGNATURES,
    Entity,
    Extraction,
    Modality,
    Predicate,
    Relation,
    Span,
    Statement,
    Text,
)

NAME = "llm"

# Why something is left out, in the words that the user reads.
NO_WORDING = "wordings that are not in the text"
NO_ENTITY = "entities that the text does not name"
NO_SENTENCE = "statements and relations whose sentence is not in the text"
NO_SPEAKER = "statements by somebody the text does not name as an actor"
NO_CONTENT = "statements about no goal or instrument that the text names"
NO_ENDS = "relations between things that the text does not name"
WRONG_ENDS = "relations between types that they do not join"
OFF_SENTENCE = "statements and relations whose sentence does not name what they are about"

_ELEMENTS = frozenset(("Goal", "Instrument"))
_PRONOUNS = re.compile(
    r"i|me|my|he|him|his|she|hers?|its?|they|them|theirs?|yours?|you|us|ours?|who|which|"
    r"th(?:at|is|ese|ose)"
)
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&]+")
# A sentence of more passages than these is no sentence: one that names the thing is taken of it.
_MOST_PASSAGES = 3


class _LeftOut(Exception):
    """An item that the text does not bear out."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Part:
    """What was answered about one part of a text."""

    chunk: Chunk
    answer: Answer


@dataclass(frozen=True, slots=True)
class _Stance:
    speaker: Draft | None
    modality: Modality
    content: tuple[Draft, ...]
    addressee: tuple[Draft, ...]
    evidence: Place


@dataclass(frozen=True, slots=True)
class _Link:
    subject: Draft
    predicate: Predicate
    object: Draft
    evidence: Place


def gather(text: Text, prose: Prose, parts: Iterable[Part]) -> tuple[Extraction, Counter[str]]:
    """The extraction, and how much was left out for which reason."""
    gathering = _Gathering(prose)
    for part in parts:
        gathering.add(part)
    gathering.merge()
    return gathering.records(text), gathering.dropped


class _Gathering:
    """The entities, stances and links found so far."""

    def __init__(self, prose: Prose) -> None:
        self.dropped: Counter[str] = Counter()
        self._prose = prose
        self._drafts: list[Draft] = []
        self._by_name: dict[tuple[str, str], Draft] = {}
        self._same: dict[Draft, Draft] = {}
        self._stances: list[_Stance] = []
        self._links: list[_Link] = []

    def add(self, part: Part) -> None:
        """Look up what was said about one part."""
        self.dropped.update(part.answer.dropped)
        chunk = part.chunk
        finder = Finder(self._prose.text[chunk.start : chunk.end], chunk.start)
        known: dict[str, Draft] = {}
        for said in part.answer.entities:
            with self._counted():
                known.setdefault(said.id, self._entity(said, finder))
        for statement in part.answer.statements:
            with self._counted():
                self._stances.append(self._stance(statement, known, finder))
        for relation in part.answer.relations:
            with self._counted():
                self._links.append(self._link(relation, known, finder))

    def merge(self) -> None:
        """Bring together what is one thing, and settle whose mention a mention is."""
        self._merge_surnames()
        self._merge_acronyms()
        self._settle_shared()
        roots = self._roots()
        _leave_inner(roots)
        again.add_mentions(self._prose, roots)

    def records(self, text: Text) -> Extraction:
        """All of it as records, in the order of the text."""
        roots = sorted(self._roots(), key=lambda d: (d.mentions[0], d.mentions[-1], d.type))
        ids = {draft: f"e{number}" for number, draft in enumerate(roots, start=1)}
        return Extraction(
            document=text.document.name,
            entities=tuple(self._entity_record(draft, ids[draft]) for draft in roots),
            statements=tuple(self._statement_records(ids)),
            relations=tuple(self._relation_records(ids)),
            extractor=NAME,
            sha256=text.sha256,
        )

    # --- looking up ---------------------------------------------------------------------------

    @contextmanager
    def _counted(self) -> Iterator[None]:
        try:
            yield
        except _LeftOut as left_out:
            self.dropped[left_out.reason] += 1

    def _entity(self, said: SaidEntity, finder: Finder) -> Draft:
        places: dict[Place, None] = {}
        for wording in said.mentions:
            found = [] if _is_pronoun(wording.strip()) else finder.wording(wording)
            if not found:
                self.dropped[NO_WORDING] += 1
            places.update(dict.fromkeys(found))
        if not places:
            raise _LeftOut(NO_ENTITY)
        draft = Draft(said.type, sorted(places), NAME)
        self._drafts.append(draft)
        for name in self._names(draft):
            other = self._by_name.setdefault((said.type, name), draft)
            self._unite(other, draft)
        return draft

    def _stance(self, said: SaidStatement, known: dict[str, Draft], finder: Finder) -> _Stance:
        speaker = None if said.speaker is None else known.get(said.speaker)
        if said.speaker is not None and (speaker is None or speaker.type not in ACTOR_TYPES):
            raise _LeftOut(NO_SPEAKER)
        named = (known[i] for i in said.content if i in known)
        content = tuple(dict.fromkeys(d for d in named if d.type in _ELEMENTS))
        if not content:
            raise _LeftOut(NO_CONTENT)
        evidence = self._evidence(said.evidence, content, finder)
        called = (known[i] for i in said.addressee if i in known)
        addressee = tuple(dict.fromkeys(d for d in called if d.type in ACTOR_TYPES))
        return _Stance(speaker, said.modality, content, addressee, evidence)

    def _link(self, said: SaidRelation, known: dict[str, Draft], finder: Finder) -> _Link:
        subject, object_ = known.get(said.subject), known.get(said.object)
        if subject is None or object_ is None:
            raise _LeftOut(NO_ENDS)
        subjects, objects = SIGNATURES[said.predicate]
        fits = subject.type in subjects and object_.type in objects
        if not fits or (said.predicate == "partOf" and subject.type != object_.type):
            raise _LeftOut(WRONG_ENDS)
        evidence = self._evidence(said.evidence, (subject, object_), finder)
        return _Link(subject, said.predicate, object_, evidence)

    def _evidence(self, said: str, about: Sequence[Draft], finder: Finder) -> Place:
        """The whole sentences of a quote that names one of the things."""
        found = finder.sentence(said)
        if not found:
            raise _LeftOut(NO_SENTENCE)
        for place in found:
            first, last = (self._prose.passage_at(at) for at in (place[0], place[1] - 1))
            if last - first >= _MOST_PASSAGES:
                wholes = [self._whole(i, i) for i in range(first, last + 1)]
            else:
                wholes = [self._whole(first, last)]
            for whole in wholes:
                if any(_names(draft, whole) for draft in about):
                    return whole
        raise _LeftOut(OFF_SENTENCE)

    def _whole(self, first: int, last: int) -> Place:
        passages = self._prose.passages
        return passages[first].start, passages[last].end

    # --- merging ------------------------------------------------------------------------------

    def _names(self, draft: Draft) -> list[str]:
        """The wordings by which a thing is known elsewhere: not "programme", unless it is all."""
        wordings = {self._wording(place) for place in draft.mentions}
        longest = max(wordings, key=lambda w: (len(w), w))
        return sorted(w.casefold() for w in wordings if w == longest or not _is_common(w))

    def _wording(self, place: Place) -> str:
        return " ".join(self._prose.text[place[0] : place[1]].split())

    def _merge_surnames(self) -> None:
        """One word is the person whose name it ends, where only one person has that name."""
        people = [d for d in self._roots() if d.type == "Person"]
        by_last: dict[str, set[Draft]] = defaultdict(set)
        for person in people:
            for place in person.mentions:
                *first, last = self._wording(place).split()
                if first:
                    by_last[last.casefold()].add(person)
        for person in people:
            wordings = {self._wording(place).casefold() for place in person.mentions}
            whole = by_last[min(wordings)] if len(wordings) == 1 else set()
            if len(whole) == 1:
                self._unite(next(iter(whole)), person)

    def _merge_acronyms(self) -> None:
        """An acronym in brackets is the thing of its type that is named before the brackets."""
        at_end = {(d.type, end): d for d in self._roots() for _, end in d.mentions}
        for draft in self._roots():
            for start, end in draft.mentions:
                text = self._prose.text
                if not _ACRONYM.fullmatch(text[start:end]) or text[end : end + 1] != ")":
                    continue
                before = text[:start]
                if before.endswith("(") and (
                    full := at_end.get((draft.type, len(before[:-1].rstrip())))
                ):
                    self._unite(full, draft)

    def _settle_shared(self) -> None:
        """Give a mention that several things of a type claim to the one named last before it.

        What is left without a mention of its own was only a description of the others.
        """
        claims: dict[tuple[str, Place], list[Draft]] = defaultdict(list)
        for draft in self._roots():
            for place in draft.mentions:
                claims[draft.type, place].append(draft)
        shared = {key: owners for key, owners in claims.items() if len(owners) > 1}
        contested = {place for _, place in shared}
        own = {
            draft: [p for p in draft.mentions if p not in contested]
            for owners in shared.values()
            for draft in owners
        }
        taken: dict[Draft, list[Place]] = {draft: list(places) for draft, places in own.items()}
        last_owner: dict[Draft, Draft] = {}
        for (_, place), owners in sorted(shared.items(), key=lambda item: item[0]):
            owner = max(owners, key=lambda d: _last_before(own[d], place))
            taken[owner].append(place)
            last_owner.update(dict.fromkeys(owners, owner))
        for draft, places in taken.items():
            draft.mentions = sorted(places)
        for draft in [d for d, places in taken.items() if not places]:
            self._unite(last_owner[draft], draft)

    def _unite(self, one: Draft, other: Draft) -> None:
        one, other = self._root(one), self._root(other)
        if one is not other:
            one.mentions = sorted({*one.mentions, *other.mentions})
            self._same[other] = one

    def _root(self, draft: Draft) -> Draft:
        while draft in self._same:
            draft = self._same[draft]
        return draft

    def _roots(self) -> list[Draft]:
        return [draft for draft in self._drafts if draft not in self._same]

    # --- records ------------------------------------------------------------------------------

    def _entity_record(self, draft: Draft, id_: str) -> Entity:
        spans = tuple(self._span(place) for place in draft.mentions)
        return Entity(
            id=id_,
            type=draft.type,
            name=max((self._wording(p) for p in draft.mentions), key=len),
            mentions=spans,
            confidence=confidence.table().of(f"entity/{draft.type}", NAME),
        )

    def _statement_records(self, ids: dict[Draft, str]) -> Iterator[Statement]:
        """One for each speaker, modality and sentence."""
        found: dict[tuple[str | None, Modality, Place], tuple[dict[str, None], dict[str, None]]]
        found = {}
        for s in self._stances:
            speaker = None if s.speaker is None else ids[self._root(s.speaker)]
            content, addressee = found.setdefault((speaker, s.modality, s.evidence), ({}, {}))
            content.update((ids[self._root(d)], None) for d in s.content)
            addressee.update((ids[self._root(d)], None) for d in s.addressee)
        for (speaker, modality, evidence), (content, addressee) in found.items():
            yield Statement(
                speaker=speaker,
                modality=modality,
                content=tuple(content),
                addressee=tuple(addressee),
                evidence=self._span(evidence),
                confidence=confidence.table().of(f"statement/{modality}", NAME),
            )

    def _relation_records(self, ids: dict[Draft, str]) -> Iterator[Relation]:
        seen: set[tuple[str, str, str]] = set()
        for link in self._links:
            subject, object_ = ids[self._root(link.subject)], ids[self._root(link.object)]
            key = (subject, link.predicate, object_)
            mirrored = (object_, link.predicate, subject) if link.predicate == "partnerOf" else key
            if subject == object_ or key in seen or mirrored in seen:
                continue
            seen.add(key)
            yield Relation(
                subject=subject,
                predicate=link.predicate,
                object=object_,
                evidence=self._span(link.evidence),
                confidence=confidence.table().of(f"relation/{link.predicate}", NAME),
            )

    def _span(self, place: Place) -> Span:
        return Span(start=place[0], end=place[1], text=self._prose.text[place[0] : place[1]])


def _is_pronoun(wording: str) -> bool:
    """Whether a wording is "us" or "Who"; "US" and "WHO" are names."""
    return _PRONOUNS.fullmatch(wording[:1].lower() + wording[1:]) is not None


def _is_common(wording: str) -> bool:
    """Whether a wording is a word of the language rather than a name."""
    return " " not in wording and wording.islower()


def _names(draft: Draft, place: Place) -> bool:
    return any(start < place[1] and end > place[0] for start, end in draft.mentions)


def _last_before(places: Sequence[Place], place: Place) -> int:
    return max((end for _, end in places if end <= place[0]), default=-1)


def _leave_inner(drafts: Sequence[Draft]) -> None:
    """Drop mentions inside those of another thing of the type, of things named elsewhere too."""
    by_type: dict[str, list[tuple[int, int, Draft]]] = defaultdict(list)
    for draft in drafts:
        by_type[draft.type] += [(start, -end, draft) for start, end in draft.mentions]
    for found in by_type.values():
        found.sort(key=lambda m: m[:2])
        reach = -1
        for start, negative_end, draft in found:
            if -negative_end <= reach and len(draft.mentions) > 1:
                draft.mentions.remove((start, -negative_end))
            reach = max(reach, -negative_end)
