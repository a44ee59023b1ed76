"""Finds what a text says is not done, not wanted or not decided.

"does not intend to join the programme", "has yet to say whether it will fund the centre": the words
of joining and funding are there, and the opposite is meant. The cues are in `cues/denials.toml`;
`Denials` turns the stances that they contradict and tells the relations that do not hold.
What is denied reaches from the negated verb to the end of its clause, as in the shallow reading of
Chapman et al. (2001), "A simple algorithm for identifying negated findings".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from graph.extract.cues import load, word_set
from graph.extract.draft import Draft, RelationDraft, StatementDraft
from graph.extract.passages import Passage, Prose, lexicon
from graph.records import Modality, Predicate

# How many words behind a negation its verb may stand, and behind a subject with "no".
_NEAR, _FAR = 6, 12
_LOSS = 4  # how many words before a mention a noun such as "cuts" may stand
_DONE: frozenset[Modality] = frozenset(("commits-to", "carries-out", "requires"))
_ACTED: frozenset[Predicate] = frozenset(
    ("implementedBy", "fundedBy", "organizer", "participant", "partnerOf", "memberOf", "servesGoal")
)
_DOERS: frozenset[Predicate] = frozenset(("implementedBy", "fundedBy"))
_PRONOUNS = frozenset(("i", "we", "he", "she", "it", "they"))


@dataclass(frozen=True, slots=True)
class Denial:
    """Tokens [first, last) of what is not so; who stands before `first` does not do it.

    `refused`: somebody does not want it; otherwise it is not done, not said or not decided.
    `spared`: what is denied would have ended or lessened it.
    """

    first: int
    last: int
    refused: bool
    spared: bool

    def holds(self, token: int) -> bool:
        """Whether the token is part of what is denied."""
        return self.first <= token < self.last


class Denials:
    """The denials of a text, looked for in each passage once."""

    def __init__(self, prose: Prose) -> None:
        self._prose = prose
        self._found: dict[int, list[Denial]] = {}

    def of(self, passage: int) -> list[Denial]:
        """Those of a passage in order."""
        if passage not in self._found:
            self._found[passage] = find(self._prose, passage)
        return self._found[passage]

    def heed(self, statements: Iterable[StatementDraft]) -> list[StatementDraft]:
        """The statements; where a denial contradicts one, what it denies has another stance."""
        return [told for s in statements for told in _turned(self._prose, s, self.of(s.passage))]

    def contradict(self, relation: RelationDraft) -> bool:
        """Whether the text says that the actor does not act, or that the means does not serve."""
        if relation.predicate not in _ACTED:
            return False
        ends = relation.subject, relation.object
        for denial in self.of(relation.passage):
            thing, actor = (_token_in(self._prose, end, relation.passage) for end in ends)
            if thing is None or actor is None or not denial.holds(max(thing, actor)):
                continue
            if min(thing, actor) < denial.first:
                return True
            if actor < thing and relation.predicate in _DOERS:
                return True  # "it is unclear whether the council will fund the centre"
        return False


def _turned(prose: Prose, s: StatementDraft, denials: list[Denial]) -> Iterator[StatementDraft]:
    for denial in denials:
        held = [c for c in s.content if _is_held(prose, c, s.passage, denial)]
        turned = [(c, _stance(prose, s, c, denial)) for c in held]
        if not any(modality != s.modality for _, modality in turned):
            continue
        for modality in dict.fromkeys(m for _, m in turned):
            content = [c for c, m in turned if m == modality]
            yield replace(s, modality=modality, content=content, rule="denial", addressee=[])
        free = [c for c in s.content if c not in held]
        if free:
            yield replace(s, content=free)
        return
    yield s


def _stance(prose: Prose, s: StatementDraft, content: Draft, denial: Denial) -> Modality:
    """What a statement on something denied can only be."""
    spared = denial.spared or _is_lost(prose, content, s.passage, denial)
    spared &= not _is_loss(prose, content, s.passage)
    if _is_subject(prose, s, denial):
        if denial.refused:
            return "endorses" if spared else "opposes"
        return "assesses"
    if spared and s.modality in _DONE:
        return "endorses" if s.speaker else "assesses"  # "promised that they would not cut it"
    wrong = {*_DONE, "opposes" if spared else "endorses"}
    return "assesses" if s.modality in wrong else s.modality


def _is_subject(prose: Prose, s: StatementDraft, denial: Denial) -> bool:
    """Whether the speaker is who does not do it: right before the denial, or a pronoun there."""
    if s.speaker is None:
        return False
    before = set(prose.lowers[max(denial.first - 3, 0) : denial.first])
    if s.speaker.type in ("Person", "Post", "ActorGroup"):
        before.discard("it")
    if not _PRONOUNS.isdisjoint(before):
        return True
    at = _token_in(prose, s.speaker, s.passage)
    if at is None or at > denial.first:
        return False
    return not any(tag in 'SVE;:"' for tag in prose.tags[at : denial.first])


def _is_held(prose: Prose, content: Draft, passage: int, denial: Denial) -> bool:
    at = _token_in(prose, content, passage)
    return at is not None and denial.holds(at)


def _is_lost(prose: Prose, content: Draft, passage: int, denial: Denial) -> bool:
    """Whether a noun such as "cuts" stands before the mention: not wanting them protects it."""
    at = _token_in(prose, content, passage)
    if at is None:
        return False
    words = prose.lowers[max(at - _LOSS, denial.first) : at + 1]
    return not word_set("scopes", "losses").isdisjoint(words)


def _is_loss(prose: Prose, content: Draft, passage: int) -> bool:
    """Whether the content is itself an end or a cut: "cut the grants"."""
    at = _token_in(prose, content, passage)
    return at is not None and prose.tags[at] == "V" and _lessens(prose.lemma(at))


def _lessens(verb: str) -> bool:
    return verb in load("modality")["ending"]["words"] or verb in word_set("scopes", "lessening")


def _token_in(prose: Prose, draft: Draft, passage: int) -> int | None:
    """The first token of the first mention in the passage."""
    span = prose.passages[passage]
    start = next((start for start, _ in draft.mentions if span.start <= start < span.end), None)
    return None if start is None else prose.token_at(start)


def is_contracted(word: str) -> bool:
    """Whether a word ends in "not": "isn't"."""
    return word.endswith(("n't", "n’t"))


def find(prose: Prose, passage: int) -> list[Denial]:
    """The denials of a passage in order."""
    span, openers = prose.passages[passage], _openers()
    found: list[Denial] = []
    for token in range(span.first, span.last):
        word = prose.lowers[token]
        if word not in openers and not is_contracted(word):
            continue
        if found and token < found[-1].last:
            continue
        denial = _at(prose, span, token)
        if denial is not None:
            found.append(denial)
    return found


@cache
def _openers() -> frozenset[str]:
    """The words that can open a denial, verbs in all their forms."""
    verbs = {phrase.split()[0] for phrase in word_set("denials", "phrasal")}
    for name in ("refusing", "failing", "dropping"):
        verbs |= word_set("denials", name)
    forms = {word for word, verb in lexicon().lemmas.items() if verb in verbs}
    words = word_set("denials", "negations") | word_set("denials", "unsettled")
    return frozenset(forms | verbs | words | {"no", "yet"})


def _at(prose: Prose, span: Passage, token: int) -> Denial | None:
    """The denial that a token opens."""
    word = prose.lowers[token]
    if word == "no":
        return _of_no(prose, span, token)
    if word in word_set("denials", "negations") or is_contracted(word):
        return _of_not(prose, span, token)
    if word == "yet" or word in word_set("denials", "unsettled"):
        ahead = _word(prose, span, token + 1)
        if ahead == "to" or (word != "yet" and ahead in word_set("denials", "asking")):
            return _denial(prose, span, token, token + 1, refused=word == "unwilling")
        return None
    if prose.tags[token] not in "VEG":
        return None
    verb = prose.lemma(token)
    if verb in word_set("denials", "refusing") and _word(prose, span, token + 1) == "to":
        told = prose.lemma(token + 2) if token + 2 < span.last else ""
        refused = told not in word_set("denials", "telling")
        return _denial(prose, span, token, token + 1, refused=refused)
    if verb in word_set("denials", "failing") and _word(prose, span, token + 1) == "to":
        return _denial(prose, span, token, token + 1, refused=False)
    if f"{verb} {_word(prose, span, token + 1)}" in word_set("denials", "phrasal"):
        return _denial(prose, span, token, token + 2, refused=True)
    if verb in word_set("denials", "dropping"):
        near = range(token + 1, min(token + 5, span.last - 1))
        noun = next((t for t in near if prose.lowers[t] in word_set("denials", "dropped")), None)
        if noun is not None and prose.lowers[noun + 1] in ("to", "for", "of"):
            return _denial(prose, span, token, noun + 1, refused=True)
    return None


def _of_no(prose: Prose, span: Passage, token: int) -> Denial | None:
    """ "has no plans to", "no longer plans to", "No member state supports"."""
    ahead = _word(prose, span, token + 1)
    if ahead in word_set("denials", "feigned"):
        return None
    if ahead == "longer":
        return _of_not(prose, span, token + 1)
    for at in range(token + 1, min(token + 4, span.last - 1)):
        if prose.lowers[at] in word_set("denials", "wishes"):
            governs = prose.lowers[at + 1] in ("to", "of", "for")
            return _denial(prose, span, token, at + 1, refused=True) if governs else None
    opens = token == span.first or prose.tags[token - 1] in ',C"'
    verb = _verb_of_subject(prose, span, token) if opens else None
    return _judged(prose, span, verb, verb) if verb is not None else None


def _of_not(prose: Prose, span: Passage, token: int) -> Denial | None:
    """A negated verb."""
    word = prose.lowers[token]
    if _word(prose, span, token + 1) in word_set("denials", "feigned"):
        return None
    verb: int | None = None
    contrasted = token > span.first and prose.lowers[token - 1] in (",", "but", "and")
    if contrasted and token + 1 < span.last and prose.tags[token + 1] in "DANX#":
        last = _end_of_phrase(prose, span, token + 1)
        return Denial(token, last, refused=False, spared=False)
    for at in range(token + 1, min(token + 1 + _NEAR, span.last)):
        if prose.tags[at] in "VEG" or prose.lemma(at) in word_set("denials", "planning"):
            verb = at
            break
        if prose.tags[at] not in "RBT,P":
            break
    if verb is None and word == "neither":
        verb = _verb_of_subject(prose, span, token)
        if verb is not None and (token == span.first or prose.tags[token - 1] not in "MB"):
            token = verb  # "Neither the ministry nor the agency has said"
    return None if verb is None else _judged(prose, span, token, verb)


def _verb_of_subject(prose: Prose, span: Passage, token: int) -> int | None:
    """The verb of a subject that opens with "no" or "neither"."""
    for at in range(token + 1, min(token + _FAR, span.last)):
        if prose.tags[at] in "VEG" and prose.tags[at - 1] not in "DTP":
            return at
        if prose.tags[at] in ',"S':
            return None
    return None


def _judged(prose: Prose, span: Passage, token: int, verb: int) -> Denial | None:
    """The denial of a negated verb, by its auxiliary and by what the verb says."""
    helpers = [
        prose.lowers[t] for t in range(max(token - 3, span.first), verb) if prose.tags[t] in "MB"
    ]
    if any(h in word_set("denials", "forbidding") for h in helpers):
        return None
    lemma = prose.lemma(verb)
    ahead = _word(prose, span, verb + 1)
    if lemma in word_set("denials", "telling") and ahead in word_set("denials", "asking"):
        return _denial(prose, span, token, verb, refused=False)
    if lemma in word_set("denials", "barring") or lemma in load("modality")["verbs"]["opposes"]:
        last = _end(prose, span, verb + 1)
        return Denial(token, last, refused=False, spared=True)
    passive = prose.tags[verb] == "E" and any(h.startswith(_BE) for h in helpers)
    wanted = lemma in word_set("denials", "planning") or lemma in word_set("denials", "approving")
    willing = any(h in word_set("denials", "willing") for h in helpers)
    chosen = prose.lowers[token + 1 : token + 2] == ["to"]  # "opted not to join"
    going = prose.tags[verb] == "G"
    refused = not passive and (wanted or willing or chosen or going)
    return _denial(prose, span, token, verb if not wanted else verb + 1, refused=refused)


_BE = ("am", "is", "are", "was", "were", "be")


def _denial(prose: Prose, span: Passage, first: int, told: int, *, refused: bool) -> Denial:
    """A denial from `first`; the verb that tells what is denied is the next from `told` on."""
    last = _end(prose, span, told)
    verb = next((t for t in range(told, min(told + 6, last)) if prose.tags[t] in "VEG"), None)
    lemma = "" if verb is None else prose.lemma(verb)
    return Denial(first, last, refused, _lessens(lemma))


def _end_of_phrase(prose: Prose, span: Passage, told: int) -> int:
    """Where "not the levy" ends: at the next comma or verb."""
    ends = (at for at in range(told, span.last) if prose.tags[at] in "VEMB,;:.")
    return next(ends, span.last)


def _end(prose: Prose, span: Passage, told: int) -> int:
    """The token before which a denial ends."""
    closing = word_set("scopes", "breaking") | word_set("denials", "closing")
    for at in range(told, span.last):
        word = prose.lowers[at]
        if prose.tags[at] in ';:"' or (at > told and word in closing):
            return at
        if prose.tags[at] == "C" and word != "or" and _opens_clause(prose, span, at + 1):
            return at
        if word == "," and _opens_clause(prose, span, at + 1):
            return at
    return span.last


def _opens_clause(prose: Prose, span: Passage, at: int) -> bool:
    """Whether a finite verb with another subject, or of the same one, begins here."""
    while at < span.last and prose.tags[at] in "RC":
        at += 1
    if at >= span.last:
        return False
    if prose.tags[at] in "MBEQ":
        return True
    return prose.tags[at] == "V" and prose.lowers[at] != prose.lemma(at)


def _word(prose: Prose, span: Passage, token: int) -> str:
    return prose.lowers[token] if token < span.last else ""
