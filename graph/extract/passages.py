"""Text -> passages (sentences, headings, list items) of tagged tokens.

The tags are coarse parts of speech, one character a token, so that phrases can be found by regular
expressions over the tag string. They come from a lexicon, word endings and the neighbouring tag;
no model is needed. Everything is kept in flat arrays: this is the inner loop of the extractor.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from graph.resources import data_path

# The tag alphabet. Punctuation is its own tag, except dashes ("-") and all quotes ('"').
DETERMINER, PREPOSITION, CONJUNCTION, SUBORDINATOR = "D", "P", "C", "S"
PRONOUN, MODAL, AUXILIARY, TO = "Q", "M", "B", "T"
VERB, GERUND, PARTICIPLE = "V", "G", "E"
NOUN, ADJECTIVE, ADVERB, PROPER = "N", "A", "R", "X"
NUMBER, POSSESSIVE = "#", "Z"

Kind = Literal["sentence", "heading", "item"]

_TOKEN = re.compile(
    r"""
    (?:[A-Z]\.){2,}(?:-\w+)*            # U.S., U.S.-led
  | [€£¥₹₩$]                            # currency signs stand alone
  | \d+-(?:year|month|week|day|point|member|nation|country)s?\b(?:-\w+)*  # 10-year
  | \d+(?:[.,]\d+)*(?:st|nd|rd|th)?(?![\w])  # 1,200.5 and 14th
  | [A-Za-z]&[A-Za-z]\b                 # R&D
  | \w+(?:[-‐‑/'’.]\u2060?\w+)*?(?=['’]s\b)  # the noun before a possessive
  | ['’]s\b                             # the possessive
  | \w+(?:(?:[-‐‑/]\u2060?|['’.](?=\w))\w+)*  # words, hyphenated or with an inner apostrophe
  | \S                                  # any other sign
    """,
    re.VERBOSE,
)
_BULLET = re.compile(
    r"[ \t]*(?:(?:[-–—•*▪‣◦·●○■□➢►✓]|o(?=[ \t]+[A-Z]))[ \t]+"
    r"(?:\((?:\d{1,2}|[a-z]|[ivx]{1,4})\)[ \t]+)?"
    r"|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)][ \t]+(?=\S))"
)
_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(
    r"[.!?。！？]+[)\]\"'”’»*_]*(?:\[\d+\])*(?=\s+(?:[-–—•*▪‣·●]\s+)?[\"'“‘«(\[]*[A-Z0-9À-Þ]|\s*$)"
    r"|[。！？]+"
)
_INNER_BULLET = re.compile(r"[-–—•*▪‣·●]\s+(?=\S)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|Hon|Sen|Rep|Gov|Gen|St|No|Nos|vs|cf|al|e\.g|i\.e|approx|Art|Sec|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Inc|Ltd|Co|Corp|Fig|Vol|pp?|ca|Rs))\.$"
)
_TITLE_DOT = re.compile(r"\b(?:U\.S|U\.K|U\.N|E\.U|D\.C|Ph\.D|a\.m|p\.m)\.$")
_PUNCTUATION = (
    {c: c for c in ".,;:!?()[]%/&"}
    | dict.fromkeys("\"'“”‘’«»", '"')
    | dict.fromkeys("-–—‐‑", "-")
    | dict.fromkeys("€£¥₹₩$", "$")
)

_HEADING_LENGTH = 140
_SENTENCE_LENGTH = 4000


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, heading or list item: characters [start, end), tokens [first, last).

    `lead` is the index of the passage that opens the list of an item, `paragraph` the number of
    the block of text it stands in (the sentences of one paragraph or item share it).
    """

    start: int
    end: int
    kind: Kind
    paragraph: int
    lead: int | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Prose:
    """A text cut into passages and tagged tokens; the token arrays run over the whole text."""

    text: str
    passages: tuple[Passage, ...]
    starts: list[int]
    ends: list[int]
    words: list[str]
    lowers: list[str]
    tags: str

    def passage_at(self, offset: int) -> int:
        """Index of the passage that holds the character, or of the one before it."""
        return max(bisect_right(self.passages, offset, key=lambda p: p.start) - 1, 0)

    def token_at(self, offset: int) -> int:
        """Index of the token that holds the character, or of the one before it."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def lemma(self, token: int) -> str:
        """Dictionary form of a verb token, or the word itself in lower case."""
        word = self.lowers[token]
        return lexicon().lemmas.get(word, word)


class Lexicon:
    """Word -> tag, from `cues/lexicon.toml`; verbs are inflected on loading."""

    def __init__(self, source: Mapping[str, list[str]]) -> None:
        self.tags: dict[str, str] = {}
        self.lemmas: dict[str, str] = {}
        for verb in source["verbs"]:
            for form, tag in _inflections(verb):
                self.tags[form] = tag
                self.lemmas[form] = verb
        for entry in source["irregular"]:
            base, *past = entry.split()
            for form in past:
                if form != base:
                    self.tags[form] = PARTICIPLE
                    self.lemmas[form] = base
        for name, tag in (
            ("nouns", NOUN),
            ("adjectives", ADJECTIVE),
            ("adverbs", ADVERB),
            ("determiners", DETERMINER),
            ("prepositions", PREPOSITION),
            ("conjunctions", CONJUNCTION),
            ("subordinators", SUBORDINATOR),
            ("pronouns", PRONOUN),
            ("modals", MODAL),
            ("auxiliaries", AUXILIARY),
        ):
            self.tags.update(dict.fromkeys(source[name], tag))
        for word in [w for w in self.tags if "'" in w]:  # don't, don’t
            self.tags[word.replace("'", "’")] = self.tags[word]
        self.tags["to"] = TO
        self.prepositional = frozenset(source["before_to_noun"])
        self.ambiguous = frozenset(
            form for verb in source["noun_or_verb"] for form in (verb, _third_person(verb))
        )

    def guess(self, word: str) -> str:
        """Tag of a lower-case word; unknown words are told by their ending."""
        if tag := self.tags.get(word):
            return tag
        if "-" in word and (tag := self.tags.get(word.rpartition("-")[2])):
            return ADJECTIVE if tag in (PARTICIPLE, GERUND, ADJECTIVE, NOUN) else tag
        if word.endswith("ly"):
            return ADVERB
        if word.endswith("ing") and len(word) > 5:
            return GERUND
        if word.endswith("ed") and len(word) > 4:
            return PARTICIPLE
        if word.endswith(_ADJECTIVE_ENDINGS):
            return ADJECTIVE
        return NOUN


_ADJECTIVE_ENDINGS = ("al", "ive", "ic", "ous", "able", "ible", "ary", "less", "ful", "ical", "ish")


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped lexicon, read once per process."""
    return Lexicon(tomllib.loads(data_path("cues/lexicon.toml").read_text("utf-8")))


def read(text: str) -> Prose:
    """Cut a text into passages and tag its tokens. Any string is accepted, also an empty one."""
    words_of = lexicon()
    starts: list[int] = []
    ends: list[int] = []
    words: list[str] = []
    lowers: list[str] = []
    tags: list[str] = []
    passages: list[Passage] = []
    for block in _with_leads(text, _blocks(text)):
        first = len(words)
        for match in _TOKEN.finditer(text, block.start, block.end):
            starts.append(match.start())
            ends.append(match.end())
            words.append(word := match.group())
            lowers.append(word.lower())
        tags.extend(_tag(words, lowers, first, block.kind, words_of))
        passages.append(
            Passage(
                block.start, block.end, block.kind, block.paragraph, block.lead, first, len(words)
            )
        )
    return Prose(text, tuple(passages), starts, ends, words, lowers, "".join(tags))


@dataclass(slots=True)
class _Block:
    start: int
    end: int
    kind: Kind
    paragraph: int
    bulleted: bool
    lead: int | None = None


def _blocks(text: str) -> Iterator[_Block]:
    """Lines joined to paragraphs where the text is wrapped, then cut into sentences."""
    for number, (start, end, bulleted) in enumerate(_paragraphs(text)):
        sentences = list(_sentences(text, start, end))
        alone = len(sentences) == 1
        for s, e in sentences:
            kind: Kind = "sentence"
            if inner := _INNER_BULLET.match(text, s, e):
                s, bulleted = inner.end(), True
            if bulleted:
                kind = "item"
            elif alone and _is_heading(text, s, e):
                kind = "heading"
            yield _Block(s, e, kind, number, bulleted)


def _paragraphs(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether a bullet stands before it, of each paragraph, item or heading."""
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text) if not m.group().isspace()]
    wrapped = _is_wrapped(text, lines)
    current: tuple[int, int, bool] | None = None
    for start, end in lines:
        bullet = _BULLET.match(text, start, end)
        begin = bullet.end() if bullet else start
        if current and not bullet and _continues(text, current[1], begin, wrapped):
            current = (current[0], end, current[2])
            continue
        if current:
            yield current
        current = (begin, end, bullet is not None) if begin < end else None
    if current:
        yield current


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether lines are broken at a fixed width: many go on in lower case on the next line."""
    breaks = [(a, b) for (_, a), (b, _) in pairwise(lines) if b == a + 1]
    running = sum(text[b].islower() and text[a - 1] not in ".:;!?" for a, b in breaks)
    return len(breaks) > 3 and running > 0.2 * len(breaks)


def _continues(text: str, end: int, begin: int, wrapped: bool) -> bool:
    """Whether the line that begins here goes on with the paragraph that ended there."""
    if "\n" in text[end + 1 : begin]:
        return False
    before = text[:end].rstrip()[-1:] if end < 200 else text[end - 200 : end].rstrip()[-1:]
    head = text[begin : begin + 40].lstrip()[:1]
    if wrapped:
        return True
    return head.islower() and before not in ".!?:;"


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences; what has no end for pages is cut between words, so that work stays linear."""
    for s, e in _ended(text, start, end):
        while e - s > _SENTENCE_LENGTH:
            cut = text.rfind(" ", s + 1, s + _SENTENCE_LENGTH)
            cut = cut if cut > s else s + _SENTENCE_LENGTH
            if trimmed := _trim(text, s, cut):
                yield trimmed
            s = cut
        if trimmed := _trim(text, s, e):
            yield trimmed


def _ended(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        stop = match.end()
        if stop < end and text[match.start()] == ".":
            tail = text[max(begin, match.start() - 12) : match.start() + 1]
            if _ABBREVIATION.search(tail):
                continue
            if _TITLE_DOT.search(tail) and not _starts_sentence(text, stop, end):
                continue
        if trimmed := _trim(text, begin, stop):
            yield trimmed
        begin = stop
    if trimmed := _trim(text, begin, end):
        yield trimmed


_OPENER = re.compile(r"\s+(?:The|A|An|In|On|At|It|This|These|We|He|She|They|But|And|For|As|To)\s")


def _starts_sentence(text: str, at: int, end: int) -> bool:
    """After "U.S.": only a word that usually opens a sentence ends the one before."""
    return _OPENER.match(text, at, end) is not None


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _is_heading(text: str, start: int, end: int) -> bool:
    return (
        end - start <= _HEADING_LENGTH
        and text[end - 1] not in '.!?;:,”"'
        and "\n" not in text[start:end]
    )


def _with_leads(text: str, blocks: Iterator[_Block]) -> Iterator[_Block]:
    """Give each item the passage that opens its list; lines after a colon become items."""
    lead: int | None = None
    lead_paragraph = -1
    open_list = False
    for index, block in enumerate(blocks):
        if block.bulleted:
            block.lead = lead
        elif open_list and block.paragraph > lead_paragraph and _is_list_line(text, block):
            block.kind = "item"
            block.lead = lead
        else:
            lead = index
            lead_paragraph = block.paragraph
            open_list = text[block.end - 1] == ":"
        yield block


def _is_list_line(text: str, block: _Block) -> bool:
    """A line under a colon: short, and it does not open with a word that begins a narrative."""
    head = text[block.start : block.start + 6]
    return block.end - block.start < 400 and not head.startswith(
        ("The ", "This", "These", "In ", "It ", "He ", "She ", "They", "We ", "But ", '"', "“")
    )


def _tag(
    words: list[str], lowers: list[str], first: int, kind: Kind, lexicon_: Lexicon
) -> list[str]:
    """Tags of the tokens from `first` on, which are those of one passage."""
    size = len(words)
    known = lexicon_.tags
    guess = lexicon_.guess
    ambiguous = lexicon_.ambiguous
    titled = (kind == "heading" and _is_titled(words, first)) or _is_shouted(words, first)
    opener = first  # the first word, behind an opening quote or bracket
    while opener + 1 < size and not words[opener][0].isalnum():
        opener += 1
    lemmas = lexicon_.lemmas
    tags: list[str] = []
    previous = governor = ""
    bare_verb = False
    for i in range(first, size):
        lower = lowers[i]
        head = words[i][0]
        if not head.isalpha():
            tag = _PUNCTUATION.get(head, "")
            if lower in ("'s", "’s") or (
                lower in ("'", "’") and i + 1 < size and _owns(words, first, i)
            ):
                tag = POSSESSIVE
            elif not tag:
                tag = (ADJECTIVE if "-" in lower else NUMBER) if head.isdigit() else '"'
        elif (
            head.isupper()
            and (i > opener or lower not in known)
            and not (lower in known and (titled or (previous == ":" and lower in lemmas)))
        ):
            tag = (
                known[lower]
                if lower in known
                and len(lower) < 4
                and words[i].istitle()
                and (known[lower] in "DPCSTQ")
                else PROPER
            )
        elif governor in ("T", "M") and lemmas.get(lower) == lower:
            following = lowers[i + 1] if i + 1 < size else ""
            tag = VERB
            if known[lower] in "AR" and lemmas.get(following) == following:
                tag = ADVERB
            elif known[lower] == ADJECTIVE and previous == TO and i - 2 >= first:
                tag = ADJECTIVE if lowers[i - 2] in lexicon_.prepositional else VERB
        elif lower in ambiguous:
            following = lowers[i + 1] if i + 1 < size else ""
            if known.get(lower) == ADJECTIVE and _modifies(tags):
                tag = ADJECTIVE
            else:
                beyond = lowers[i + 2] if i + 2 < size else ""
                tag = _noun_or_verb(lower, previous, following, beyond, known)
                if tag == VERB and previous in (NOUN, PROPER) and i - 1 > first:
                    tag = _agreeing(lowers[i - 1], lower, tags)
                if previous == CONJUNCTION and not bare_verb and not lower.endswith("s"):
                    tag = NOUN
                if tag == NOUN and previous in (NOUN, PROPER):
                    opens = kind == "sentence" and not any(t in "VMB" for t in tags[-12:])
                    after = NOUN if following in ambiguous else known.get(following, NOUN)
                    tag = _predicate(
                        lowers[i - 1], lower, after if following[:1].isalpha() else "", opens
                    )
        else:
            tag = known.get(lower) or guess(lower)
            if previous == CONJUNCTION and bare_verb and lemmas.get(lower) == lower:
                tag = VERB if i + 1 < size and lowers[i + 1] in _PARTICLES else tag
            if tag == NOUN and lower.endswith("ing") and i + 1 < size:
                tag = _noun_or_gerund(lower, known.get(lowers[i + 1], ""), lemmas)
        tags.append(tag)
        previous = tag
        if tag != ADVERB:
            governor = tag
        bare_verb = bare_verb or tag == MODAL or (tag == VERB and lemmas.get(lower) == lower)
    return tags


# Words that make a verb of a word that may be a noun too ("and roll out").
_PARTICLES = frozenset(("up", "out", "down", "off", "back"))
# Plural nouns without an "s".
_PLURALS = frozenset(
    ("people", "women", "men", "children", "others", "police", "data", "media", "alumni", "youth")
)


def _agreeing(noun: str, word: str, tags: list[str]) -> str:
    """Tag of an ambiguous word behind a noun: no base form follows a subject in the singular.

    Where something is joined to the noun, or it stands in a tail, the subject may be another.
    """
    if word.endswith("s") or noun.endswith("s") or noun in _PLURALS or word in _UNCHANGED:
        return VERB
    return VERB if not {"C", "P", "S"}.isdisjoint(tags[-8:]) else NOUN


def _is_shouted(words: list[str], first: int) -> bool:
    """Whether a passage of some length stands in capitals throughout."""
    return len(words) - first > 4 and all(w.isupper() for w in words[first:] if w[0].isalpha())


def _predicate(noun: str, word: str, after: str, opens: bool) -> str:
    """Tag of an ambiguous word behind a noun that may be its subject ("funds support schools").

    `opens` tells that the sentence has no verb so far, so that one is due.
    """
    same_past = word in ("cut", "set") and opens
    if noun.endswith("s") == word.endswith("s") and not same_past:
        return NOUN
    if after in (DETERMINER, PRONOUN, ADJECTIVE):
        return VERB
    return VERB if after == NOUN and (opens or not word.endswith("s")) else NOUN


def _owns(words: list[str], first: int, at: int) -> bool:
    """Whether the apostrophe ends a plural possessor ("states' rights"), not a quotation."""
    return (
        at > first
        and words[at - 1].endswith("s")
        and words[at + 1][0].isalpha()
        and not any(w in ("'", "‘", "’") for w in words[max(first, at - 60) : at])
    )


def _is_titled(words: list[str], first: int) -> bool:
    """Whether most of the longer words of a heading are capitalised."""
    longer = [w for w in words[first:] if len(w) > 3 and w[0].isalpha()]
    return sum(w[0].isupper() for w in longer) > 0.6 * len(longer)


def _noun_or_gerund(word: str, after: str, lemmas: Mapping[str, str]) -> str:
    """Words such as "building" are gerunds before a determiner: "building a laboratory"."""
    return GERUND if after == DETERMINER and word in lemmas else NOUN


def _modifies(tags: list[str]) -> bool:
    """Whether an adjective fits here: behind a determiner or in a list of adjectives."""
    last = tags[-3:]
    while last and last[-1] in (",", "C"):
        last = last[:-1]
        if not last or last[-1] not in (",", "C", "A"):
            return False
    return bool(last) and last[-1] in ("D", "A", "Z", "#", "P", "R")


# Verbs whose participle is the base form: "was set", "has cut".
_UNCHANGED = frozenset(("set", "cut", "cost", "hit", "put", "run", "split", "spread"))


def _noun_or_verb(
    word: str, previous: str, following: str, beyond: str, known: Mapping[str, str]
) -> str:
    """Decide words such as "support" or "plans" by the tag before and the two words after."""
    if previous in ("T", "M", "Q", "S", "R"):
        return VERB
    if previous == AUXILIARY and word in _UNCHANGED:
        return PARTICIPLE
    if previous in ("D", "A", "P", "Z", "#", "V", "G", "E"):
        return NOUN
    after = known.get(following, NOUN if following[:1].isalpha() else ".")
    opens_object = after in "DATGNXQ" and after != "."
    if previous in ("N", "X"):
        if after == TO:
            return VERB if known.get(beyond) in (VERB, ADVERB) else NOUN
        if after == ADJECTIVE and previous == PROPER and word.endswith("s"):
            return VERB
        return VERB if after in "DQ" or following == "that" else NOUN
    return VERB if opens_object else NOUN


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


_DOUBLING = re.compile(r"[^aeiou]*[aeiou][bdgmnprt]")


def _inflections(verb: str) -> Iterator[tuple[str, str]]:
    """The forms of a regular verb with their tags; short verbs double the last consonant."""
    stem = verb
    past = verb + "ed"
    if verb.endswith("e"):
        stem, past = verb[:-1] if not verb.endswith("ee") else verb, verb + "d"
    elif verb.endswith("y") and verb[-2:-1] not in "aeiou":
        past = verb[:-1] + "ied"
    elif _DOUBLING.fullmatch(verb):
        stem, past = verb + verb[-1], verb + verb[-1] + "ed"
    yield verb, VERB
    yield _third_person(verb), VERB
    yield stem + "ing", GERUND
    yield past, PARTICIPLE


def lower_case(text: str) -> str:
    """Lower case that keeps every offset (a few capitals have two lower-case characters)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
