"""Finds who takes what stance on which goals and instruments.

A sentence gives one statement per speaker and stance. The speaker is the subject of the clause, the
person quoted, the actor after "by", or the narrator; the stance comes from the verb, its modal or
what follows "is" (`cues/modality.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from graph.extract import scopes, stances
from graph.extract.antecedents import Antecedents
from graph.extract.clauses import Clause, actors_from, clauses, is_minded
from graph.extract.draft import Draft, StatementDraft
from graph.extract.passages import Prose
from graph.extract.scene import POLICY, Mention, Row, Scene, place
from graph.extract.speakers import Voices, is_report, listen
from graph.extract.stances import Stance
from graph.records import Attribution, Document


def find(prose: Prose, document: Document, entities: Sequence[Draft]) -> list[StatementDraft]:
    """Statements in the order of the text."""
    scene = place(prose, entities)
    return read(scene, listen(scene, document))


def read(scene: Scene, voices: Voices) -> list[StatementDraft]:
    """The same for entities that are already placed."""
    if not any(d.type in ("Goal", "Instrument") for d in scene.entities):
        return []
    reader = _Reader(scene, voices)
    found = [statement for row in reader.rows() for statement in reader.read(row)]
    # A history of tides may name "a programme": where nobody does or wants it, it is no policy.
    told = any(s.speaker or s.rule not in _WORDLESS for s in found)
    return scene.denials.heed(found) if told else []


# Rules under which a pronoun for an object is followed.
_OUTSPOKEN = frozenset(
    ("verb", "judgement", "campaign", "undoing", "ending", "does", "noun", "complement")
)

# Rules of stances of nobody that no cue tells.
_WORDLESS = frozenset(("null-default", "null-does", "null-done"))


@dataclass(slots=True)
class _Found:
    """A statement in the making: speakers, the best stance so far and where its content begins."""

    speakers: tuple[Draft, ...]
    stance: Stance
    start: int
    addressee: list[Draft] = field(default_factory=list)
    source: str = "subject"
    scope: scopes.Scope | None = None

    @property
    def rule(self) -> str:
        """The name under which the precision of what told it is known."""
        return f"{self.source if self.speakers else 'null'}-{self.stance.rule}"


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
        self.leads: dict[int, _Lead] = {}
        self.needed_leads = {p.lead for p in scene.prose.passages if p.lead is not None}
        self.antecedents = Antecedents(scene, voices)
        self.topic: _Lead | None = None

    def rows(self) -> Iterator[Row]:
        """Passages that name an entity or open a list, in order; a heading ends the topic."""
        passages = self.scene.prose.passages
        for index, mentions in enumerate(self.scene.by_passage):
            if passages[index].kind == "heading":
                self.topic = None
            if mentions or index in self.needed_leads:
                row = self.scene.row(index)
                if index not in self.voices.readings:
                    self.voices.readings[index] = clauses(self.scene, row)
                yield row

    def read(self, row: Row) -> list[StatementDraft]:
        """The statements of one passage."""
        content = [m for m in row.mentions if m.symbol in POLICY]
        readings = self.voices.readings[row.index]
        meant = None if content else self.antecedents.object_of(row, readings)
        if not content and meant is None and row.index not in self.needed_leads:
            self.antecedents.remember(row, readings)
            return []
        found = self._stances(row, readings)
        named = [f for f in found if f.speakers]
        if row.index in self.needed_leads and (named or (found and _is_told(found[-1]))):
            opening = (named or found)[-1]
            self.leads[row.index] = _Lead(opening.speakers, opening.stance)
        speaking = [f for f in named if f.source != "far-agent"]
        if speaking and row.passage.kind != "item":
            self.topic = _Lead(speaking[-1].speakers, speaking[-1].stance)
        elif any(c.kind == "noun" and is_minded(c) for c in readings):
            self.topic = None  # somebody without a name speaks
        self.antecedents.remember(row, readings)
        if meant is not None:
            return self._on_it(row, meant, found)
        if not content or (row.passage.kind == "heading" and not self._speaks(row, found)):
            return []
        if not named and self._lacks_speaker(found, readings):
            return []
        return self._drafts(row, content, found)

    def _on_it(self, row: Row, meant: Draft, found: list[_Found]) -> list[StatementDraft]:
        """The first stance of somebody on what "it" means; only outspoken ones count."""
        taken = [
            f
            for f in found
            if f.speakers
            and f.source in ("subject", "voice")
            and f.stance.modality in ("endorses", "opposes", "carries-out")
            and f.stance.rule in _OUTSPOKEN
        ]
        return [
            StatementDraft(
                speaker,
                f.stance.modality,
                [meant],
                row.index,
                f"pronoun-{f.stance.rule}",
                [],
                self._attribution(row, f),
            )
            for f in taken[:1]
            for speaker in f.speakers
        ]

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
        asked = hidden = False
        for number, clause in enumerate(readings):
            if clause.relative and (
                found or row.passage.kind == "item" or _is_beside(readings, number)
            ):
                continue
            if voice is not None and clause.start == voice.verb and len(readings) > 1:
                continue
            following = readings[number + 1] if number + 1 < len(readings) else None
            if voice is None and self._defers(row, clause, following):
                continue
            if scopes.is_denied(self.scene, row, readings, number):
                continue
            asked = bool(found) and self._is_asked_for(row, readings, number, asked)
            if asked:
                continue
            if self._is_open_question(row, clause):
                continue
            stance = stances.of_clause(self.scene, row, clause)
            if voice is not None:
                speakers, source = self._within_voice(row, clause, stance, voice.speakers)
            else:
                speakers, source = self._speakers(row, clause, narrator)
                if meant := _subject_before(readings, number):
                    speakers, source = meant, "subject"
            if source == "narrator" and _is_of_another(clause):
                hidden = True
                continue
            if speakers and self._speaks_well(source, clause, stance):
                stance = Stance("endorses", stance.strength, stance.rule)
            elif voice is not None and clause.modal == "would" and stance.rule == "modal":
                stance = Stance("commits-to", 1, "modal")  # "said that it would": the will of then
            if stance.rule == "ending" and not speakers:
                stance = Stance("assesses", 0, "ended")
            addressee = [m.draft for m in _asked(row, clause, stance)]
            if source == "voice" and stance.rule == "does" and clause.pronoun not in ("i", "we"):
                stance = Stance("assesses", 0, "default")  # what others do is only told
            if source == "anaphor" and stance.rule == "default":
                stance = Stance("carries-out", 0, "does")
            entry = _Found(speakers, stance, clause.subject_unit, addressee, source)
            if stance.modality == "opposes" and stance.rule in scopes.SCOPED:
                scope = scopes.of_object(self.scene, row, readings, number, stance.rule)
                held = any(scope.holds(row, m) for m in row.mentions if m.symbol in POLICY)
                if held or speakers or stance.rule not in scopes.OF_THINGS:
                    entry.scope = scope
            found.append(entry)
        if (hidden or any(scopes.is_denial(c) for c in readings)) and not found:
            return [_Found((), Stance("assesses", 0, "fragment"), 0, source="narrator")]
        if row.passage.kind == "item" or not found or self._is_fragment(row, readings):
            self._open_item(row, readings, found, voice.speakers if voice else narrator)
        sure = [f for f in found if f.source != "far-agent"]
        return _merge(sure if any(f.speakers for f in sure) else found)

    def _is_open_question(self, row: Row, clause: Clause) -> bool:
        """Whether a clause only says what is to be found out: "reviews whether it shall go on"."""
        before = row.firsts[clause.begin - 1] if clause.begin else row.passage.first
        return self.scene.prose.lowers[before] == "whether"

    def _is_asked_for(self, row: Row, readings: list[Clause], number: int, before: bool) -> bool:
        """Whether a clause only tells what is asked for; `before`: the one before it does."""
        clause, previous = readings[number], readings[number - 1]
        if before and clause.subjects and clause.subjects is previous.subjects:
            return clause.modal is None
        return stances.is_asked_for(self.scene, row, previous, clause)

    def _speaks_well(self, source: str, clause: Clause, stance: Stance) -> bool:
        """Whether a narrator or somebody quoted says what good a thing does."""
        if source == "voice" and stances.tells_good(clause, stance):
            return True
        return (
            source in ("voice", "narrator")
            and clause.modal != "would"
            and stances.praises(clause, stance)
        )

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
        if clause.passive and clause.kind == "actor" and not stances.is_resolved(clause):
            return narrator, "narrator"
        if clause.kind == "actor" and clause.deontic:
            return narrator, "narrator"
        if clause.kind == "owner" and clause.passive:
            return narrator, "narrator"
        if clause.kind in ("actor", "owner"):
            if (
                clause.copula
                and clause.modal is None
                and not stances.is_attitude(self.scene, row, clause)
            ):
                return narrator, "narrator"
            return tuple(dict.fromkeys(m.draft for m in clause.subjects)), "subject"
        if clause.kind == "pronoun":
            meant = self.antecedents.of_pronoun(clause.pronoun)
            if clause.pronoun in ("i", "we"):
                return narrator or meant or (), "narrator"
            if meant is not None and not clause.deontic:
                return meant, "subject"
        if clause.passive and (author := self._author_of_place(row, clause)) is not None:
            return (author,), "metonymy"
        general = clause.kind == "noun" and not clause.deontic and not clause.passive
        if general and (meant := self.antecedents.of_noun(row, clause)):
            return meant, "anaphor"
        if clause.thing is not None:
            owner = self.voices.owners.get(clause.thing.draft)
            if owner is not None and (clause.thing.symbol in "de" or stances.enacts(clause)):
                return (owner,), "metonymy"
        return narrator, "narrator"

    def _author_of_place(self, row: Row, clause: Clause) -> Draft | None:
        """Whose document it is in which things "are set out"."""
        for mention in row.named[clause.end : clause.end + 4]:
            if mention is not None:
                before = self.scene.prose.lowers[max(mention.first - 2, 0) : mention.first]
                placed = mention.symbol == "d" and "in" in before
                return self.voices.owners.get(mention.draft) if placed else None
        return None

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
        opened = self.leads.get(row.passage.lead) if row.passage.lead is not None else None
        if found and any(c.kind == "actor" and c.deontic for c in readings):
            if opened is not None and opened.speakers:
                for f in found:
                    f.speakers, f.source = f.speakers or opened.speakers, "list"
            return  # "(b) the ministry shall": a duty of its own, of nobody spoken of before
        lead = opened if opened is not None and opened.speakers else None
        goes_on = row.passage.kind == "item" or self._is_fragment(row, readings)
        if lead is None and not narrator and goes_on:
            lead = self.topic or opened
        token = self._first_token(row)
        opening = stances.of_opening(self.scene, token) if token is not None else None
        if token is not None and row.shape[row.unit_of(token)] == "i":
            opening = None  # "plan" in the name of a measure is no verb
        if lead is not None:
            if lead.stance.modality in ("calls-for", "requires"):
                opening = None if opening and opening.modality == "commits-to" else opening
            own = found[0].stance if found else None
            told = own is not None and own.rule in ("modal", "passive", "complement")
            stance = opening or (own if own is not None and told else None)
            stance = stance or stances.of_listed(self.scene, lead.stance, token)
            found[:] = [_Found(lead.speakers, stance, 0, source="list")]
        elif not found or (narrator and self._is_imperative(row, token, found)):
            planned = bool(narrator) and self._opens_with_verb(row)
            fragment = Stance("commits-to" if planned else "assesses", 0, "fragment")
            found[:] = [_Found(narrator, opening or fragment, 0, source="narrator")]

    def _is_imperative(self, row: Row, token: int | None, found: list[_Found]) -> bool:
        """Whether a sentence of somebody is only what they do: "Support schools, and call for"."""
        plain = all(f.stance.rule in ("default", "verb") for f in found)
        return (
            plain and token is not None and self._is_fragment(row, self.voices.readings[row.index])
        )

    def _is_fragment(self, row: Row, readings: list[Clause]) -> bool:
        """Whether a sentence opens with a verb in its base form or in -ing and has no subject."""
        return self._opens_with_verb(row) and not any(
            c.kind != "none" and not c.relative and row.shape[c.start : c.end] != "E"
            for c in readings
        )

    def _continues(self, row: Row, readings: list[Clause]) -> bool:
        """Whether the passage has no subject of its own: it opens with a verb or is a fragment."""
        if not any(c.kind in ("thing", "noun", "pronoun") and not c.relative for c in readings):
            return True
        token = self._first_token(row)
        inside = token is not None and row.named[row.unit_of(token)] is not None
        if inside and row.passage.kind == "item":
            # "Promoting trade, including by talks": no verb goes on behind the goal
            unit = row.unit_of(token) + 1 if token is not None else 0
            return self._opens_with_verb(row) and row.shape[unit : unit + 1] in ("", *",.;TP")
        return self._opens_with_verb(row) and not inside

    def _opens_with_verb(self, row: Row) -> bool:
        token = self._first_token(row)
        return token is not None and self.scene.prose.tags[token] in "VG"

    def _first_token(self, row: Row) -> int | None:
        """The first word of a passage."""
        prose = self.scene.prose
        for token in range(row.passage.first, row.passage.last):
            if prose.words[token][0].isalnum():
                return token
        return None

    # --- drafts ---

    def _drafts(
        self, row: Row, content: list[Mention], found: list[_Found]
    ) -> list[StatementDraft]:
        everything = list(dict.fromkeys(m.draft for m in content))
        named = [f for f in found if f.speakers]
        if not named and {"endorses", "opposes"} <= {f.stance.modality for f in found}:
            named = found  # somebody without a name welcomes one thing and rejects another
        scopes_ = [f.scope for f in named if f.scope]
        against = [m for m in content if any(s.holds(row, m) for s in scopes_)]
        free = [m for m in content if m not in against]
        drafts = [d for f in named if f.scope for d in self._against(row, content, f)]
        if scopes_:
            named, content = [f for f in named if not f.scope], free
            everything = list(dict.fromkeys(m.draft for m in content))
            if not named or not content:
                return drafts
        if not named:
            best = max(found, key=lambda f: f.stance.strength)
            held = [m.draft for m in content if best.scope and best.scope.holds(row, m)]
            if best.scope and not held:
                return drafts
            if best.stance.rule == "verb" and held:
                everything = list(dict.fromkeys(held))  # "rejected an amendment that would cut it"
            return [
                StatementDraft(
                    None,
                    best.stance.modality,
                    everything,
                    row.index,
                    best.rule,
                    best.addressee,
                    self._attribution(row, best),
                )
            ]
        shares = [self._share(row, content, named, number) for number in range(len(named))]
        for f, own in zip(named, shares, strict=True):
            if not own and any(shares):
                continue  # another clause of the sentence has the content
            for speaker in f.speakers or (None,):
                drafts.append(
                    StatementDraft(
                        speaker,
                        f.stance.modality,
                        own or everything,
                        row.index,
                        f.rule,
                        [a for a in f.addressee if a is not speaker],
                        self._attribution(row, f),
                    )
                )
        return drafts

    def _against(self, row: Row, content: list[Mention], f: _Found) -> list[StatementDraft]:
        """Opposition to the object of the verb alone; none where it has no object."""
        assert f.scope is not None
        own = list(dict.fromkeys(m.draft for m in content if f.scope.holds(row, m)))
        attribution = self._attribution(row, f)
        return [
            StatementDraft(s, "opposes", own, row.index, f.rule, attribution=attribution)
            for s in (f.speakers or (None,) if own else ())
        ]

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
        if not f.speakers:
            return "narrator"
        if f.source == "metonymy":
            return "metonymy"
        voice = self.voices.voices.get(row.index)
        if f.source == "voice" and voice is not None and voice.verbatim:
            return "verbatim"
        return "paraphrase"


# A goal, measure, event or document right before "developed by".
_POSTMODIFIED = re.compile(r"[gied](?:\([a-zA-Z#]*\))?,?R?$")


def _asked(row: Row, clause: Clause, stance: Stance) -> tuple[Mention, ...]:
    """Who is to act: "X must", "calls on X to", "directs X to"."""
    if clause.deontic and clause.kind == "actor":
        return clause.subjects
    if stance.modality not in ("calls-for", "requires"):
        return ()
    if clause.passive and clause.kind == "actor":
        return clause.subjects
    behind = clause.end + (row.shape[clause.end : clause.end + 1] == "P")
    asked = actors_from(row, behind)
    return asked if asked and "T" in row.shape[row.unit_of(asked[-1].first) :] else ()


def _is_told(found: _Found) -> bool:
    """Whether a sentence says what a list is of though it names nobody: "the plan sets goals"."""
    return found.stance.strength > 0 and found.stance.rule != "opening"


def _is_of_another(clause: Clause) -> bool:
    """Whether somebody whom the text names nowhere takes the stance: "they rejected"."""
    other = clause.kind == "pronoun" and clause.pronoun in ("he", "she", "they")
    return other and is_minded(clause) and clause.modal is None and not clause.passive


def _subject_before(readings: list[Clause], number: int) -> tuple[Draft, ...]:
    """Whom a pronoun with a verb of the mind means in its sentence: "X paid; it called for"."""
    clause = readings[number]
    wanted = _MEANT.get(clause.pronoun, "")
    if clause.kind != "pronoun" or not wanted or not is_minded(clause):
        return ()
    for before in reversed(readings[:number]):
        if before.subjects and not before.relative:
            first = before.subjects[0]
            same = first.symbol in wanted if len(before.subjects) == 1 else wanted == "u"
            return tuple(m.draft for m in before.subjects) if same else ()
    return ()


# The actors that a pronoun can mean.
_MEANT = {"it": "rc", "they": "u", "he": "p", "she": "p"}


def _is_beside(readings: list[Clause], number: int) -> bool:
    """Whether a relative clause without an actor of its own stands in a sentence with a verb."""
    return not readings[number].agents and not all(c.relative for c in readings[number:])


def _merge(found: list[_Found]) -> list[_Found]:
    """One entry for those whom a word tells to take a stance; else the surest stance of each.

    Without a word for it, a stance yields to one that a word tells: "launched it and calls for".
    """
    merged: dict[object, _Found] = {}
    firsts: dict[object, _Found] = {}
    for f in found:
        key = (f.speakers, f.scope)
        first = firsts.setdefault(key, f)
        told = bool(f.speakers) and f.stance.strength == first.stance.strength == 2
        if told and f.stance.rule == first.stance.rule == "verb" and f.source == "subject":
            merged.setdefault((key, f.stance.modality), f)
        elif first is f:
            merged[key, f.stance.modality] = f
        elif f.stance.strength > first.stance.strength:
            first.stance = f.stance
            first.addressee = f.addressee or first.addressee
    return list(merged.values())
