"""A look at foreign SPARQL before any process parses it: one pass over its tokens, no grammar.

The engine descends once per level of nesting and plans in cubic time, so that a few kilobytes end
or occupy a process. What is refused here gets a clear message at once and costs no process; the
wall is the process itself, with its limits and without sockets.

Words count only as tokens: not inside strings, IRIs, comments, variables or prefixed names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from graph.errors import QueryError

# Each alternative takes all it can and gives nothing back, so that no text is read twice. What
# cannot be closed is refused where it opens, or each later quotation mark would search the rest.
_SPACE = r"(?:[\s\ufeff]++|\#[^\n\r]*+)*+"
_LOCAL = r""":(?:[\w:-]++|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-]|\.(?=[\w:%\\.]))*+"""
_TOKEN = re.compile(
    rf"""
    (?:
      (?P<variable>[?$]\w++)
    | (?P<name><(?:[^<>"{{}}|^`\\\x00-\x20]++|\\[uU][0-9A-Fa-f]{{4}})*+>
        |_?+{_LOCAL}
        |@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<word>[^\W\d_][\w.-]*+(?:{_LOCAL})?+)
    | (?P<sign>[.;,])
    | (?P<open>[{{(\[]|<<)
    | (?P<close>[])}}]|>>)
    | (?P<string>\"{{3}}(?:[^"\\]++|\\.|"(?!""))*+\"{{3}}
        |'{{3}}(?:[^'\\]++|\\.|'(?!''))*+'{{3}}
        |"(?!"")(?:[^"\\\n\r]++|\\.)*+"
        |'(?!'')(?:[^'\\\n\r]++|\\.)*+')
    | (?P<number>[+-]?+(?:\d++(?:\.\d++)?+|\.\d++)(?:[eE][+-]?+\d++)?+)
    | (?P<operator>\|\||&&|\^\^|[<>!]=|[-+*/|^!=<>&])
    | (?P<wrong>.)
    ){_SPACE}""",
    re.VERBOSE | re.DOTALL,
)
_LEADING = re.compile(_SPACE)
# Each of these makes the engine go one step deeper, as an operator does.
_DEEPER = frozenset(
    ("UNION", "PREFIX", "OPTIONAL", "MINUS", "EXISTS", "BIND", "AS", "FILTER", "GRAPH", "VALUES")
)
_AFTER_SELECT = frozenset(("WHERE", "FROM"))


class QueryRefused(QueryError):
    """The guard does not let this pass.

    `limit` names what was passed over, `line` and `column` (from 1) the place.
    """

    def __init__(self, what: str, limit: str, line: int, column: int) -> None:
        super().__init__(f"{what} (line {line}, column {column}).")
        self.limit = limit
        self.line = line
        self.column = column


class QueryTooLarge(QueryRefused):
    """The text itself has too many bytes."""


class FetchingRefused(QueryRefused):
    """The text asks this service to fetch from elsewhere: SERVICE, or LOAD."""


@dataclass(frozen=True)
class GuardLimits:
    """How much a text may have of each; `operators` counts what nests without brackets too."""

    bytes: int = 400_000
    nesting: int = 60
    operators: int = 1000
    projections: int = 500
    tokens: int = 60_000


class Token(NamedTuple):
    """One word or sign of a text: its kind (a group above), itself, and where it begins."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Cut SPARQL into tokens, without the space and comments between them."""
    for match in _matches(text):
        kind = str(match.lastgroup)
        yield Token(kind, match[kind], match.start())


def guard(text: str, limits: GuardLimits) -> frozenset[str]:
    """Look at a query or update from outside, and return the words in it, in capitals.

    Words that are names of functions are among them. Raises QueryRefused or a child of it.
    """
    size = len(text) if text.isascii() else len(text.encode(errors="replace"))
    if size > limits.bytes:
        what = f"The text has {size:,} bytes; at most {limits.bytes:,} are allowed"
        raise QueryTooLarge(what, "bytes", 1, 1)
    look = _Look(text, limits)
    for match in _matches(text):
        look.count += 1
        if look.count > limits.tokens:
            look.pass_over("tokens", "The text has too many words and signs", match.start())
        # The most frequent kinds need no look.
        if (kind := match.lastgroup) in _LOOKED_AT:
            _LOOKED_AT[kind](look, match)
        elif look.is_selecting and kind == "variable":
            look.at_projection(match)
        if look.loading is not None and kind != "word":
            look.refuse_load()
        look.before = kind
    if look.loading is not None:
        look.refuse_load()
    return frozenset(look.words)


def _matches(text: str) -> Iterator[re.Match[str]]:
    leading = _LEADING.match(text)
    return _TOKEN.finditer(text, leading.end() if leading else 0)


class _Look:
    """What was seen so far."""

    def __init__(self, text: str, limits: GuardLimits) -> None:
        self.words: set[str] = set()
        self.before: str | None = None
        self.count = 0
        self.is_selecting = False
        self.loading: int | None = None
        self._text = text
        self._limits = limits
        self._depth = self._operators = self._projections = 0

    def at_word(self, match: re.Match[str]) -> None:
        """Note a word; of several that are joined by dots or hyphens, each."""
        text = match["word"]
        if ":" in text:
            if self.loading is not None:
                self.refuse_load()
            return
        for word in re.split(r"[.-]", text.upper()) if "." in text or "-" in text else [text]:
            self._note(word.upper(), match.start())

    def at_open(self, match: re.Match[str]) -> None:
        """Go in; what opens here and is never closed is for the engine to tell."""
        self._depth += 1
        if self._depth > self._limits.nesting:
            self.pass_over("nesting", "The text is nested too deeply", match.start())
        if match["open"] == "{":
            self.is_selecting = False
            self._deeper(match.start())

    def at_close(self, match: re.Match[str]) -> None:
        """Go out."""
        self._depth -= 1

    def at_operator(self, match: re.Match[str]) -> None:
        """Count an operator; ^^ between a string and its type is none."""
        if not (match["operator"] == "^^" and self.before == "string"):
            self._deeper(match.start())

    def at_number(self, match: re.Match[str]) -> None:
        """Count the sign of a number that follows something to calculate with."""
        if match["number"][0] in "+-" and self.before in ("number", "variable", "close"):
            self._deeper(match.start())

    def at_projection(self, match: re.Match[str]) -> None:
        """Count a variable of a SELECT."""
        self._projections += 1
        if self._projections > self._limits.projections:
            self.pass_over("projections", "Too many variables are selected", match.start())

    def at_wrong(self, match: re.Match[str]) -> None:
        """Refuse what would let a word hide; what else is wrong is for the engine to tell."""
        sign = match["wrong"]
        if sign in "\"'":
            self._refuse("A string is not closed", "strings", match.start())
        if sign == "\\":
            what = "A backslash is allowed in strings, IRIs and local names only"
            self._refuse(what, "escapes", match.start())

    def refuse_load(self) -> None:
        """Refuse to fetch a document."""
        what = "LOAD is not allowed: send the document itself"
        raise FetchingRefused(what, "LOAD", *self._place(self.loading or 0))

    def _note(self, word: str, start: int) -> None:
        self.words.add(word)
        if self.loading is not None:
            if word != "SILENT":
                self.refuse_load()
            self.loading = None
        if word in _DEEPER:
            self._deeper(start)
        if word == "SELECT":
            self.is_selecting = True
        elif word in _AFTER_SELECT:
            self.is_selecting = False
        elif word == "LOAD":
            self.loading = start
        elif word == "SERVICE":
            what = "SERVICE is not allowed: this service asks no other servers"
            raise FetchingRefused(what, "SERVICE", *self._place(start))
        elif word == "DEFINE":
            self._refuse("DEFINE is not SPARQL: pragmas are not allowed", "pragmas", start)

    def _deeper(self, start: int) -> None:
        self._operators += 1
        if self._operators > self._limits.operators:
            self.pass_over("operators", "The text has too many operators and clauses", start)

    def pass_over(self, limit: str, what: str, start: int) -> NoReturn:
        """Refuse for a limit."""
        most = getattr(self._limits, limit)
        self._refuse(f"{what}: more than the {most:,} that are allowed", limit, start)

    def _refuse(self, what: str, limit: str, start: int) -> NoReturn:
        raise QueryRefused(what, limit, *self._place(start))

    def _place(self, start: int) -> tuple[int, int]:
        """Line and column, from 1."""
        before = self._text[:start]
        return before.count("\n") + 1, start - before.rfind("\n")


_LOOKED_AT = {
    "word": _Look.at_word,
    "open": _Look.at_open,
    "close": _Look.at_close,
    "operator": _Look.at_operator,
    "number": _Look.at_number,
    "wrong": _Look.at_wrong,
}
