"""What the words of a text look like as parts of names, one character a token.

Names are found by regular expressions over this string, as phrases are over the tags: a capitalised
word is an organisation's head, a post, a given name, an acronym ...; small words that may stand
inside a name ("of", "for the") keep a letter of their own, and everything else is a blank.
"""

from __future__ import annotations

from functools import cache

from graph.extract.cues import cues
from graph.extract.known import Hit
from graph.extract.passages import Passage, Prose

# Capitalised words.
ORG, UNIVERSITY, SOLO, POST, MEANS, GIVEN, COUNTRY, DEMONYM, ACRONYM, INITIAL, NAME = "OUSPMGCNAJx"
# Other words. The rest are blanks.
OF, FOR, TO, ON, IN, AT, AND, THE, COMMA = "oftniyad,"
LOWER_POST, TITLE, PARTICLE, POSSESSIVE, SAYING = "pTezv"


@cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Classes of words by their lower-case form: those with a capital, and any."""
    organizations, people = cues("organizations"), cues("people")
    capital: dict[str, str] = {}
    capital |= dict.fromkeys(people["given"], GIVEN)
    capital |= dict.fromkeys(organizations["means_heads"], MEANS)
    capital |= dict.fromkeys(organizations["heads"], ORG)
    capital |= dict.fromkeys(organizations["place_heads"], UNIVERSITY)
    capital |= dict.fromkeys(organizations["solo"], SOLO)
    capital |= dict.fromkeys(people["posts"], POST)
    capital |= dict.fromkeys(people["titles"], TITLE)
    months = (
        "january february march april june july august september october november december "
        "monday tuesday wednesday thursday friday saturday sunday today"
    )
    capital |= dict.fromkeys(months.split(), " ")
    small = dict.fromkeys(people["particles"], PARTICLE)
    small |= {"of": OF, "for": FOR, "to": TO, "on": ON, "in": IN, "at": AT}
    small |= {"and": AND, "&": AND, "the": THE, ",": COMMA, "'s": POSSESSIVE, "’s": POSSESSIVE}
    small |= dict.fromkeys(people["posts"], LOWER_POST)
    small |= dict.fromkeys(organizations["saying"], SAYING)
    return capital, small


def read(prose: Prose, hits: list[Hit], demonyms: frozenset[str]) -> str:
    """The shape of a text; `hits` are names of countries already found."""
    capital, small = _tables()
    shape: list[str] = []
    for word, lower in zip(prose.words, prose.lowers, strict=True):
        if not word[0].isupper():
            shape.append(small.get(lower, " "))
        elif lower in small and small[lower] in "oftniya,dez":
            shape.append(small[lower])
        elif known := capital.get(lower):
            shape.append(known)
        elif word in demonyms:
            shape.append(DEMONYM)
        elif len(word) == 1:
            shape.append(INITIAL)
        elif sum(map(str.isupper, word)) > 1 and word.isupper():
            shape.append(ACRONYM)
        else:
            shape.append(NAME)
    for passage in prose.passages:
        _soften_start(prose, passage, shape)
    for hit in hits:
        for token in range(prose.token_at(hit.start), prose.token_at(hit.end - 1) + 1):
            if prose.starts[token] >= hit.start and prose.ends[token] <= hit.end:
                shape[token] = COUNTRY
    return "".join(shape)


def _soften_start(prose: Prose, passage: Passage, shape: list[str]) -> None:
    """A capital at the start of a sentence says little: keep it where a name plainly goes on."""
    first = passage.first
    if first >= passage.last or shape[first] not in "xGMOSU":
        return
    tag = prose.tags[first]
    if tag == "X":
        return
    following = shape[first + 1] if first + 1 < passage.last else " "
    if tag not in "NA" or following not in "xGOUPCNAoM":
        shape[first] = " "
