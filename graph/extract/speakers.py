"""Who speaks where: the narrator of a document, and the speakers of quoted and reported words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from graph.concepts import is_reported
from graph.extract.clauses import Clause, actors_from, clauses, holders
from graph.extract.cues import load
from graph.extract.draft import Draft
from graph.extract.issuers import nearness, normal
from graph.extract.scene import ACTORS, SYMBOLS, Mention, Row, Scene
from graph.records import Document

_HEADER_PASSAGES = 8
_CLOSING_PASSAGES = 3
_FIRST_PERSON = frozenset(("i", "we", "my", "our", "me", "us"))
_OPENING_QUOTES = "“«"
_CLOSING_QUOTES = "”»"


@dataclass(frozen=True, slots=True)
class Voice:
    """Speakers of a passage that are not (only) its narrator.

    `verbatim`: the words stand in quotation marks. `clause_start` is the unit of the reporting
    verb, which is no stance of its own.
    """

    speakers: tuple[Draft, ...]
    verbatim: bool
    verb: int = -1


@dataclass(slots=True)
class Voices:
    """Narrator of each passage (empty: none is named), and the voices of quoted passages."""

    narrators: list[tuple[Draft, ...]]
    voices: dict[int, Voice]
    quoted: bytearray
    readings: dict[int, list[Clause]] = field(default_factory=dict)
    owners: dict[Draft, Draft] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _reports() -> frozenset[str]:
    return frozenset(load("speech")["report"])


def is_report(verb: str | None) -> bool:
    """Whether the verb only reports words ("say", "add")."""
    return verb in _reports()


def listen(scene: Scene, document: Document) -> Voices:
    """Find the narrators, the quotations and who is quoted."""
    quoted = _quoted_tokens(scene)
    readings = {row.index: clauses(scene, row) for row in scene.rows()}
    narrators = _narrators(scene, document, quoted)
    result = Voices(narrators, {}, quoted, readings)
    _find_owners(scene, result)
    _attribute(scene, result)
    return result


# --- who is behind a document, an event or a measure --------------------------------------------


def _find_owners(scene: Scene, result: Voices) -> None:
    """The first actor that the text ties to each document, event and instrument as its own."""
    owners = result.owners
    issues = frozenset(load("speech")["issues"])
    for row in scene.rows():
        for outer in row.mentions:
            if outer.symbol in "de" and outer.draft not in owners:
                inner = next((m for m in row.inside(outer) if m.symbol in "prcu"), None)
                if inner is not None:
                    owners[outer.draft] = inner.draft
        for match in _OWNED.finditer(row.shape):
            owner, owned = row.named[match.start()], row.named[match.end() - 1]
            assert owner is not None
            assert owned is not None
            owners.setdefault(owned.draft, owner.draft)
        for match in _BY.finditer(row.shape):
            word = scene.prose.lowers[row.firsts[match.start() + 1]]
            of = word == "of" and row.shape[match.start()] == "i"
            if word in ("by", "from") or of:
                owned, behind = row.named[match.start()], actors_from(row, match.start() + 2)
                if owned is not None and behind:
                    owners.setdefault(owned.draft, behind[0].draft)
        for clause in result.readings[row.index]:
            if clause.lemma in issues:
                for mention in row.named[clause.end : clause.end + 8]:
                    if mention is not None and mention.symbol in "dei" and clause.subjects:
                        owners.setdefault(mention.draft, clause.subjects[0].draft)
            for mention in row.named[clause.end : clause.end + 8] if clause.subjects else ():
                if mention is not None and mention.symbol in "dei":
                    before = scene.prose.lowers[max(mention.first - 2, 0) : mention.first]
                    if not _POSSESSIVES.isdisjoint(before):
                        owners.setdefault(mention.draft, clause.subjects[0].draft)
                if clause.thing is not None and clause.agents:
                    owners.setdefault(clause.thing.draft, clause.agents[0].draft)


_POSSESSIVES = frozenset(("its", "his", "her", "their"))
_OWNED = re.compile(r"[prcuo]Z[AN#]{0,2}[dei]")
_BY = re.compile(r"[dei]PD?[AXN]{0,3}[prcuo]")


# --- quotations ---------------------------------------------------------------------------------


def _quoted_tokens(scene: Scene) -> bytearray:
    """One byte a token: 1 inside double quotation marks. A paragraph closes what it left open."""
    prose = scene.prose
    quoted = bytearray(len(prose.words))
    if not prose.words:
        return quoted
    opened = -1
    paragraph = -1
    at = prose.tags.find('"')
    while at >= 0:
        here = prose.passages[prose.passage_at(prose.starts[at])].paragraph
        if here != paragraph:
            if opened >= 0:
                _close(scene, quoted, opened, paragraph)
            opened, paragraph = -1, here
        mark = prose.words[at]
        if mark in _OPENING_QUOTES or (mark in '"' and opened < 0):
            opened = at
        elif (mark in _CLOSING_QUOTES or mark == '"') and opened >= 0:
            quoted[opened : at + 1] = b"\1" * (at + 1 - opened)
            opened = -1
        at = prose.tags.find('"', at + 1)
    if opened >= 0:
        _close(scene, quoted, opened, paragraph)
    return quoted


def _close(scene: Scene, quoted: bytearray, opened: int, paragraph: int) -> None:
    """A quotation goes on to the end of its paragraph when the next paragraph opens another."""
    prose = scene.prose
    index = prose.passage_at(prose.starts[opened])
    while index + 1 < len(prose.passages) and prose.passages[index + 1].paragraph == paragraph:
        index += 1
    last = prose.passages[index].last
    quoted[opened:last] = b"\1" * (last - opened)


# --- narrators ----------------------------------------------------------------------------------


def _narrators(scene: Scene, document: Document, quoted: bytearray) -> list[tuple[Draft, ...]]:
    """The narrator of each passage."""
    base = (
        _issuer(scene, document)
        or _from_header(scene)
        or _from_parties(scene)
        or _from_closing(scene)
        or _from_byline(scene, quoted)
    )
    narrators: list[tuple[Draft, ...]] = []
    current = base
    for index, passage in enumerate(scene.prose.passages):
        if scene.by_passage[index] and (label := _label(scene, index)) is not None:
            current = label
        narrators.append(current)
        del passage
    return narrators


def _issuer(scene: Scene, document: Document) -> tuple[Draft, ...]:
    """The actor whose name is the issuer's, where the text speaks in the first person.

    The issuer of a report on somebody's act is not the one who speaks in it.
    """
    if not document.issuer or not _in_first_person(scene):
        return ()
    if is_reported(document.genre, document.issuer):
        return ()
    issuer = document.issuer
    nearest: dict[Draft, int] = {}
    for draft in scene.entities:
        if SYMBOLS[draft.type] not in ACTORS:
            continue
        names = {scene.prose.text[s:e] for s, e in draft.mentions} | {draft.name or ""}
        if normal(issuer) in map(normal, names):
            return (draft,)
        if draft.type == "Country" or draft.rule == "government":
            near = int(_is_government(issuer, names))
        else:
            near = max(nearness(issuer, name) for name in names)
        if near:
            nearest[draft] = near
    return (max(nearest, key=lambda d: nearest[d]),) if nearest else ()


def _is_government(issuer: str, names: set[str]) -> bool:
    """Whether a government issues the text, and the names are those of it or of its country."""
    words = [w for w in normal(issuer).split() if w not in ("government", "of", "the", "republic")]
    governs = "government" in normal(issuer).split()
    own = {normal(name) for name in names}
    return governs and ("government" in own or " ".join(words) in own)


def _in_first_person(scene: Scene) -> bool:
    """Whether "I" or "we" speak now and then (quotations included: it is a rough measure)."""
    lowers = scene.prose.lowers
    return sum(lowers.count(w) for w in _FIRST_PERSON) * 200 > len(lowers)


def _from_header(scene: Scene) -> tuple[Draft, ...]:
    """The issuer named in the first lines, where they say that the text speaks for somebody."""
    cues = load("speech")
    headers: list[str] = cues["headers"]
    utterances = frozenset(cues["utterances"])
    prose = scene.prose
    marked = False
    above: tuple[Draft, ...] = ()
    for index, passage in enumerate(prose.passages[:_HEADER_PASSAGES]):
        text = prose.text[passage.start : passage.end].lower()
        marked = marked or any(-1 < text.find(h) < 20 for h in headers)
        if not scene.by_passage[index]:
            if marked and above:
                return above
            continue
        row = scene.row(index)
        above = _alone(row)
        for token in range(passage.first, min(passage.last - 1, passage.first + 5)):
            if prose.lowers[token] in utterances and prose.lowers[token + 1] in (
                "by",
                "from",
                "of",
            ):
                inner = [m for m in row.mentions if m.first >= token + 2 and m.symbol in ACTORS]
                if inner and inner[0].first - token <= 4:
                    return _drafts(_leading(row, inner))
        if marked:
            actors = [m for m in row.named if m is not None and m.symbol in ACTORS]
            if actors and actors[0].first - passage.first <= 8:
                return _drafts(_leading(row, actors))
    return ()


def _from_parties(scene: Scene) -> tuple[Draft, ...]:
    """The group under which the parties of an agreement speak: "(hereinafter the Parties)"."""
    prose = scene.prose
    names = frozenset(load("speech")["parties"])
    for index in range(min(_HEADER_PASSAGES, len(prose.passages))):
        for mention in scene.by_passage[index]:
            before = prose.lowers[max(mention.first - 8, 0) : mention.first]
            if (
                mention.symbol == "u"
                and prose.lowers[mention.last - 1] in names
                and not _NAMING.isdisjoint(before)
            ):
                return (mention.draft,)
    return ()


_NAMING = frozenset(("hereinafter", "hereafter", "collectively", "henceforth"))


def _leading(row: Row, actors: list[Mention]) -> tuple[Mention, ...]:
    """The first actor, or the person whose post comes first, and those who act jointly with it."""
    if len(actors) > 1 and actors[0].symbol == "o" and actors[1].symbol == "p":
        actors = actors[1:]
    joint = [actors[0]]
    for mention in actors[1:]:
        between = row.shape[row.unit_of(joint[-1].first) + 1 : row.unit_of(mention.first)]
        if mention.symbol != joint[0].symbol or between not in _JOINING:
            break
        joint.append(mention)
    return tuple(joint)


# Between actors who issue a text together: "Chile and Peru", "Chile-Peru".
_JOINING = frozenset(("C", "CD", ",", ",C", ",CD", ",D", "-"))


def _from_closing(scene: Scene) -> tuple[Draft, ...]:
    """A signature under a text in the first person: a last line that is only a name."""
    prose = scene.prose
    if not any(w in ("i", "me", "my") for w in prose.lowers):
        return ()
    for index in range(len(prose.passages) - 1, -1, -1)[:_CLOSING_PASSAGES]:
        mentions = scene.by_passage[index]
        passage = prose.passages[index]
        if (
            len(mentions) == 1
            and mentions[0].symbol == "p"
            and passage.last - passage.first <= mentions[0].last - mentions[0].first + 2
        ):
            return (mentions[0].draft,)
    return ()


def _alone(row: Row) -> tuple[Draft, ...]:
    """The body whose name is all that stands in a line."""
    names = [m for m in row.named if m is not None]
    alone = len(names) == 1 and names[0].symbol in "rc" and len(row.shape) <= 2
    return (names[0].draft,) if alone else ()


def _from_byline(scene: Scene, quoted: bytearray) -> tuple[Draft, ...]:
    """The author of a text in the first person, as a line at its head says: "By Ana Reis"."""
    lowers = scene.prose.lowers
    for index, passage in enumerate(scene.prose.passages[:_HEADER_PASSAGES]):
        mentions = scene.by_passage[index]
        if not mentions or passage.last - passage.first > _BYLINE:
            continue
        first = next((m for m in mentions if m.symbol in "po"), None)
        opened = first is not None and first.first == passage.first + 1
        if first is not None and opened and lowers[passage.first] == "by":
            own = sum(w in _FIRST_PERSON and not q for w, q in zip(lowers, quoted, strict=True))
            person = next((m for m in mentions if m.symbol == "p"), first)
            return (person.draft,) if own * 200 > len(lowers) else ()
    return ()


# The longest line that names an author and the author's office, in words.
_BYLINE = 20


def _label(scene: Scene, index: int) -> tuple[Draft, ...] | None:
    """The speaker whose name and a colon open a passage, as in records of debates."""
    row = scene.row(index)
    match = _LABEL.match(row.shape)
    if match is None or match.end() > len(row.shape) - 5 or row.passage.kind == "item":
        return None
    mentions = [row.named[u] for u in range(match.end()) if row.named[u] is not None]
    actors = [m for m in mentions if m is not None and m.symbol in "po"]
    words = scene.prose.text[actors[0].start : actors[0].end]
    if not (words.isupper() or actors[0].symbol == "p"):
        return None
    return _drafts(holders(row, actors)[:1])


_LABEL = re.compile(r"[DXN.]{0,3}[op][XNCPDAopr().,&]{0,8}:")


def _drafts(mentions: tuple[Mention, ...]) -> tuple[Draft, ...]:
    return tuple(dict.fromkeys(m.draft for m in mentions))


# --- attribution --------------------------------------------------------------------------------


def _attribute(scene: Scene, result: Voices) -> None:
    """Give every quoted or reported passage its speakers."""
    prose = scene.prose
    last: tuple[Draft, ...] = ()
    person: tuple[Draft, ...] = ()
    waiting: list[int] = []
    paragraph = -1
    current: tuple[Draft, ...] = ()
    for index, passage in enumerate(prose.passages):
        if passage.paragraph != paragraph:
            for late in waiting:  # nobody was named in that paragraph: the last speaker goes on
                if last:
                    result.voices[late] = Voice(last, True)
            waiting, current, paragraph = [], (), passage.paragraph
        inside = sum(result.quoted[passage.first : passage.last])
        verbatim = inside >= 4
        if scene.by_passage[index] or verbatim:
            row = scene.row(index)
            if row.index not in result.readings:
                result.readings[row.index] = clauses(scene, row)
            found, verb = _source(scene, row, result, person)
            if found:
                result.voices[index] = Voice(found, verbatim, verb)
                for late in waiting:
                    result.voices[late] = Voice(found, True)
                waiting = []
                last = current = found
            elif verbatim and inside * 2 > passage.last - passage.first:
                if current:
                    result.voices[index] = Voice(current, True)
                else:
                    waiting.append(index)
            subjects = [m for c in result.readings[row.index] for m in c.subjects]
            for mention in [*(m for m in row.named if m is not None), *subjects[:1]]:
                if mention.symbol == "p":
                    person = (mention.draft,)
        del passage
    for late in waiting:
        if last:
            result.voices[late] = Voice(last, True)


def _source(
    scene: Scene, row: Row, result: Voices, person: tuple[Draft, ...]
) -> tuple[tuple[Draft, ...], int]:
    """Who is quoted in this passage, and the unit of the reporting verb (-1: "according to")."""
    prose = scene.prose
    for clause in result.readings[row.index]:
        token = row.firsts[clause.end - 1]
        if not is_report(clause.lemma) or result.quoted[token] or clause.relative or clause.modal:
            continue
        before = row.shape[: clause.start].rstrip("R")[-1:]
        behind = actors_from(row, clause.end)
        if before in ('"', ",") and behind and behind[0].first - row.lasts[clause.end - 1] <= 3:
            return _drafts(behind), clause.start
        if clause.kind == "actor":
            return _drafts(clause.subjects), clause.start
        if clause.thing is not None and clause.thing.draft in result.owners:
            return (result.owners[clause.thing.draft],), clause.start
        if clause.kind == "pronoun" and clause.pronoun in ("he", "she") and person:
            return person, clause.start
    for unit in range(len(row.shape) - 2):
        token = row.firsts[unit]
        pair = f"{prose.lowers[token]} {prose.lowers[min(token + 1, len(prose.lowers) - 1)]}"
        if pair != "according to":
            continue
        if actors := actors_from(row, unit + 2):
            return _drafts(actors), -1
        cited = next((m for m in row.named[unit + 2 : unit + 7] if m is not None), None)
        if cited is not None and cited.draft in result.owners:
            return (result.owners[cited.draft],), -1
    return (), -1
