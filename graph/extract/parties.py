"""Finds the group under which the parties of an agreement speak: "(hereinafter the “Parties”)"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.extract.cues import load
from graph.extract.draft import Draft
from graph.extract.passages import Prose

# A definition in brackets; the term is quoted, or stands behind "the".
_DEFINITION = re.compile(
    r"\([^()]{0,80}?\b(?:hereinafter|hereafter|henceforth|collectively|together)\b[^()]{0,60}?"
    r"(?:[“\"‘']|\bthe )(?P<term>[A-Z]\w+(?: [A-Z]\w+)?)[”\"’']?,?\)"
)


def find(prose: Prose, named: Sequence[Draft]) -> list[Draft]:
    """The groups so defined, with every place where the term stands.

    A group of `named` that stands at one of these places is the same: it gets the others.
    """
    groups = frozenset(load("speech")["parties"])
    found: dict[str, Draft] = {}
    for match in _DEFINITION.finditer(prose.text):
        term = match["term"]
        if term in found or term.rpartition(" ")[2].lower() not in groups:
            continue
        places = {m.span() for m in re.finditer(rf"\b{re.escape(term)}\b", prose.text)}
        same = [d for d in named if d.type == "ActorGroup" and not places.isdisjoint(d.mentions)]
        if same:
            taken = {span for d in same[1:] for span in d.mentions}
            same[0].mentions = sorted(places.union(same[0].mentions) - taken)
        else:
            found[term] = Draft("ActorGroup", sorted(places), "defined", name=term)
    return list(found.values())
