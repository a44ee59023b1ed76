"""Finds who takes what stance on which goals and instruments.

A sentence gives one statement per speaker and stance. The speaker is the subject of the clause, the
person quoted, the actor after "by", or the narrator; the stance comes from the verb, its modal or
what follows "is" (`cues/modality.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from graph.extract.clauses import Clause, lemma
from graph.extract.cues import by_word, load
from graph.extract.draft import Draft, StatementDraft
from graph.extract.passages import Prose
from graph.extract.scene import POLICY, Mention, Row, Scene, place
from graph.extract.speakers import Voices, is_report, listen
from graph.records import Attribution, Document, Modality


def find(prose: Prose, document: Document, entities: Sequence[Draft]) -> list[StatementDraft]:
    """Statements in the order of the text."""
    scene = place(prose, entities)
    return read(scene, listen(scene, document))


def read(scene: Scene, voices: Voices) -> list[StatementDraft]:
    """The same for entities that are already placed."""
    if not any(d.type in ("Goal", "Instrument") for d in scene.entities):
        return []
    reader = _Reader(scene, voices)
    found = [statement for row in scene.rows() for statement in reader.read(row)]
    # A history of tides may name "a programme": where nobody does or wants it, it is no policy.
    return found if any(s.speaker or s.rule not in _WORDLESS for s in found) else []


# Rules of stances of nobody that no cue tells.
_WORDLESS = frozenset(("null-default", "null-does", "null-done"))


@dataclass(frozen=True, slots=True)
class Stance:
    """A modality, how sure its cue is (0 default, 1 modal, 2 word), and the rule that told it."""

    modality: Modality
    strength: int
    rule: str


@dataclass(frozen=True, slots=True)
class Cues:
    """`cues/modality.toml`, by word."""

    verbs: dict[str, str]
    passives: dict[str, str]
    complements: dict[str, str]
    nouns: dict[str, str]
    modals: dict[str, str]
    openings: dict[str, str]
    effects: frozenset[str]
    resolved: dict[str, str]
    stressed: dict[str, str]
    attitudes: frozenset[str]
    single: frozenset[str]
    joint: frozenset[str]


@lru_cache(maxsize=1)
def _cues() -> Cues:
    tables = load("modality")

    def turned(name: str) -> dict[str, str]:
        return by_word(tables[name], "modality")

    return Cues(
        verbs=turned("verbs"),
        passives=turned("passives"),
        complements=turned("complements"),
        nouns=turned("nouns"),
        modals=turned("modals"),
        openings=turned("openings"),
        effects=frozenset(tables["effects"]["words"]),
        resolved=turned("resolved"),
        stressed=turned("stressed"),
        attitudes=frozenset(tables["attitudes"]["words"]),
        single=frozenset(tables["anaphors"]["single"]),
        joint=frozenset(tables["anaphors"]["joint"]),
    )


@dataclass(slots=True)
class _Found:
    """A statement in the making: speakers, the best stance so far and where its content begins."""

    speakers: tuple[Draft, ...]
    stance: Stance
    start: int
    addressee: list[Draft] = field(default_factory=list)
    source: str = "subject"


@dataclass(slots=True)
class _Lead:
    """What the sentence that opens a list says: its speakers and stance."""

    speakers: tuple[Draft, ...]
    stance: Stance


class _Reader:
    """Reads the rows of one document in order, remembering who was last spoken of."""

    def __init__(self, scene: Scene, voices: Voices) -> None:
        self.scene = scene
        self.voices = voices
        self.cues = _cues()
        self.leads: dict[int, _Lead] = {}
        self.needed_leads = {p.lead for p in scene.prose.passages if p.lead is not None}
        self.last: dict[str, tuple[Draft, ...]] = {}
        self.topic: _Lead | None = None

    def read(self, row: Row) -> list[StatementDraft]:
        """The statements of one passage."""
        content = [m for m in row.mentions if m.symbol in POLICY]
        if not content and row.index not in self.needed_leads:
            self._remember(row, self.voices.readings[row.index])
            return []
        readings = self.voices.readings[row.index]
        found = self._stances(row, readings)
        named = [f for f in found if f.speakers]
        if row.index in self.needed_leads and named:
            self.leads[row.index] = _Lead(named[-1].speakers, named[-1].stance)
        if named and row.passage.kind != "item":
            self.topic = _Lead(named[-1].speakers, named[-1].stance)
        self._remember(row, readings)
        if not content or (row.passage.kind == "heading" and not self._speaks(row, found)):
            return []
        if not named and self._lacks_speaker(found, readings):
            return []
        return self._drafts(row, content, found)

    def _lacks_speaker(self, found: list[_Found], readings: list[Clause]) -> bool:
        """Whether nobody is named for a stance that only somebody can take, or there is none."""
        best = max(found, key=lambda f: f.stance.strength)
        if best.stance.rule == "fragment":
            return True
        return best.stance.rule == "verb" and all(c.kind == "none" for c in readings)

    def _speaks(self, row: Row, found: list[_Found]) -> bool:
        """A heading is a statement only where an actor does something in it."""
        return any(f.source == "subject" and f.speakers for f in found)

    # --- stances of a passage ---

    def _stances(self, row: Row, readings: list[Clause]) -> list[_Found]:
        voice = self.voices.voices.get(row.index)
        narrator = self.voices.narrators[row.index]
        found: list[_Found] = []
        for number, clause in enumerate(readings):
            if clause.relative and found:
                continue
            if voice is not None and clause.start == voice.verb and len(readings) > 1:
                continue
            following = readings[number + 1] if number + 1 < len(readings) else None
            if voice is None and self._defers(row, clause, following):
                continue
            stance = self._stance(row, clause)
            if voice is not None:
                speakers, source = self._within_voice(row, clause, stance, voice.speakers)
            else:
                speakers, source = self._speakers(row, clause, narrator)
            if speakers and source in ("voice", "narrator") and self._praises(clause, stance):
                stance = Stance("endorses", stance.strength, stance.rule)
            addressee: list[Draft] = []
            if clause.deontic and clause.kind == "actor":
                addressee = [m.draft for m in clause.subjects]
            if source == "anaphor" and stance.rule == "default":
                stance = Stance("carries-out", 0, "does")
            found.append(_Found(speakers, stance, clause.subject_unit, addressee, source))
        if row.passage.kind == "item" or not found or self._is_fragment(row, readings):
            self._open_item(row, readings, found, voice.speakers if voice else narrator)
        sure = [f for f in found if f.source != "far-agent"]
        return _merge(sure if any(f.speakers for f in sure) else found)

    def _praises(self, clause: Clause, stance: Stance) -> bool:
        """Whether a speaker says what a thing does or will do: "it will help our regions"."""
        told = stance.rule in ("effect", "modal", "does") and stance.modality != "calls-for"
        return told and clause.kind in ("thing", "noun") and clause.modal in (None, "will")

    def _defers(self, row: Row, clause: Clause, following: Clause | None) -> bool:
        """Whether the clause only reports what the next one says: "announced that it will"."""
        if following is None or not is_report(clause.lemma) or following.relative:
            return False
        between = row.shape[clause.end : following.start]
        return (
            following.begin >= clause.end
            and between[:1] not in ("", ",")
            and (between[0] in 'SQ":' or following.kind == "pronoun")
        )

    def _within_voice(
        self, row: Row, clause: Clause, stance: Stance, speakers: tuple[Draft, ...]
    ) -> tuple[tuple[Draft, ...], str]:
        """Who speaks in a reported passage: the one quoted, or an actor who acts in it."""
        if (
            clause.kind == "actor"
            and not clause.deontic
            and stance.modality in ("carries-out", "commits-to")
            and (clause.lemma is not None)
            and self.voices.quoted[row.firsts[clause.start]] == 0
        ):
            return tuple(dict.fromkeys(m.draft for m in clause.subjects)), "subject"
        return speakers, "voice"

    def _speakers(
        self, row: Row, clause: Clause, narrator: tuple[Draft, ...]
    ) -> tuple[tuple[Draft, ...], str]:
        """Who takes the stance of a clause that nobody is quoted for."""
        if clause.agents:
            actors = tuple(dict.fromkeys(m.draft for m in clause.agents))
            near = not clause.participle or _POSTMODIFIED.search(row.shape[: clause.start])
            return actors, "agent" if near else "far-agent"
        if clause.passive and clause.kind == "actor" and clause.lemma not in self.cues.resolved:
            return narrator, "narrator"
        if clause.kind == "actor" and clause.deontic:
            return narrator, "narrator"
        if clause.kind == "owner" and clause.passive:
            return narrator, "narrator"
        if clause.kind in ("actor", "owner"):
            if clause.copula and clause.modal is None and not self._feels(row, clause):
                return narrator, "narrator"
            return tuple(dict.fromkeys(m.draft for m in clause.subjects)), "subject"
        if clause.kind == "pronoun":
            if clause.pronoun in ("i", "we"):
                return narrator or self.last.get(clause.pronoun, ()), "narrator"
            if clause.pronoun in self.last and not clause.deontic:
                return self.last[clause.pronoun], "subject"
        if clause.kind == "noun" and not clause.deontic and not clause.passive:
            meant = self._meant(row, clause)
            if meant:
                return meant, "anaphor"
        if clause.thing is not None:
            owner = self.voices.owners.get(clause.thing.draft)
            if owner is not None and clause.thing.symbol in "de":
                return (owner,), "metonymy"
        return narrator, "narrator"

    def _meant(self, row: Row, clause: Clause) -> tuple[Draft, ...]:
        """Whom "the group", "this agency" or "both sides" means: the last body or bodies named."""
        lowers = self.scene.prose.lowers
        units = [u for u in range(clause.begin, clause.start) if row.shape[u] not in 'R,"']
        if len(units) < 2 or row.shape[units[0]] != "D":
            return ()
        head = lowers[row.firsts[units[-1]]]
        if len(units) <= 3:
            if head in self.cues.single:
                return self.last.get("it", ())
            if head in self.cues.joint:
                return self.last.get("we", ())
        return ()

    def _open_item(
        self,
        row: Row,
        readings: list[Clause],
        found: list[_Found],
        narrator: tuple[Draft, ...],
    ) -> None:
        """An item without a subject of its own goes on with the sentence that opened its list."""
        if any(f.source == "subject" and f.speakers for f in found):
            return
        if found and not self._continues(row, readings):
            return
        lead = self.leads.get(row.passage.lead) if row.passage.lead is not None else None
        goes_on = row.passage.kind == "item" or self._is_fragment(row, readings)
        if lead is None and not narrator and goes_on:
            lead = self.topic
        opening = self._opening(row)
        if lead is None:
            if not found:
                planned = bool(narrator) and self._first_tag(row) in ("V", "G")
                fragment = _stance("commits-to" if planned else "assesses", 0, "fragment")
                stance = opening or fragment
                found.append(_Found(narrator, stance, 0, source="narrator"))
            return
        own = found[0].stance if found else None
        told = own is not None and own.rule in ("modal", "passive", "complement")
        stance = opening or (own if own is not None and told else _listed(lead.stance))
        found[:] = [_Found(lead.speakers, stance, 0, source="list")]

    def _is_fragment(self, row: Row, readings: list[Clause]) -> bool:
        """Whether a sentence opens with a verb in its base form or in -ing and has no subject."""
        token = self._first_token(row)
        return (
            token is not None
            and self.scene.prose.tags[token] in "VG"
            and not any(
                c.kind != "none" and not c.relative and row.shape[c.start : c.end] != "E"
                for c in readings
            )
        )

    def _continues(self, row: Row, readings: list[Clause]) -> bool:
        """Whether the passage has no subject of its own: it opens with a verb or is a fragment."""
        if not any(c.kind in ("thing", "noun", "pronoun") and not c.relative for c in readings):
            return True
        opening = self._first_token(row)
        return (
            opening is not None
            and self.scene.prose.tags[opening] in "VG"
            and (row.named[row.unit_of(opening)] is None)
        )

    def _first_tag(self, row: Row) -> str:
        """Its tag; empty where the passage has no word."""
        token = self._first_token(row)
        return "" if token is None else self.scene.prose.tags[token]

    def _first_token(self, row: Row) -> int | None:
        """The first word of a passage."""
        prose = self.scene.prose
        for token in range(row.passage.first, row.passage.last):
            if prose.words[token][0].isalnum():
                return token
        return None

    def _opening(self, row: Row) -> Stance | None:
        """The stance of an item that opens with a verb."""
        token = self._first_token(row)
        if token is None:
            return None
        verb = lemma(self.scene, token)
        modality = self.cues.openings.get(verb)
        done = self.scene.prose.tags[token] in "GE"  # "open a site" goes on with "will"
        if modality is None or (modality == "carries-out" and not done):
            return None
        return Stance(modality, 2, "opening")  # type: ignore[arg-type]

    # --- the stance of a clause ---

    def _stance(self, row: Row, clause: Clause) -> Stance:
        cues = self.cues
        following = self._words_after(row, clause, 5)
        verb = clause.lemma
        if clause.modal and cues.modals.get(clause.modal) in ("requires", "calls-for"):
            return _stance(cues.modals[clause.modal], 2, "modal")
        if verb == "need" and clause.kind != "actor":
            return _stance("calls-for", 2, "verb")
        if clause.passive and verb in cues.resolved and clause.kind in ("actor", "pronoun"):
            return _stance(cues.resolved[verb], 2, "passive")
        if clause.passive and verb in cues.passives and not clause.agents:
            return _stance(cues.passives[verb], 2, "passive")
        if clause.modal == "will" and not clause.passive:
            if clause.kind not in ("actor", "pronoun", "owner") and verb in cues.effects:
                return _stance("assesses", 1, "effect")
            if verb in cues.verbs and cues.verbs[verb] != "assesses":
                return _stance("commits-to", 1, "modal")
            return _stance("commits-to", 1, "modal")
        if verb is None or verb in ("remain", "become"):
            for word in following:
                if word in cues.complements:
                    return _stance(cues.complements[word], 2, "complement")
        if verb is not None and verb in cues.verbs and not clause.passive:
            stressed = (cues.stressed[w] for w in following if w in cues.stressed)
            told = cues.verbs[verb]
            return _stance(next(stressed, told) if told == "endorses" else told, 2, "verb")
        for word in following[:3]:
            if word in cues.nouns:
                return _stance(cues.nouns[word], 1, "noun")
        if clause.modal:
            return _stance(cues.modals.get(clause.modal, "assesses"), 1, "modal")
        if clause.agents:
            return _stance("carries-out", 1, "agent")
        if not clause.copula and clause.kind in ("actor", "owner", "pronoun"):
            return _stance("carries-out", 0, "does")
        if verb is not None and clause.passive:
            return _stance("carries-out", 0, "done")
        return _stance("assesses", 0, "default")

    def _feels(self, row: Row, clause: Clause) -> bool:
        """Whether what follows "is" is an attitude of the subject: "is committed to"."""
        return not self.cues.attitudes.isdisjoint(self._words_after(row, clause, 3))

    def _words_after(self, row: Row, clause: Clause, count: int) -> list[str]:
        lowers = self.scene.prose.lowers
        units = range(clause.end, min(clause.end + count, len(row.shape)))
        return [lowers[row.firsts[u]] for u in units if row.named[u] is None]

    # --- drafts ---

    def _drafts(
        self, row: Row, content: list[Mention], found: list[_Found]
    ) -> list[StatementDraft]:
        everything = list(dict.fromkeys(m.draft for m in content))
        named = [f for f in found if f.speakers]
        if not named:
            best = max(found, key=lambda f: f.stance.strength)
            return [
                StatementDraft(
                    None,
                    best.stance.modality,
                    everything,
                    row.index,
                    f"null-{best.stance.rule}",
                    best.addressee,
                    "narrator",
                )
            ]
        drafts: list[StatementDraft] = []
        for number, f in enumerate(named):
            own = self._share(row, content, named, number)
            for speaker in f.speakers:
                drafts.append(
                    StatementDraft(
                        speaker,
                        f.stance.modality,
                        own or everything,
                        row.index,
                        f"{f.source}-{f.stance.rule}",
                        [a for a in f.addressee if a is not speaker],
                        self._attribution(row, f),
                    )
                )
        return drafts

    def _share(
        self, row: Row, content: list[Mention], named: list[_Found], number: int
    ) -> list[Draft]:
        """The content of one of several statements: what stands before the next one's subject."""
        if len(named) == 1:
            return list(dict.fromkeys(m.draft for m in content))
        begin = row.firsts[named[number].start] if number else 0
        end = (
            row.firsts[named[number + 1].start]
            if number + 1 < len(named) and named[number + 1].start < len(row.firsts)
            else row.passage.last
        )
        return list(dict.fromkeys(m.draft for m in content if begin <= m.first < end))

    def _attribution(self, row: Row, f: _Found) -> Attribution:
        if f.source == "metonymy":
            return "metonymy"
        voice = self.voices.voices.get(row.index)
        if f.source == "voice" and voice is not None and voice.verbatim:
            return "verbatim"
        return "paraphrase"

    def _remember(self, row: Row, readings: list[Clause]) -> None:
        """Whom "he", "she", "it" and "they" will mean in the next passage."""
        main = next((c for c in readings if not c.relative and c.kind != "none"), None)
        if main is not None and main.kind == "thing" and main.thing is not None:
            owner = self.voices.owners.get(main.thing.draft) if main.thing.symbol == "d" else None
            self.last["it"] = (owner,) if owner is not None else ()
        subjects = [m for c in readings if not c.relative for m in c.subjects]
        outer = [m for m in row.named if m is not None]
        for mention in [*reversed(outer), *reversed(subjects)]:
            if mention.symbol == "p":
                self.last["he"] = self.last["she"] = (mention.draft,)
            elif mention.symbol in "rc" and (mention in subjects or "it" not in self.last):
                self.last["it"] = (mention.draft,)
            elif mention.symbol == "u":
                self.last["they"] = (mention.draft,)
        joint = next((c.subjects for c in readings if len(c.subjects) > 1), None)
        if joint:
            self.last["they"] = tuple(m.draft for m in joint)
            if all(m.symbol in "rc" for m in joint):
                self.last["we"] = self.last["they"]


# A goal, measure, event or document right before "developed by".
_POSTMODIFIED = re.compile(r"[gied](?:\([a-zA-Z#]*\))?,?R?$")


def _listed(lead: Stance) -> Stance:
    """The stance of an item under a lead; what a speaker lists without a word on it is planned."""
    modality = "commits-to" if lead.modality == "assesses" else lead.modality
    return _stance(modality, 1, "list")


def _stance(modality: str, strength: int, rule: str) -> Stance:
    return Stance(modality, strength, rule)  # type: ignore[arg-type]


def _merge(found: list[_Found]) -> list[_Found]:
    """One entry a set of speakers: the surest stance, the first where equally sure."""
    merged: dict[tuple[Draft, ...], _Found] = {}
    for f in found:
        first = merged.get(f.speakers)
        if first is None:
            merged[f.speakers] = f
        elif f.stance.strength > first.stance.strength:
            first.stance = f.stance
            first.addressee = f.addressee or first.addressee
    return list(merged.values())
