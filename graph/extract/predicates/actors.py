"""Relations among people, posts, bodies and countries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.extract.predicates.site import Link, Site, phrases
from graph.extract.predicates.site import words as words_of
from graph.extract.scene import Mention

# What may stand between a post and its holder, in tags: "Minister Dr Roe", "minister, the Hon Roe".
_TITLE_GAPS = frozenset(
    ("", "X", "XX", "XXX", "X.", ",", "D", ",D", ",DX", ",X", ",X.", "DX", "AN", "NX", ",N")
)
_ROLE_GAPS = frozenset(
    (",", ",D", ",R", ",RD", ",A", ",N", ",DA", "(", ",P", ",PD", "-", "-D", "BD", "PD")
)

_FURTHER_GAPS = frozenset((",", ",C", "C", "CD", ",CD", "RPD", "RP", "RRP", "RRPD"))
_OBJECT = 6  # how many units behind a verb its object may reach
_POST_PREPOSITIONS = frozenset((("of",), ("at",), ("for",), ("in",), ("to",)))
_VERBAL = frozenset("VMBE;")


def holds_post(site: Site) -> Iterator[Link]:
    """ "Minister Jane Roe"; "Jane Roe, director of the agency, and chair of the board"."""
    for left, right, at, to, gap, _ in site.neighbours:
        if left.symbol == "o" and right.symbol == "p" and gap in _TITLE_GAPS:
            # "minister, Jane Roe" but not "John Doe, minister, Jane Roe"
            if "," not in gap:
                yield Link(right.draft, left.draft, "title")
            elif not site.row.shape[:at].rstrip("DRA").endswith("p,"):
                yield Link(right.draft, left.draft, "title-comma")
        elif left.symbol == "p" and right.symbol == "o" and gap in _ROLE_GAPS:
            yield Link(left.draft, right.draft, "role")
            yield from _further_roles(site, to, left)


def _further_roles(site: Site, at: int, person: Mention) -> Iterator[Link]:
    """The posts that go on the list of roles of one person."""
    for _, post, left, unit, gap, _ in site.neighbours:
        if left < at:
            continue
        following = site.row.shape[unit + 1 : unit + 2]
        if post.symbol != "o" or gap not in _FURTHER_GAPS or following == "p":
            return
        yield Link(person.draft, post.draft, "further-role")


def post_in(site: Site) -> Iterator[Link]:
    """ "Director of the Agency", "French minister", "CEO at Y", "minister (Country)"."""
    for post, body in site.nested("o", "rc"):
        yield Link(post.draft, body.draft, "inside")
    for left, right, _, _, gap, words in site.neighbours:
        if left.symbol == "o" and right.symbol in "rc":
            if words[:1] in _POST_PREPOSITIONS and len(words) <= 3:
                yield Link(left.draft, right.draft, "of")
            elif gap in (",", "(", ",D"):
                yield Link(left.draft, right.draft, "comma")
        elif left.symbol in "rc" and right.symbol == "o" and gap in ("", "Z", "ZA", "A"):
            yield Link(right.draft, left.draft, "before")


def member_of(site: Site) -> Iterator[Link]:
    """A person from a body, a body or country in a body."""
    for left, right, _, _, gap, words in site.neighbours:
        if left.symbol == "p" and right.symbol == "r":
            if (
                _head(words) in ("from", "at", "of", "with")
                and len(words) <= 9
                and _VERBAL.isdisjoint(gap)
            ):
                yield Link(left.draft, right.draft, "from")
            elif gap in ("(", ",", ",D"):
                yield Link(left.draft, right.draft, "bracket")
    for run in site.of("a"):
        left_run = site.before(run, "a")
        if left_run is not None and run.says(words_of("person", "belongs")):
            for member in left_run.mentions:
                yield Link(member.draft, run.mentions[0].draft, "member")


def _head(words: Sequence[str]) -> str:
    """The last word that is no article."""
    return next((w for w in reversed(words) if w not in ("the", "a", "an", "its")), "")


def body_part_of(site: Site) -> Iterator[Link]:
    """ "the Library of the Academy", "the Ministry's Institute", "the Centre at the University"."""
    for outer, inner in site.nested("r", "r"):
        if inner.end == outer.end or inner.start == outer.start:
            yield Link(outer.draft, inner.draft, "inside")
    for left, right, _, _, gap, words in site.neighbours:
        if left.symbol != "r" or right.symbol != "r":
            continue
        if (
            _head(words) in ("of", "at", "within", "under")
            and len(words) <= 5
            and _VERBAL.isdisjoint(gap)
        ):
            yield Link(left.draft, right.draft, "of")
        elif gap == "Z":
            yield Link(right.draft, left.draft, "owner")
        elif words[-1:] == ("its",) and len(words) <= 4:
            yield Link(right.draft, left.draft, "its")


def event_part_of(site: Site) -> Iterator[Link]:
    """An event within an event."""
    for run in site.of("e"):
        left = site.before(run, "e")
        if left is not None and run.opens_with(phrases("event", "whole")):
            yield Link(left.mentions[0].draft, run.mentions[0].draft, "at")
        elif left is not None and run.opening[:1] in (("'s",), ("’s",)):
            yield Link(run.mentions[0].draft, left.mentions[0].draft, "owner")


def partner_of(site: Site) -> Iterator[Link]:
    """Actors that cooperate by agreement."""
    nouns = words_of("partnership", "nouns")
    for run in site.of("a"):
        left = site.before(run, "a")
        if left is not None and run.opens_with(phrases("partnership", "phrases")):
            for a in left.mentions:
                for b in run.mentions:
                    yield Link(a.draft, b.draft, "with")
        elif left is not None and run.head[-1:] == ("with",) and run.says(nouns):
            for b in run.mentions:
                yield Link(left.mentions[0].draft, b.draft, "agreement-with")
        measured = set(run.opening[-8:]) & nouns or _instrument_before(site, run.unit)
        if run.head[-1:] == ("between",) and measured:
            for i, a in enumerate(run.mentions):
                for b in run.mentions[i + 1 :]:
                    yield Link(a.draft, b.draft, "between")


def signed_together(site: Site) -> Iterator[Link]:
    """Bodies or countries that sign or reach an agreement together."""
    verbs = words_of("partnership", "verbs")
    nouns = words_of("partnership", "nouns")
    for clause in site.clauses:
        if clause.lemma not in verbs or len(clause.subjects) < 2 or clause.relative:
            continue
        firsts = site.row.firsts[clause.end : clause.end + 1]
        lasts = site.row.lasts[clause.end : clause.end + _OBJECT]
        if firsts and not nouns.isdisjoint(site.scene.prose.lowers[firsts[0] : lasts[-1]]):
            bodies = [m for m in clause.subjects if m.symbol in "rc"][:4]
            for i, a in enumerate(bodies):
                for b in bodies[i + 1 :]:
                    yield Link(a.draft, b.draft, "together")


def _instrument_before(site: Site, unit: int) -> bool:
    return unit >= 3 and "i" in site.row.shape[unit - 3 : unit]
