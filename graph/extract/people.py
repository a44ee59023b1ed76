"""Finds posts and named people: titles, names after titles, given names, names that speak."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from graph.extract.cues import word_set
from graph.extract.mention import Mention, over_tokens
from graph.extract.passages import Passage, Prose, lexicon

_TOPIC = r"[xGCNAOSUMV]{1,9}"
_ITEM = r"[xGNOSUM]{1,9}+(?![PxGNOSUM])"
_LIST = rf"(?:(?:,{_ITEM}){{0,9}},?ad?{_ITEM})?"
_HOLDER = r"(?:[xGCNA]{0,6}Q?P{1,3}(?![xGJ]))"
_COMPLEMENT = rf"(?:[oftny]d?(?:{_HOLDER}|{_TOPIC}{_LIST})|\([xGM]{1, 6}(?:a[xGM]{1, 6})?\))"
_HEAD = r"(?:[xGCNAM]{0,8}(?:Q{1,3}[xM]{0,3})?P{1,3})"
POST = re.compile(
    rf"(?:{_HEAD}(?:a{_HEAD})?|Q{{1,2}}(?=t)|(?<=,)Q{{1,2}}x{{1,2}}(?=[yo,])){_COMPLEMENT}{{0,5}}"
)
LOWER = re.compile(rf"(?!n){_COMPLEMENT}{{1,5}}")
_NAME = r"(?:[GxJ]\.?)(?:e{0,2}[GxJ]\.?){0,3}"
_TITLED = re.compile(rf"(?:P|(?<=[pT])\.?|T)\.?({_NAME})(?![OSUMPQVL])|T\.?((?:[GJ]\.?)*A{{1,3}})")
_GIVEN = re.compile(
    r"G(?:J\.?)*(?:e{0,2}[xG]){1,3}(?![OSUMPQVL])|G(?:J\.?)*A{1,2}|(?<![xGCNAOSUMPQLVJT])(?:J\.?){1,3}[xG]{1,2}(?![OSUMV])"
)
_PLAIN = r"[xG](?:e{0,2}x){1,2}"
_SPEAKS = re.compile(
    rf"(?<![xGCNAOSUPMJoQLV])({_PLAIN})(?=v|,d?p|,x{{0,2}}[PQ])|v({_PLAIN})(?![xGCNAOSUPMJQLV])"
)
_PAIRED = re.compile(
    r"(?<![xGCNAOSUPMJQLVo])(x{2,3})(?=aG(?:J\.?)*x)|(?<=Gxa)(x{2,3})(?![xGCNAOSUPMJQLV])"
)
_INITIALLED = re.compile(
    r"(?<![xGCNAOSUMPQLVJT])x(?:J\.?){1,2}x|(?<![xGCNAOSUMPQLVJT])[xG],(?:J\.?)+(?![A-Za-z])"
    r"|[xG]J(?=,[xG]J)|(?<=[xG]J,)[xG]J(?![A-Za-z])"
)
_SIGNING = re.compile(rf"({_PLAIN})(?=\((?:C|[xGA]*[OU])|,[xGANC]*[UOPQ])")
_IN_LIST = re.compile(r"(?<=[,;a])(?:x{2,3}|xe{1,2}x)(?=[,;a.]|$)")
_BEHIND_NAME = frozenset((",", "(", "–", "—", "-", "|", ":"))


def people(prose: Prose, shape: str) -> Iterator[Mention]:
    """Names of people by a title, a given name, by speaking, or in a list with such names."""
    lowers = prose.lowers
    for passage in prose.passages:
        found = 0
        for pattern, rule in (
            (_TITLED, "title"),
            (_GIVEN, "given-name"),
            (_INITIALLED, "initials"),
            (_SPEAKS, "speaking"),
            (_PAIRED, "pair"),
        ):
            for match in pattern.finditer(shape, passage.first, passage.last):
                group = next((g for g in range(1, match.re.groups + 1) if match.group(g)), 0)
                first, last = match.span(group)
                if rule != "initials":
                    last = _without_tail(shape, first, last)
                if last > first and _is_even(prose, first, last) and lowers[first] != "states":
                    found += 1
                    yield over_tokens(prose, first, last, "Person", rule)
        if signing := _SIGNING.match(shape, passage.first, passage.last):
            yield over_tokens(prose, *signing.span(1), "Person", "signing")
        if found:
            for match in _IN_LIST.finditer(shape, passage.first, passage.last):
                if _is_unknown(prose, *match.span()):
                    yield over_tokens(prose, *match.span(), "Person", "list")


def name_lines(prose: Prose, shape: str) -> Iterator[Mention]:
    """Names that stand one a line, three or more in a row, as signatories do."""
    run: list[Mention] = []
    for passage in (*prose.passages, None):
        if passage and (span := _name_line(prose, shape, passage)):
            run.append(over_tokens(prose, *span, "Person", "name line"))
            continue
        if len(run) > 2:
            yield from run
        run = []


def _name_line(prose: Prose, shape: str, passage: Passage) -> tuple[int, int] | None:
    """The name with which a passage opens, where it is all of it or a comma follows."""
    match = _LINE.match(shape, passage.first, passage.last)
    if not match or (match.end() < passage.last and prose.words[match.end()] not in _BEHIND_NAME):
        return None
    known = lexicon().tags.keys()
    return match.span(1) if known.isdisjoint(prose.lowers[passage.first : match.end()]) else None


_LINE = re.compile(r"(?:T\.?)*([xGJ]\.?(?:e{0,2}[xGJ]\.?){1,3})(?![A-Za-z])")


def cited(prose: Prose, shape: str) -> Iterator[Mention]:
    """Authors of works cited by year: "Roe (2001)", "(Roe and Doe, 2001)", "Roe et al. (2001)"."""
    lowers, words = prose.lowers, prose.words
    for token, tag in enumerate(prose.tags):
        if (
            tag != "#"
            or token < 2
            or words[token - 1] not in "(,"
            or not _YEAR.fullmatch(words[token])
        ):
            continue
        at = token - 2
        if words[at] == "." and lowers[at - 2 : at] == ["et", "al"]:
            at -= 3
        while at >= 0 and shape[at] in "xG" and len(words[at]) > 2:
            opens = at == 0 or shape[at - 1] in "(a " or words[at - 1] == ";"
            if not opens or (words[token - 1] == "," and "(" not in words[max(at - 8, 0) : at]):
                break
            yield over_tokens(prose, at, at + 1, "Person", "cited")
            if at < 2 or shape[at - 1] != "a":
                break
            at -= 2


_YEAR = re.compile(r"(?:18|19|20)\d\d[a-z]?")


_PLAIN_NAME = re.compile(r"(?<![xGCNAOSUMPQLVJTo])[xG](?:e{1,2}|x)?x(?![xGCNAOSUMPQLVJ])")


def unusual(prose: Prose, shape: str) -> Iterator[Mention]:
    """Names of two unknown words: with the family name first, or used alone elsewhere."""
    family_first = word_set("people", "family_first")
    alone = {prose.words[m.start()] for m in _ALONE.finditer(shape)}
    for passage in prose.passages:
        for match in _PLAIN_NAME.finditer(shape, passage.first, passage.last):
            first, last = match.span()
            if not _is_unknown(prose, first, last):
                continue
            if last - first == 2 and prose.lowers[first] in family_first:
                yield over_tokens(prose, first, last, "Person", "family name first")
            elif last - first == 2 and _is_listed(prose, passage, first, last):
                yield over_tokens(prose, first, last, "Person", "listed")
            elif prose.words[last - 1] in alone and prose.words[first] not in alone:
                yield over_tokens(prose, first, last, "Person", "surname alone")


_LISTING = frozenset(
    ("by", "with", "and", "including", "between", ",", ";", "–", "—", "-", ":", "(")
)
_LISTED = frozenset((",", ";", "and", "(", ".", "–", "—", "-", "who", "whose", ")"))


def _is_listed(prose: Prose, passage: Passage, first: int, last: int) -> bool:
    """Whether the name stands as one of a list, or as one who did something."""
    if first == passage.first or last >= passage.last:
        return False
    return prose.lowers[first - 1] in _LISTING and prose.lowers[last] in _LISTED


_NAMED = re.compile(r"(?<![xGCNAOSUMPQLVJTo])[xG](?:e{1,2}|x)?x{1,2}(?![xGCNAOSUMPQLVJe])")


def described(prose: Prose, shape: str) -> Iterator[Mention]:
    """Names of unknown words that what follows shows to be people's: "Orla Vane, a chemist at"."""
    for passage in prose.passages:
        for match in _NAMED.finditer(shape, passage.first, passage.last):
            first, last = match.span()
            if _is_described(prose, shape, passage, last) and _is_unknown(prose, first, last):
                yield over_tokens(prose, first, last, "Person", "described")


def _is_described(prose: Prose, shape: str, passage: Passage, last: int) -> bool:
    """Whether "who" or "a" with a calling or a post in lower case follows."""
    at = last + (prose.lowers[last : last + 1] == [","])
    if at >= passage.last:
        return False
    if prose.lowers[at] in ("who", "whose"):
        return True
    if at == last or prose.lowers[at] not in ("a", "an", "the"):
        return False
    callings = word_set("people", "callings")
    for token in range(at + 1, min(at + 6, passage.last)):
        if shape[token] == "p" or prose.lowers[token] in callings:
            return True
        if prose.tags[token] not in "ANEX":
            return False
    return False


_ALONE = re.compile(r"(?<![xGCNAOSUMPQLVJTofniya(])x(?=[zv])")


def _is_even(prose: Prose, first: int, last: int) -> bool:
    """A name is written in one way: "JANE ROE" or "Jane Roe", not "Jane ROE2"."""
    words = prose.words[first:last]
    capitals = [w.isupper() for w in words if len(w) > 2]
    return not any(capitals) or all(capitals) or len(capitals) == 1 or capitals == [False, True]


def _is_unknown(prose: Prose, first: int, last: int) -> bool:
    """Whether no word of the name is a common word or a noun of place."""
    words = prose.lowers[first:last]
    return lexicon().tags.keys().isdisjoint(words) and word_set("people", "places").isdisjoint(
        words
    )


def _without_tail(shape: str, first: int, last: int) -> int:
    """A dot or an initial at the end is no part of the name."""
    while last > first and shape[last - 1] in ".J":
        last -= 1
    return last


def posts(prose: Prose, shape: str, bodies: Mapping[int, Mention]) -> Iterator[Mention]:
    """Offices with a capital; `bodies` are the organisations by each token they cover."""
    weak = word_set("people", "weak_posts")
    for passage in prose.passages:
        for match in POST.finditer(shape, passage.first, passage.last):
            first, last = match.span()
            head = first + max(shape[first:last].find("P"), 0)
            if (body := bodies.get(head)) and body.last > head:
                continue
            last = _without_to(prose, shape, first, last)
            first = _reach_left(prose, passage, first, bodies)
            last = _reach_right(last, bodies)
            if last - first == 1 and prose.lowers[first] in weak:
                continue
            yield over_tokens(prose, first, last, "Post", "title")


def lower_posts(
    prose: Prose, shape: str, bodies: Mapping[int, Mention], persons: Mapping[int, Mention]
) -> Iterator[Mention]:
    """Offices in lower case: before "of" and a body, or beside a person."""
    modifiers = word_set("people", "modifiers")
    weak = word_set("people", "weak_posts")
    for passage in prose.passages:
        for match in re.finditer("p+", shape[passage.first : passage.last]):
            first, last = match.start() + passage.first, match.end() + passage.first
            if match.group() == "p" and prose.lowers[first] in modifiers:
                continue
            last_head = last - 1
            full = LOWER.match(shape, last, passage.last)
            if full:
                last = _reach_right(full.end(), bodies)
            beside = _beside(shape, first, last, persons)
            if not beside and (full is None or prose.lowers[last_head] in weak):
                continue
            if full is None and prose.lowers[last_head] in weak:
                continue
            while first > passage.first and prose.lowers[first - 1] in modifiers:
                first -= 1
            first = _reach_left(prose, passage, first, bodies)
            yield over_tokens(prose, first, last, "Post", "lower-case post")


def _without_to(prose: Prose, shape: str, first: int, last: int) -> int:
    """Cut a phrase with "to" that does not belong to the office ("visit of the Minister to")."""
    at = shape.find("t", first, last)
    if at < 0:
        return last
    opens = word_set("people", "to_posts")
    return last if any(word in opens for word in prose.lowers[first:at]) else at


def _reach_left(prose: Prose, passage: Passage, first: int, bodies: Mapping[int, Mention]) -> int:
    """Take in the body named directly before ("NASA Administrator")."""
    if first > passage.first and prose.starts[first] - prose.ends[first - 1] <= 1:
        before = bodies.get(first - 1)
        if before and before.last == first:
            return before.first
    return first


def _reach_right(last: int, bodies: Mapping[int, Mention]) -> int:
    """Take in the whole name of the body that the office is of."""
    inside = bodies.get(last - 1)
    return max(last, inside.last) if inside else last


def _beside(shape: str, first: int, last: int, persons: Mapping[int, Mention]) -> bool:
    """Whether a person stands next to these tokens, perhaps behind a comma."""
    after = last + (shape[last : last + 1] in (",", "T"))
    if after in persons or (after + 1 in persons and shape[after : after + 1] == "T"):
        return True
    before = first - 1
    while before >= 0 and shape[before] in "d " and first - before <= 4:
        before -= 1
    return before > 0 and shape[before] == "," and before - 1 in persons
