"""Finds named organisations: by the words their names are built of, by acronyms, by context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from graph.extract.cues import load, word_set
from graph.extract.mention import Mention, over_tokens
from graph.extract.passages import Passage, Prose, lexicon

# A topic of a body ("Science", "Higher Education"), and lists of them up to a last "and". The list
# must not run into another name, so its items are plain words that no head follows.
_TOPIC = r"[xGCNAOSUMVQ]{1,9}"
_ITEM = r"[xGNMV]{1,9}+(?![OUSAPxGNMV])"
_LIST = rf"(?:(?:,{_ITEM}){{0,9}},?ad?{_ITEM})?"
# "of the National Science and Technology Council"
_INNER = r"(?<=d)[xM]{1,5}a[xM]{1,5}[OS]"
_BEFORE = r"(?:[xM]{1,6}a(?=[xNM]))?[xGCNAOSUMVQ]{0,12}"
_TOPICAL = (
    rf"{_BEFORE}[OS](?:(?:[ofn]d?|e{{1,2}})(?:{_INNER}|{_TOPIC}{_LIST}|P)){{0,6}}(?:i[xM]{{1,9}})?"
)
_PLACED = rf"{_BEFORE}U(?:od?[xGCNASU]{{1,9}})?(?:y[xC]{{1,5}})?[xC]{{0,2}}"
_GOVERNMENT = re.compile(r"xod?(?:C+|N)")
NAME = re.compile(rf"{_PLACED}|{_TOPICAL}")
_LAW = re.compile(r"[xGCNAOSUMa]{0,9}(?:fd?[xM]{1,9})?L")


def find(prose: Prose, shape: str) -> Iterator[Mention]:
    """Names with a head word ("Ministry of Health"), in order."""
    for passage in prose.passages:
        for match in NAME.finditer(shape, passage.first, passage.last):
            first, last = match.span()
            last = _without_person(prose, shape, first, last)
            first = _with_owners(prose, shape, passage, first)
            if last - first > 1 and not _goes_on(prose, shape, passage, first, last):
                yield over_tokens(prose, first, last, "Organization", "headword")
        for match in _GOVERNMENT.finditer(shape, passage.first, passage.last):
            if prose.lowers[match.start()] == "government":
                yield over_tokens(prose, *match.span(), "Organization", "government of")


_FIRM = re.compile(r"[xGNCA]{1,4}")


def firms(prose: Prose, shape: str) -> Iterator[Mention]:
    """Capitalised names that end as those of companies do ("Vextor GmbH", "Norlan Motors")."""
    endings = word_set("organizations", "company_endings")
    for passage in prose.passages:
        for match in _FIRM.finditer(shape, passage.first, passage.last):
            first, last = match.span()
            while last - first > 1 and prose.lowers[last - 1] not in endings:
                last -= 1
            if last - first > 1 and first > passage.first:
                yield over_tokens(prose, first, last, "Organization", "company ending")


def _with_owners(prose: Prose, shape: str, passage: Passage, first: int) -> int:
    """The start of the name with those whose body it is: "Employers' Federation"."""
    owners = first - 2
    if owners < passage.first or prose.words[first - 1] not in ("'", "’"):
        return first
    word = prose.words[owners]
    if prose.tags[first - 1] != "Z" or not (word[0].isupper() and word.endswith("s")):
        return first
    while owners > passage.first and shape[owners - 1] in "xGNCA":
        owners -= 1
    return owners


def _without_person(prose: Prose, shape: str, first: int, last: int) -> int:
    """The end before "and" and two words that no lexicon knows: "Academy of Arts and Orla Vane"."""
    joint = shape.rfind("a", first, last)
    if joint < 0 or shape[joint + 1 : last] not in ("xx", "Gx", "xxx", "Gxx"):
        return last
    unknown = lexicon().tags.keys().isdisjoint(prose.lowers[joint + 1 : last])
    return joint if unknown else last


def is_law(shape: str, last: int) -> bool:
    """Whether the name is only the beginning of a law's ("Science Foundation Reform Act")."""
    return _LAW.match(shape, last, last + 12) is not None


def _goes_on(prose: Prose, shape: str, passage: Passage, first: int, last: int) -> bool:
    """Whether the name goes on to a law, means or event, or is an event by its number."""
    if _LAW.match(shape, last, passage.last):
        return True
    if shape[last - 1] in "OS" and last < passage.last and shape[last] in "MV":
        return "o" not in shape[first:last]
    return prose.lowers[last - 1] == "congress" and prose.tags[first - 1 : first] == "#"


def acronyms(prose: Prose, shape: str) -> Iterator[Mention]:
    """Unknown acronyms that no list calls something else, where they act or own."""
    not_actors = word_set("organizations", "not_actors")
    for match in re.finditer(r"A", shape):
        token = match.start()
        if prose.lowers[token] in not_actors or not prose.words[token].isalpha():
            continue
        after = shape[token + 1 : token + 2]
        tag = prose.tags[token + 1 : token + 2]
        if after == "z" or (tag in ("V", "M", "B", "E") and after != "A"):
            yield over_tokens(prose, token, token + 1, "Organization", "acronym-context")
        elif after == ")" and shape[token - 1] == ",":
            yield over_tokens(prose, token, token + 1, "Organization", "acronym-alias")


def by_context(prose: Prose, shape: str, named: Mapping[int, Mention]) -> Iterator[Mention]:
    """Names without a head that the words around them show to be bodies.

    `named` are the names already found, by each token they cover.
    """
    lower_heads = word_set("organizations", "lower_heads")
    told: set[tuple[str, ...]] = set()
    unclear: list[tuple[int, int]] = []
    for passage in prose.passages:
        for match in _NAME.finditer(shape, passage.first, passage.last):
            first, last = match.span()
            if any(t in named for t in range(first, last)):
                continue
            rule = _rule_of_stance(prose, passage, first, last)
            if first > passage.first:
                rule = rule or _rule_before(prose, first) or _rule_behind(prose, passage, last)
            if rule:
                told.add(tuple(prose.words[first:last]))
                yield over_tokens(prose, first, last, "Organization", rule)
            elif (
                first > passage.first and last < passage.last and prose.lowers[last] in lower_heads
            ):
                yield over_tokens(prose, first, last + 1, "Organization", "lower-case head")
            else:
                unclear.append((first, last))
    for first, last in unclear:
        if tuple(prose.words[first:last]) in told:
            yield over_tokens(prose, first, last, "Organization", "told before")


_NAME = re.compile(r"(?<![xGCNAOSUMPQLVJT])(?:[xGN]{0,2}x|A)(?![xGNAOSUMPLQV])")


def _rule_before(prose: Prose, first: int) -> str | None:
    """ "The firm Acme", "the chairman of Acme"."""
    before = prose.lowers[first - 1]
    if before in word_set("organizations", "kinds") and prose.tags[first - 1] == "N":
        return "kind"
    led = before in ("of", "at") and prose.lowers[first - 2] in word_set("organizations", "led_by")
    return "led by" if led else None


def _rule_of_stance(prose: Prose, passage: Passage, first: int, last: int) -> str | None:
    """A name of one unknown word whose bearer takes a side: "Acme opposes the levy"."""
    opened = first == passage.first or prose.tags[first - 1] in ",;C"
    if not opened or last - first > 1 or last >= passage.last or prose.tags[first] != "X":
        return None
    if prose.lowers[first].endswith(_PEOPLE):
        return None
    told = prose.tags[last] in "VE" and lexicon().lemmas.get(prose.lowers[last]) in _sides()
    return "stance" if told else None


# Endings of common nouns for people that a sentence may open with: "Panelists".
_PEOPLE = ("ists", "ers", "ants", "ors", "ees", "ians")


@cache
def _sides() -> frozenset[str]:
    verbs = load("modality")["verbs"]
    return frozenset((*verbs["calls-for"], *verbs["endorses"], *verbs["opposes"]))


def _rule_behind(prose: Prose, passage: Passage, last: int) -> str | None:
    """ "Acme, a leading company"."""
    lowers, kinds = prose.lowers, word_set("organizations", "kinds")
    if lowers[last : last + 1] != [","] or lowers[last + 1 : last + 2] not in (["a"], ["an"]):
        return None
    for token in range(last + 2, min(last + 8, passage.last)):
        if lowers[token] in kinds:
            return "kind"
        if prose.tags[token] not in "ANXE":
            return None
    return None


def is_founded(prose: Prose, mention: Mention) -> bool:
    """Whether the words before say that the body is only now being made."""
    founding = word_set("organizations", "founding")
    before = prose.lowers[max(mention.first - 5, 0) : mention.first]
    while before and before[-1] in _BETWEEN:
        before.pop()
    return bool(before) and before[-1] in founding


_BETWEEN = frozenset(
    ("a", "an", "the", "of", "new", "its", "their", "first", "two", "three", "four")
)
