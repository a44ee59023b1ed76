"""What can be said about a SPARQL text by looking at its words, without running it.

Words count only as words: not inside strings, IRIs, comments, variables or prefixed names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from graph.terms import Term
from ontology.vocabulary import PREFIXES

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|\#[^\n\r]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z][A-Za-z0-9-]*)
    | (?P<name>(?:[^\W\d_][\w.-]*|_)?:(?:[\w:.%-]|\\.)*)
    | (?P<word>[^\W\d]\w*)
    | (?P<number>\d[\w.]*)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_UPDATES = frozenset(
    ("ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH")
)


class Token(NamedTuple):
    """One word or sign of a query; `kind` is the name of its group above."""

    kind: str
    text: str


def tokens(sparql: str) -> Iterator[Token]:
    """Cut a query into tokens; joined, they are the query again."""
    for match in _TOKEN.finditer(sparql):
        yield Token(str(match.lastgroup), match.group())


def keywords(sparql: str) -> frozenset[str]:
    """Words of the language that occur in a query, in capitals."""
    return frozenset(t.text.upper() for t in tokens(sparql) if t.kind == "word")


def update_word(sparql: str) -> str | None:
    """The word that makes a text an update, such as INSERT; None where it can be a query.

    >>> update_word("PREFIX a: <https://a.example/> insert data { a:b a:c a:d }")
    'INSERT'
    """
    words = (t.text.upper() for t in tokens(sparql) if t.kind == "word")
    first = next((word for word in words if word not in ("PREFIX", "BASE")), None)
    return first if first in _UPDATES else None


def standalone(sparql: str) -> str:
    """A query of ours with the prefixes declared that it uses, to be asked of any endpoint.

    >>> standalone("SELECT ?g { ?g a scip:Goal }").splitlines()[0]
    'PREFIX scip: <https://w3id.org/scipol/ns#>'
    """
    used = {t.text.partition(":")[0] for t in tokens(sparql) if t.kind == "name"}
    words = [t for t in tokens(sparql) if t.kind in ("word", "name", "iri")]
    declared = {
        name.text.partition(":")[0]
        for word, name in pairwise(words)
        if word.text.upper() == "PREFIX"
    }
    head = [f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in sorted((used - declared) & set(PREFIXES))]
    return "".join(head) + sparql


def bind(sparql: str, bindings: Mapping[str, Term]) -> str:
    """Put terms in the place of variables, wherever they stand, also in sub-queries.

    A bound variable that is selected stays a column with that value. The terms write themselves
    (escaped, and checked when they were made), so a value can never become syntax.
    """
    if not bindings:
        return sparql
    parts: list[str] = []
    clause = ""
    braces = parentheses = 0
    for token in tokens(sparql):
        if token.kind == "word":
            clause, parentheses = _clause_after(token.text.upper(), clause, parentheses)
        elif token.text in "{}":
            clause = ""
            braces += 1 if token.text == "{" else -1
        elif token.text in "()":
            parentheses += 1 if token.text == "(" else -1
        name = token.text[1:] if token.kind == "variable" else None
        if name is None or name not in bindings:
            parts.append(token.text)
        elif clause == "SELECT" and parentheses == 0:
            # The column of a sub-query gets another name: the outer query has that name already.
            column = f"bound_{name}" if braces else name
            parts.append(f"({bindings[name]} AS ?{column})")
        elif clause == "BY" and parentheses == 0:
            parts.append(f"({bindings[name]})")
        else:
            parts.append(str(bindings[name]))
    return "".join(parts)


def _clause_after(word: str, clause: str, parentheses: int) -> tuple[str, int]:
    """Where a bare variable stands: among columns, in a grouping or ordering, or in a pattern.

    Returns the clause and how many parentheses are open in it.
    """
    if word in ("SELECT", "BY"):
        return word, 0
    if word in ("WHERE", "FROM", "HAVING", "LIMIT", "OFFSET", "VALUES"):
        return "", parentheses
    return clause, parentheses
