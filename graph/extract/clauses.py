"""The finite clauses of a passage: who does what, with which modal, and by whom when passive.

A shallow reading of the unit string (see `scene`): verbs are told by their tags, the subject is the
noun phrase before them that no preposition governs. It is wrong now and then and never slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from graph.extract.cues import load, word_set
from graph.extract.denials import is_contracted
from graph.extract.passages import lexicon
from graph.extract.scene import ACTORS, POLICY, Mention, Row, Scene

SubjectKind = Literal["actor", "owner", "pronoun", "thing", "noun", "none"]

_DEONTIC = frozenset(("must", "should", "shall", "ought"))
_NEGATIONS = frozenset(("not", "never", "no", "cannot", "n't"))
_RELATIVES = frozenset(("which", "who", "whom", "that", "whose", "where"))
# A verb group: a modal or auxiliaries with what follows, or a plain verb.
_GROUP = re.compile(r"M[RB]*[VEG]?|B[RB]*[EGV]?|V|E")
_BRACKETS = re.compile(r"\([^)]*\)")
_LIST_GAP = re.compile(r"(?:,?C?D?[AR#]*|,?CRPD?)$")


@dataclass(slots=True, eq=False)
class Clause:
    """One verb group with its subject.

    `begin` is the unit where the subject's region begins, `subject_unit` its first actor (or the
    verb), [start, end) are the units of the verb group. `lemma` is its main verb (None after bare
    auxiliaries), `modal` its modal. `subjects` are actors; for kind "owner" they own the subject
    ("X's plan"), for "pronoun" see `pronoun`. `thing` is a subject that is an entity but no actor.
    `agents` follow "by". `relative` clauses say something of a noun within another clause.
    """

    begin: int
    start: int
    end: int
    lemma: str | None
    modal: str | None
    passive: bool
    copula: bool
    negated: bool
    kind: SubjectKind
    subject_unit: int
    subjects: tuple[Mention, ...] = ()
    pronoun: str = ""
    thing: Mention | None = None
    agents: tuple[Mention, ...] = ()
    relative: bool = False
    participle: bool = False

    @property
    def deontic(self) -> bool:
        """Whether the modal says what ought to be done, or must not be done."""
        return self.modal in _DEONTIC or self.forbidden

    @property
    def forbidden(self) -> bool:
        """Whether "may not" forbids what the verb says."""
        may = self.modal == "may" and self.negated and self.kind == "actor"
        return may and self.lemma in _permitted()


@lru_cache(maxsize=1)
def _permitted() -> frozenset[str]:
    return frozenset(load("modality")["permitted"]["words"])


def clauses(scene: Scene, row: Row) -> list[Clause]:
    """The clauses of a passage from left to right."""
    found: list[Clause] = []
    for start, end in _groups(scene, row):
        begin = found[-1].end if found else 0
        clause = _clause(scene, row, begin, start, end)
        if found and _is_inverted(row, found[-1], start):
            opening = found.pop()
            clause.modal, clause.begin = opening.modal, opening.begin
            clause.negated |= _opens_with_negation(scene, row, opening.start)
        if found and _is_aside(scene, row, found[-1], start):
            _scan(scene, row, clause, 0, row.shape.rfind(",", 0, found[-1].start))
        elif found and _is_parenthesis(row, found[-1], start):
            aside = found[-1]
            clause.begin = aside.begin
            _scan(scene, row, clause, aside.begin, aside.start - 1)
            if not clause.thing:
                found.pop()
        else:
            _give_subject(scene, row, clause, found[-1] if found else None)
            _give_minded_subject(scene, row, clause, found)
        found.append(clause)
    return found


def _is_inverted(row: Row, opening: Clause, following: int) -> bool:
    """Whether a modal stands before its subject: "never should India abandon"."""
    between = row.shape[opening.end : following].lstrip("D")
    bare = opening.modal is not None and opening.lemma is None and opening.kind == "none"
    return bare and len(between) == 1 and between in ACTORS | {"Q"}


def _opens_with_negation(scene: Scene, row: Row, unit: int) -> bool:
    words = scene.prose.lowers[row.firsts[max(unit - 2, 0)] : row.firsts[unit]]
    return not {"never", "nor", "neither"}.isdisjoint(words)


def _is_aside(scene: Scene, row: Row, clause: Clause, following: int) -> bool:
    """Whether a clause only says who says so, between commas: "the plan, critics say, fails"."""
    reports = word_set("speech", "report")
    if clause.lemma not in reports or row.shape[clause.end : following].rstrip("R") != ",":
        return False
    opened = row.shape.rfind(",", 0, clause.start)
    return opened > 0 and clause.kind in ("actor", "pronoun") and clause.start - opened <= 4


def _is_parenthesis(row: Row, clause: Clause, following: int) -> bool:
    """Whether a participle between commas only describes a subject: "X, chaired by Y, met"."""
    at = clause.start
    bare = row.shape[at] == "E" and clause.end == at + 1 and row.shape[clause.end] in "PR"
    closed = row.shape[:following].rstrip("R").endswith(",")
    return bare and closed and at > 0 and row.shape[at - 1] == ","


def _groups(scene: Scene, row: Row) -> Iterator[tuple[int, int]]:
    """Unit ranges of finite verb groups; a goal that opens with a verb can end or be one."""
    shape = row.shape
    at = 0
    while at < len(shape):
        symbol = shape[at]
        before = shape[at - 1] if at else ""
        if symbol in POLICY:
            if _is_predicate(scene, row, at):
                yield at, at + 1
            at += 1
            continue
        if symbol in "NR" and _is_verb_after_actor(scene, row, at):
            yield at, at + 1
            at += 1
            continue
        match = _GROUP.match(shape, at)
        if match is None or (symbol == "V" and before == "T"):
            at += 1
            continue
        end = match.end()
        if before == "T" and not (symbol == "B" and _agents(scene, row, end)):
            at = end  # an infinitive, unless it says by whom: "is to be hosted by"
            continue
        if symbol == "E" and not _is_past(scene, row, at):
            at = end
            continue
        if (
            symbol in "MB"
            and end < len(shape)
            and shape[end] in POLICY
            and match.group()[-1] not in "VEG"
        ):
            end += _opens_with_verb(scene, row, end)
        yield at, end
        at = end


def _is_verb_after_actor(scene: Scene, row: Row, unit: int) -> bool:
    """Whether a word that may be noun or verb is the verb of an actor: "NSF funds a centre"."""
    before = row.shape[:unit].rstrip("R")[-1:]
    if before == "i":  # "the scheme benefits the regions"
        word = scene.prose.lowers[row.firsts[unit]]
        singular = word.endswith("s") and word in lexicon().ambiguous
        return singular and row.shape[unit + 1 : unit + 2] in ("D", "Q", "u", "r", "c")
    if not before or before not in ACTORS:
        return False
    word = scene.prose.lowers[row.firsts[unit]]
    if word in _ACTIONS and before == "u":
        return row.shape[unit + 1 : unit + 2] in ("P", "T")
    known = word in lexicon().ambiguous or (word not in lexicon().tags and word.endswith("s"))
    if not known or word.endswith("s") == (before == "u"):
        return False
    following = row.shape[unit + 1 : unit + 2]
    if following == "P":
        dated = row.shape[unit + 2 : unit + 3] in ("#", "q")  # "reviews in 2030"
        return dated or lexicon().lemmas.get(word) in _PREPOSITIONAL
    return following in tuple("DTAGQSgiacdrupoRN:")


# Actions of groups that look like nouns: "students march against the cuts".
_ACTIONS = frozenset(("campaign", "demonstrate", "march", "protest", "rally", "strike"))

# Verbs that look like nouns before a preposition: "the Academy calls on ministers".
_PREPOSITIONAL = frozenset(("appeal", "call", "campaign", "look", "lobby", "report"))


def _opens_with_verb(scene: Scene, row: Row, unit: int) -> bool:
    return scene.prose.tags[row.firsts[unit]] in "VEG"


def _is_predicate(scene: Scene, row: Row, unit: int) -> bool:
    """Whether a goal such as "strengthens ties" stands right after its subject."""
    if scene.prose.tags[row.firsts[unit]] not in "VE":
        return False
    before = row.shape[:unit].rstrip("R")[-1:]
    if before == "i":
        return scene.prose.tags[row.firsts[unit]] == "V"
    return before != "" and (before in ACTORS or before in "QS")


def _is_past(scene: Scene, row: Row, unit: int) -> bool:
    """Whether a form in -ed is a past tense rather than a participle within a noun phrase."""
    word = scene.prose.lowers[row.firsts[unit]]
    if "-" in word and word not in lexicon().lemmas:
        return False  # "medium-sized"
    following = row.firsts[unit] + 1
    by = following < row.passage.last and scene.prose.lowers[following] == "by"
    if by:
        return True
    left = row.shape[:unit].rstrip('R"')[-1:]
    return left != "" and (left in ACTORS or left in "QSd)eiNX,C" or left == "Z")


def _clause(scene: Scene, row: Row, begin: int, start: int, end: int) -> Clause:
    prose = scene.prose
    words = [prose.lowers[row.firsts[u]] for u in range(start, end)]
    tags = [prose.tags[row.firsts[u]] for u in range(start, end)]
    modal = words[0] if tags[0] == "M" else None
    verb: str | None = None
    if tags[-1] in "VEG" or tags in (["N"], ["R"]):
        verb = prose.lemma(row.firsts[end - 1])
    be = any(
        prose.tags[row.firsts[u]] == "B" and w in _BE
        for u, w in zip(range(start, end), words, strict=True)
    )
    bare = start + 1 == end and row.shape[start] == "E"
    agents = _agents(scene, row, end)
    received = _receives(scene, row, verb, end)
    agents = agents or received
    before = [prose.lowers[row.firsts[u]] for u in range(max(start - 2, 0), start)]
    participle = bare and bool(agents)
    passive = (be and tags[-1] in "EV") or participle or bool(received)
    after = words[-1:] + [
        prose.lowers[row.firsts[u]] for u in range(end, min(end + 2, len(row.shape)))
    ]
    return Clause(
        begin,
        start,
        end,
        verb,
        modal,
        passive,
        be and verb is None,
        _is_negated([*words, *after]) or before[-1:] == ["never"] or before == ["no", "longer"],
        "none",
        start,
        agents=agents if passive else (),
        participle=participle,
    )


def _is_negated(words: list[str]) -> bool:
    """Whether "not" stands among the words, and not "not only"."""
    feigned = word_set("denials", "feigned")
    return any(
        (word in _NEGATIONS or is_contracted(word)) and following not in feigned
        for word, following in zip(words, [*words[1:], ""], strict=True)
    )


_BE = frozenset(
    (
        "am",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
    )
)


def _agents(scene: Scene, row: Row, end: int) -> tuple[Mention, ...]:
    """Actors after "by", a few words behind the verb group."""
    for unit in range(end, min(end + 8, len(row.shape))):
        if row.shape[unit] in "VMT;":
            break  # what is done behind "to" is done by others: "is meant to guide work by X"
        if row.named[unit] is None and scene.prose.lowers[row.firsts[unit]] in ("by", "through"):
            return actors_from(row, unit + 1)
    return ()


def _receives(scene: Scene, row: Row, verb: str | None, end: int) -> tuple[Mention, ...]:
    """Whose stance a subject meets with: "met with resistance from farmers and from unions"."""
    if verb not in _receptions():
        return ()
    units = range(end, min(end + 12, len(row.shape)))
    lowers = [scene.prose.lowers[row.firsts[u]] if row.named[u] is None else "" for u in units]
    if _takers().isdisjoint(lowers[:4]):
        return ()
    parts = zip(units, ["", *lowers], lowers, strict=False)
    behind = (u for u, before, word in parts if word in _FROM or (before, word) in _PARTS)
    return tuple(m for unit in behind for m in actors_from(row, unit + 1))


_FROM = frozenset(("among", "from"))
_PARTS = frozenset((noun, "of") for noun in ("many", "most", "part", "parts", "sections", "some"))


def is_reception(clause: Clause) -> bool:
    """Whether others take a stance on the subject, as the verb says: "met with", "sparked"."""
    return clause.lemma in _receptions() and not clause.agents


@lru_cache(maxsize=1)
def _receptions() -> frozenset[str]:
    return frozenset(load("modality")["reception"]["words"])


@lru_cache(maxsize=1)
def _takers() -> frozenset[str]:
    """Nouns of stances for or against something."""
    nouns = load("modality")["nouns"]
    return frozenset((*nouns["endorses"], *nouns["opposes"]))


def actors_from(row: Row, unit: int) -> tuple[Mention, ...]:
    """The actors of the phrase that begins here: "the X, head of the Y, Z and W" -> X, Z, W."""
    found: list[Mention] = []
    at = unit
    size = len(row.shape)
    while at < size:
        symbol = row.shape[at]
        if symbol in ACTORS:
            mention = row.named[at]
            assert mention is not None
            if at + 1 < size and row.shape[at + 1] == "Z" and not found:
                return (mention,)
            found.append(mention)
            at += 1
        elif symbol in "DANXR,C&" or (symbol == "(" and found):
            if symbol == "(":
                close = row.shape.find(")", at)
                at = close if close > 0 else size
            at += 1
        else:
            break
    return holders(row, found)


def holders(row: Row, actors: list[Mention]) -> tuple[Mention, ...]:
    """Drop the posts and bodies that only describe a person beside them.

    A post before a person is the person's title, what follows a person at once the person's role.
    """
    kept: list[Mention] = []
    for mention in actors:
        person = next((m for m in reversed(kept) if m.symbol == "p"), None)
        if mention.symbol == "o" and person is not None and mention is not actors[-1]:
            following = actors[actors.index(mention) + 1]
            if following.symbol == "p" and following.first - mention.last <= 2:
                continue
        role = mention.symbol == "o" or (
            mention.symbol in "rc"
            and person is not None
            and mention.first - person.last <= 2
            and "C" not in row.shape[row.unit_of(person.first) : row.unit_of(mention.first)]
        )
        if person is not None and kept[-1] is person and role:
            continue
        while (
            kept
            and mention.symbol == "p"
            and kept[-1].symbol == "o"
            and (mention.first - kept[-1].last <= 3)
        ):
            kept.pop()
        kept.append(mention)
    return tuple(kept)


def _give_subject(scene: Scene, row: Row, clause: Clause, previous: Clause | None) -> None:
    """Find the subject in the units between the previous verb group and this one."""
    shape = row.shape
    region = shape[clause.begin : clause.start]
    core = region.rstrip('R"')
    if previous and (core.rstrip(",") == "" or core.endswith(("C", ",C"))):
        if not core.strip(',C"'):
            _inherit(clause, previous)
            return
        if core.endswith("C"):
            _inherit(clause, previous)
            return
    zone = clause.begin
    for unit in range(clause.start - 1, clause.begin - 1, -1):
        if row.named[unit] is None and (shape[unit] in 'S;:"'):
            zone = unit + 1
            clause.relative = (
                shape[unit] == "S"
                and scene.prose.lowers[row.firsts[unit]] in _RELATIVES
                and not shape[zone : clause.start].rstrip("R")
            )
            break
    if clause.relative:
        _take_antecedent(row, clause, zone - 1)
        return
    clause.begin = zone
    _scan(scene, row, clause, zone)
    if previous is not None and previous.relative and _is_resumed(row, clause, previous):
        _inherit(clause, previous)
        clause.relative = False
        return
    clause.relative |= _is_object_relative(scene, row, zone - 1, clause)


def _is_resumed(row: Row, clause: Clause, relative: Clause) -> bool:
    """Whether a verb goes on with the noun before a relative clause: "those who teach must"."""
    opened = row.shape[relative.start - 1 : relative.start] == "S"
    region = row.shape[relative.end : clause.start].rstrip("R")
    if not opened or relative.kind not in ("actor", "thing") or not _BROKEN.isdisjoint(region):
        return False
    return clause.kind == "none" or (region.endswith(",") and region.count(",") == 1)


# What no noun goes on across.
_BROKEN = frozenset('SC"-;:')


def _is_object_relative(scene: Scene, row: Row, unit: int, clause: Clause) -> bool:
    """Whether the unit opens what is said of a noun: "the share that Chile spends on it"."""
    if unit < 1 or row.named[unit] is not None or row.shape[unit] != "S":
        return False
    word = scene.prose.lowers[row.firsts[unit]]
    before = row.shape[unit - 1]
    if word == "which":
        return before == "," or before in "NGgi"
    # Behind "the belief that" the verb has an object of its own.
    lacks_object = row.shape[clause.end : clause.end + 1] in ("", *"PT,.;")
    lacks_object &= row.shape[clause.end - 1] not in POLICY and not clause.passive
    return word == "that" and before in "Ngi" and lacks_object


def _give_minded_subject(scene: Scene, row: Row, clause: Clause, found: list[Clause]) -> None:
    """ "X warned that prices rise and urged": only somebody urges, so the subject is X."""
    joined = row.shape[: clause.start].rstrip("R").endswith("C")
    if not joined or clause.kind not in ("noun", "thing") or not is_minded(clause):
        return
    somebody = next((c for c in reversed(found) if c.kind in ("actor", "pronoun")), None)
    if somebody is not None and not somebody.relative and not clause.passive:
        _inherit(clause, somebody)
        clause.thing = None


def is_minded(clause: Clause) -> bool:
    """Whether only somebody can do what the verb says: ask, promise, warn."""
    return clause.lemma in _minded()


@lru_cache(maxsize=1)
def _minded() -> frozenset[str]:
    verbs = load("modality")["verbs"]
    return frozenset(w for k in ("calls-for", "commits-to", "opposes") for w in verbs[k])


def _inherit(clause: Clause, previous: Clause) -> None:
    clause.kind = previous.kind
    clause.subjects = previous.subjects
    clause.pronoun = previous.pronoun
    clause.thing = previous.thing
    clause.relative = previous.relative


def _take_antecedent(row: Row, clause: Clause, unit: int) -> None:
    for at in range(unit - 1, max(unit - 4, -1), -1):
        mention = row.named[at]
        if mention is not None:
            if mention.symbol in ACTORS:
                clause.kind, clause.subjects = "actor", (mention,)
            else:
                clause.kind, clause.thing = "thing", mention
            return
    clause.kind = "noun"


def _scan(scene: Scene, row: Row, clause: Clause, zone: int, end: int | None = None) -> None:
    """Walk the region up to the verb: actors that no preposition governs are the subject."""
    until = clause.start if end is None else end
    actors: list[Mention] = []
    actors_end = zone
    owner: Mention | None = None
    pronoun = ""
    thing: Mention | None = None
    noun = False
    governed = 0  # 1 after a preposition, 2 inside the phrase that it governs
    depth = 0
    for unit in range(zone, until):
        symbol = row.shape[unit]
        if symbol == "(":
            depth += 1
        elif symbol == ")":
            depth -= 1
        if depth > 0:
            continue
        if symbol == "T" and actors and actors_end == unit:
            actors, actors_end = [], zone  # "urged DST to let others choose": the object
        if symbol == "P" and unit > zone and _is_many(scene, row, unit):
            continue
        if symbol in "PTVGE":
            # "over 2,000 scientists": a measure, not a preposition
            measure = row.shape[unit + 1 : unit + 2] == "#" and row.shape[max(unit - 1, 0)] in ",CP"
            governed = governed if measure else 1
        elif symbol == "," or symbol == "-":
            governed = 0
        elif symbol == "C":
            governed = 1 if governed else 0
        elif symbol == "D":
            governed = 0 if governed == 2 else governed
        elif governed and not (governed == 2 and symbol in "prc" and _stands_alone(row, unit)):
            governed = 2
            if symbol == "Q" and unit == until - 1:
                word = scene.prose.lowers[row.firsts[unit]]
                if word in _NOMINATIVE:  # "before they are needed"
                    pronoun, thing, clause.relative = word, None, True
        elif symbol == "Q":
            word = scene.prose.lowers[row.firsts[unit]]
            pronoun = word if word in _PERSONAL else pronoun
        elif symbol in ACTORS:
            mention = row.named[unit]
            assert mention is not None
            if unit + 1 < until and row.shape[unit + 1] == "Z":
                owner = mention
            elif (
                symbol == "o"
                and row.shape[unit + 1 : unit + 2] == "p"
                and unit + 2 < clause.start
                and (row.shape[unit + 2] == "Z")
            ):
                continue  # the title of an owner
            elif not actors or _LIST_GAP.match(_BRACKETS.sub("", row.shape[actors_end:unit])):
                actors.append(mention)
                actors_end = unit + 1
            elif unit >= until - 2:
                actors = [mention]
                actors_end = unit + 1
        elif row.named[unit] is not None and symbol != "q" and symbol != "f":
            thing = row.named[unit]
        elif symbol == "N":
            noun = True
    spoken = actors or ([owner] if owner is not None else [])
    if spoken:
        clause.subject_unit = row.unit_of(spoken[0].first)
    if pronoun and not actors:
        clause.kind, clause.pronoun = "pronoun", pronoun
    elif actors:
        clause.kind, clause.subjects = "actor", holders(row, actors)
    elif owner is not None:
        clause.kind, clause.subjects, clause.thing = "owner", (owner,), thing
    elif thing is not None:
        clause.kind, clause.thing = "thing", thing
    elif noun:
        clause.kind = "noun"


def _is_many(scene: Scene, row: Row, unit: int) -> bool:
    """Whether the preposition only says how many: "thousands of researchers"."""
    words = (scene.prose.lowers[row.firsts[u]] for u in (unit - 1, unit))
    before, word = words
    return word == "of" and before in _MANY


_MANY = frozenset(
    ("dozens", "hundreds", "majority", "many", "millions", "most", "scores", "some", "thousands")
)


def _stands_alone(row: Row, unit: int) -> bool:
    """ "In the first phase Acme will": a name behind a noun begins a phrase of its own."""
    return row.shape[unit - 1] in "N#q" and row.shape[unit + 1 : unit + 2] in tuple("MBVECR")


_NOMINATIVE = frozenset(("i", "we", "he", "she", "they"))
_PERSONAL = frozenset(("i", "we", "he", "she", "it", "they"))
