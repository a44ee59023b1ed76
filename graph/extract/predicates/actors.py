"""Relations among people, posts, bodies and countries."""

from __future__ import annotations

from collections.abc import Iterator

from graph.extract.cues import load
from graph.extract.predicates.site import Link, Site
from graph.extract.scene import Mention

# What may stand between a post and its holder, in tags: "Minister Dr Roe", "minister, the Hon Roe".
_TITLE_GAP = frozenset(
    ("", "X", "XX", "XXX", "X.", ",", "D", ",D", ",DX", ",X", ",X.", "DX", "AN", "NX", ",N")
)
_ROLE_GAPS = frozenset(
    (",", ",D", ",R", ",RD", ",A", ",N", ",DA", "(", ",P", ",PD", "-", "-D", "BD", "PD")
)


def holds_post(site: Site) -> Iterator[Link]:
    """ "Minister Jane Roe"; "Jane Roe, director of the agency, and chair of the board"."""
    row = site.row
    units = [(u, m) for u, m in enumerate(row.named) if m is not None]
    for (at, left), (to, right) in zip(units, units[1:], strict=False):
        between = row.shape[at + 1 : to]
        if left.symbol == "o" and right.symbol == "p" and between in _TITLE_GAP:
            # "director Jane Roe" against "Jane Roe, director, John Doe, chair"
            if not (between.startswith(",") and at and row.shape[:at].rstrip("DRA").endswith("p,")):
                yield Link(
                    right.draft, left.draft, "title" if "," not in between else "title-comma"
                )
        if left.symbol == "p" and right.symbol == "o" and between in _ROLE_GAPS:
            yield Link(left.draft, right.draft, "role")
            yield from _further_roles(site, units, to, left)


def _further_roles(
    site: Site, units: list[tuple[int, Mention]], at: int, person: Mention
) -> Iterator[Link]:
    """The posts that go on the list of roles of one person."""
    for unit, mention in units:
        if unit <= at:
            continue
        between = site.row.shape[at + 1 : unit]
        if mention.symbol != "o" or between not in (
            ",",
            ",C",
            "C",
            "CD",
            ",CD",
            "RPD",
            "RP",
            "RRP",
            "RRPD",
        ):
            return
        following = site.row.shape[unit + 1 : unit + 2]
        if following == "p":
            return
        yield Link(person.draft, mention.draft, "further-role")
        at = unit


def post_in(site: Site) -> Iterator[Link]:
    """ "Director of the Agency", "French minister", "CEO at Y", "minister (Country)"."""
    for post, body in site.nested("o", "rc"):
        yield Link(post.draft, body.draft, "inside")
    row = site.row
    units = [(u, m) for u, m in enumerate(row.named) if m is not None]
    for (at, left), (to, right) in zip(units, units[1:], strict=False):
        between = [site.scene.prose.lowers[row.firsts[u]] for u in range(at + 1, to)]
        gap = row.shape[at + 1 : to]
        if left.symbol == "o" and right.symbol in "rc":
            if between and between[0] in ("of", "at", "for", "in", "to") and len(between) <= 3:
                yield Link(left.draft, right.draft, f"of")
            elif gap in (",", "(", ",D"):
                yield Link(left.draft, right.draft, "comma")
        elif left.symbol in "rc" and right.symbol == "o" and gap in ("", "Z", "ZA", "A"):
            yield Link(right.draft, left.draft, "before")


def member_of(site: Site) -> Iterator[Link]:
    """A person from a body, a body or country in a body."""
    row = site.row
    units = [(u, m) for u, m in enumerate(row.named) if m is not None]
    for (at, left), (to, right) in zip(units, units[1:], strict=False):
        if left.symbol == "p" and right.symbol == "r":
            between = [site.scene.prose.lowers[row.firsts[u]] for u in range(at + 1, to)]
            gap = row.shape[at + 1 : to]
            if (
                between
                and _last_preposition(between) in ("from", "at", "of", "with")
                and len(between) <= 9
                and not set(gap) & set("VMBE;")
            ):
                yield Link(left.draft, right.draft, "from")
            elif gap in ("(", ",", ",D"):
                yield Link(left.draft, right.draft, "bracket")
    members = frozenset(("member", "members", "joins", "joined", "belongs"))
    for run in site.of("a"):
        left_run = site.before(run, "a")
        if (
            left_run is not None
            and run.says(members)
            and run.opening_head[-1:] in (("of",), ("joined",), ("joins",), ("to",))
        ):
            yield from (Link(a.draft, run.mentions[0].draft, "member") for a in left_run.mentions)


def _last_preposition(words: list[str]) -> str:
    return next((w for w in reversed(words) if w not in ("the", "a", "an", "its")), "")


def body_part_of(site: Site) -> Iterator[Link]:
    """ "the Library of the Academy", "the Ministry's Institute", "the Centre at the University"."""
    for outer, inner in site.nested("r", "r"):
        if inner.end == outer.end or inner.start == outer.start:
            yield Link(outer.draft, inner.draft, "inside")
    row = site.row
    units = [(u, m) for u, m in enumerate(row.named) if m is not None]
    for (at, left), (to, right) in zip(units, units[1:], strict=False):
        if left.symbol != "r" or right.symbol != "r":
            continue
        gap = row.shape[at + 1 : to].replace("(", "").replace(")", "")
        words = [site.scene.prose.lowers[row.firsts[u]] for u in range(at + 1, to)]
        head = _last_preposition(words)
        if (
            head in ("of", "at", "within", "under")
            and len(words) <= 5
            and not set(gap) & set("VMBE")
        ):
            yield Link(left.draft, right.draft, f"of")
        elif gap.endswith("Z") and len(words) == 1:
            yield Link(right.draft, left.draft, "owner")
        elif words[-1:] == ["its"] and len(words) <= 4:
            yield Link(right.draft, left.draft, "its")


def event_part_of(site: Site) -> Iterator[Link]:
    """An event within an event."""
    for run in site.of("e"):
        left = site.before(run, "e")
        if left is not None and run.opens_with(
            ("part of", "at", "during", "within", "margins of", "of")
        ):
            yield Link(left.mentions[0].draft, run.mentions[0].draft, "at")
        elif left is not None and run.opening[:1] in (("'s",), ("’s",)):
            yield Link(run.mentions[0].draft, left.mentions[0].draft, "owner")


def partner_of(site: Site) -> Iterator[Link]:
    """Actors that cooperate by agreement."""
    cues = load("relations")["partnership"]
    nouns = frozenset(cues["nouns"])
    for run in site.of("a"):
        left = site.before(run, "a")
        if left is not None and run.opens_with([p for p in cues["phrases"] if p != "with"]):
            for a in left.mentions:
                for b in run.mentions:
                    yield Link(a.draft, b.draft, "with")
        elif left is not None and run.opening_head[-1:] == ("with",) and run.says(nouns):
            for b in run.mentions:
                yield Link(left.mentions[0].draft, b.draft, "agreement-with")
        measured = set(run.opening[-8:]) & nouns or _instrument_before(site, run.unit)
        if run.opening_head[-1:] == ("between",) and measured:
            for i, a in enumerate(run.mentions):
                for b in run.mentions[i + 1 :]:
                    yield Link(a.draft, b.draft, "between")


def _instrument_before(site: Site, unit: int) -> bool:
    return unit >= 3 and "i" in site.row.shape[unit - 3 : unit]
