"""Accept against what is on offer (RFC 9110, section 12.5): pure functions, remembered.

An offer is what is announced to the client; the first offer is preferred among equals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PART = re.compile(rf'(?:[^,"]|{_QUOTED})+')
_PARAMETER = re.compile(rf'(?:[^;"]|{_QUOTED})+')
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$")
# A header that lists more than this is looked at no further.
_MOST_RANGES = 64


class Range(NamedTuple):
    """One element of an Accept header."""

    main: str
    sub: str
    charset: str | None
    quality: float

    def matches(self, offer: str) -> int:
        """How exactly an offer is meant: 3 by its name, 2 by `type/*`, 1 by `*/*`, 0 not at all."""
        main, _, sub = offer.partition(";")[0].partition("/")
        if self.charset not in (None, "utf-8", "*"):
            # All text that is written here is UTF-8.
            return 0
        if (self.main, self.sub) == (main, sub):
            return 3
        if (self.main, self.sub) == (main, "*"):
            return 2
        return 1 if (self.main, self.sub) == ("*", "*") else 0


@lru_cache(maxsize=1024)
def negotiate(accept: str | None, offers: tuple[str, ...]) -> str | None:
    """The offer that a client likes best, None when it takes none of them.

    No header, or an empty one, takes the first. Elements that are malformed say nothing. Media
    parameters other than the charset narrow nothing, since no two offers differ in them alone.
    """
    if accept is None or not accept.strip():
        return offers[0] if offers else None
    ranges = parse_accept(accept)
    liked = [(quality(offer, ranges), -place, offer) for place, offer in enumerate(offers)]
    best = max(liked, default=(0.0, 0, ""))
    return best[2] if best[0] > 0 else None


def quality(offer: str, ranges: Sequence[Range]) -> float:
    """How much a client likes an offer, from 0 to 1: the most exact element decides."""
    matching = [(r.matches(offer), r.quality) for r in ranges]
    return max((m for m in matching if m[0]), default=(0, 0.0))[1]


def parse_accept(header: str) -> tuple[Range, ...]:
    """The elements of an Accept header that are well-formed."""
    found = (_range(part) for part in _PART.findall(header)[:_MOST_RANGES])
    return tuple(r for r in found if r)


@lru_cache(maxsize=1024)
def prefers(accept: str | None, wanted: str, others: tuple[str, ...]) -> bool:
    """Whether a client names this type and likes it more than each of the others.

    This is how a browser is told from a program: programs take `*/*` or name what they read.
    """
    if not accept:
        return False
    ranges = parse_accept(accept)
    liked = quality(wanted, ranges)
    named = any(r.matches(wanted) > 1 for r in ranges)
    return named and all(liked > quality(other, ranges) for other in others)


@lru_cache(maxsize=1024)
def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding allows gzip; one that is not there does not ask for it."""
    allowed = {}
    for part in header.lower().split(","):
        name, *parameters = (p.strip() for p in part.split(";"))
        allowed[name] = not any(re.fullmatch(r"q=0(\.0*)?", p) for p in parameters)
    return allowed.get("gzip", allowed.get("x-gzip", allowed.get("*", False)))


def wants_gzip(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the headers of a request say that gzip is welcome."""
    given = [value for name, value in headers if name == b"accept-encoding"]
    return bool(given) and accepts_gzip(b",".join(given).decode("latin-1"))


def _range(part: str) -> Range | None:
    media, *parameters = (p.strip() for p in _PARAMETER.findall(part)) if part.strip() else ("",)
    main, slash, sub = media.lower().partition("/")
    if not slash or not _TOKEN.fullmatch(main) or not _TOKEN.fullmatch(sub):
        return None
    if main == "*" and sub != "*":
        return None
    charset, weight = None, 1.0
    for parameter in parameters:
        name, _, value = (p.strip().lower() for p in parameter.partition("="))
        if name == "q":
            if not _QUALITY.match(value):
                return None
            weight = float(value)
            break
        if name == "charset":
            charset = value.strip('"')
    return Range(main, sub, charset, weight)
