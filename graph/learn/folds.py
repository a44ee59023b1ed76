"""Deals annotated documents into folds, those of one issuer into the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from graph.gold import Annotated
from graph.records import Document


def issuer(document: Document) -> str:
    """What keeps documents together: the issuer, or the first word of the name without numbers.

    In names such as "010-us-factsheet-..." that word is the country or the body, which keeps more
    together than an issuer would.
    """
    if document.issuer:
        return document.issuer.casefold()
    words = re.findall(r"[a-z]+", re.sub(r"^[0-9]+_\w+$", "", document.name.casefold()))
    return words[0] if words else document.name


def deal(documents: Sequence[Annotated], folds: int) -> list[int]:
    """The fold of each document: issuer by issuer, the largest first, to the emptiest fold."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index, annotated in enumerate(documents):
        groups[issuer(annotated.text.document)].append(index)
    weights = [max(len(a.gold.entities) + len(a.gold.relations), 1) for a in documents]
    sizes = {name: sum(weights[i] for i in group) for name, group in groups.items()}
    loads = [0] * folds
    fold_of = [0] * len(documents)
    for name in sorted(groups, key=lambda n: (-sizes[n], n)):
        fold = min(range(folds), key=lambda f: (loads[f], f))
        loads[fold] += sizes[name]
        for index in groups[name]:
            fold_of[index] = fold
    return fold_of
