"""What the words of a text look like as parts of names, one character a token.

Names are found by regular expressions over this string, as phrases are over the tags: a capitalised
word is an organisation's head, a post, a given name, an acronym ...; small words that may stand
inside a name ("of", "for the") keep a letter of their own, and everything else is a blank.

    O  head of a body        U  head that a place follows   S  body by itself (Congress)
    P  post                  Q  opener of a post (Chief)    T  courtesy title
    L  law                   M  other means                 V  event or document
    G  given name            J  initial                     x  other capitalised word
    C  country               N  demonym                     A  acronym
    o f t n i y  of, for, to, on, in, at     a  and, &      d  the     e  particle (van, de)
    , ; . ( ) z  punctuation, possessive     p  post in lower case     v  verb of saying
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from graph.extract.cues import load
from graph.extract.known import Hit
from graph.extract.passages import Passage, Prose

_TIMES = (
    "january february march april june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday spring summer autumn winter"
)
_SMALL = {"of": "o", "for": "f", "to": "t", "on": "n", "in": "i", "at": "y", "and": "a", "&": "a"}
_SMALL |= {"the": "d", "'s": "z", "’s": "z"} | {c: c for c in ",;.()"}


_INITIALS = re.compile(r"(?:[A-Z]\.)+|[A-Z]\.[A-Z]\.?")


@cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Classes of words by their lower-case form: those with a capital, and any."""
    bodies, people = load("organizations"), load("people")
    capital: dict[str, str] = {}
    for words, shape in (
        (people["given"], "G"),
        ([*load("events")["heads"], *load("documents")["heads"]], "V"),
        (bodies["means_heads"], "M"),
        (bodies["laws"], "L"),
        (bodies["heads"], "O"),
        (bodies["place_heads"], "U"),
        (bodies["solo"], "S"),
        (people["posts"], "P"),
        (people["openers"], "Q"),
        (people["titles"], "T"),
        (_TIMES.split(), " "),
    ):
        capital |= dict.fromkeys(words, shape)
    lower = dict.fromkeys(people["particles"], "e")
    lower |= dict.fromkeys(people["callings"], "T")
    lower |= dict.fromkeys(people["posts"], "p")
    lower |= dict.fromkeys(bodies["saying"], "v")
    return capital, lower | _SMALL


def read(prose: Prose, countries: Iterable[Hit], demonyms: frozenset[str]) -> str:
    """The shape of a text; `countries` are names of countries already found."""
    capital, small = _tables()
    shape: list[str] = []
    add = shape.append
    for word, lower, tag in zip(prose.words, prose.lowers, prose.tags, strict=True):
        if not word[0].isupper():
            add(small.get(lower, " "))
        elif lower in _SMALL or (lower in small and small[lower] == "e" and tag != "X"):
            add(small[lower])
        elif lower == "general" and shape and shape[-1] == "P":
            add("P")
        elif lower == "may" and shape and shape[-1] in "inot":
            add(" ")
        elif known := capital.get(lower):
            add(known)
        elif word in demonyms:
            add("N")
        elif (len(word) == 1 and tag == "X") or _INITIALS.fullmatch(word):
            add("J")
        elif word.isupper() and len(word) > 1:
            add("A")
        elif tag in "XNA":
            add("x")
        else:
            add(" ")
    for passage in prose.passages:
        _soften_start(prose, passage, shape)
    for hit in countries:
        for token in range(prose.token_at(hit.start), prose.token_at(hit.end - 1) + 1):
            if prose.starts[token] >= hit.start and prose.ends[token] <= hit.end:
                shape[token] = "C"
    return "".join(shape)


def _soften_start(prose: Prose, passage: Passage, shape: list[str]) -> None:
    """A capital at the start of a sentence says little: keep it where a name plainly goes on."""
    first = passage.first
    if first >= passage.last or shape[first] not in "xGMLOSUVPQT":
        return
    tag = prose.tags[first]
    if tag == "X":
        return
    following = shape[first + 1] if first + 1 < passage.last else " "
    if tag not in "NA" or (following not in "xGOUSPQCNAMLVo," and shape[first] != "P"):
        shape[first] = " "
