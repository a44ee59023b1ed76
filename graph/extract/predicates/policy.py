"""Relations of goals and instruments.

A rule is kept where at least about a third of what it says is right; `confidence.toml` has the
figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.extract.draft import Draft
from graph.extract.predicates.site import Link, Run, Site, phrases, words
from graph.extract.scene import Mention, Row
from graph.extract.stances import attitudes

_CURRENCY = frozenset("$€£¥₹₩")
_NEAR = 4
_OBJECT = 5  # how far behind its verb an object may stand, in units


def _pairs(left: Sequence[Mention], right: Sequence[Mention], rule: str) -> Iterator[Link]:
    for a in left:
        for b in right:
            yield Link(a.draft, b.draft, rule)


# --- ends ---------------------------------------------------------------------------------------


def serves_goal(site: Site) -> Iterator[Link]:
    """A means and the end that the text gives it."""
    for instrument, goal in site.nested("i", "g"):
        yield Link(instrument.draft, goal.draft, "inside")
    yield from _ends_of_it(site)
    for goals in site.of("g"):
        left = site.before(goals, "i")
        right = site.after(goals, "i")
        if left is not None:
            rule = "purpose" if goals.opens_with(phrases("purpose", "phrases")) else "behind"
            far = "" if site.before(goals, "gi") is left else "-far"
            yield from _pairs(left.mentions, goals.mentions, rule + far)
            second = site.before(left, "i") if rule == "purpose" else None
            if second is not None:
                yield from _pairs(second.mentions, goals.mentions, "purpose-second")
        elif right is not None and _opens_passage(goals):
            yield from _pairs(right.mentions, goals.mentions, "purpose-first")
        if (
            right is not None
            and site.before(right, "g") is goals
            and right.opens_with(phrases("purpose", "means"))
        ):
            yield from _pairs(right.mentions, goals.mentions, "means")


def _ends_of_it(site: Site) -> Iterator[Link]:
    """ "It is to strengthen research": the ends of the means of the passage before."""
    before = site.measure_before(site.row)
    told = next((c for c in site.clauses if not c.relative), None)
    if before is None or told is None or told.pronoun != "it":
        return
    for goals in site.of("g"):
        if goals.unit >= told.start and site.before(goals, "i") is None:
            yield from _pairs((before,), goals.mentions, "it")


def _last(row: Row, symbol: str) -> tuple[Mention, ...]:
    """The last outermost entity of a kind in a row."""
    found = [m for m in row.named if m is not None and m.symbol == symbol]
    return tuple(found[-1:])


def sub_goal_of(site: Site) -> Iterator[Link]:
    """A nearer end and the one it is for."""
    lowers = site.scene.prose.lowers
    for goals in site.of("g"):
        for a, b in zip(goals.mentions, goals.mentions[1:], strict=False):
            if lowers[a.last : b.first] == ["to"]:
                yield Link(a.draft, b.draft, "to")
        left = site.before(goals, "g")
        if left is None:
            continue
        if _opens_passage(left) and site.before(goals, "gi") is left:
            yield from _pairs(goals.mentions, left.mentions, "purpose-first")
        elif goals.opens_with(phrases("purpose", "by")):
            yield from _pairs(goals.mentions, left.mentions, "means")
        elif goals.opens_with(phrases("purpose", "phrases")) and site.before(goals, "gi") is left:
            near = goals.unit - left.end <= _NEAR
            rule = "purpose" if goals.head[-1] != "to" else "to-near" if near else "to-far"
            yield from _pairs(left.mentions[-1:], goals.mentions, rule)


def _opens_passage(goals: Run) -> bool:
    """ "To strengthen research, ...": an end that is named first."""
    return goals.unit <= 3 and goals.tags.endswith("T")


# --- parts --------------------------------------------------------------------------------------


def instrument_part_of(site: Site) -> Iterator[Link]:
    """A measure inside a law or plan."""
    for run in site.of("i"):
        if site.lead is not None and site.before(run, "i") is None:
            whole = _last(site.lead, "i")
            yield from _pairs(run.mentions, whole, "list")
            before = site.measure_before(site.lead) if not whole else None
            if before is not None:
                yield from _pairs(run.mentions, (before,), "list-before")
    for run in site.of("i"):
        left = site.before(run, "i")
        if left is None:
            continue
        near = site.before(run, "ig") is left
        if run.opens_with(phrases("part", "part")) or run.says(words("part", "part")):
            yield from _pairs(run.mentions, left.mentions[-1:], "including")
        elif not near:
            continue
        elif run.opens_with(phrases("part", "whole")):
            yield from _pairs(left.mentions[-1:], run.mentions[:1], f"{run.head[-1]}")
        elif any(
            c.thing in left.mentions and left.end <= c.start and 0 <= run.unit - c.end <= _OBJECT
            for c in site.clauses
            if c.lemma and not c.passive and not c.relative and c.lemma not in attitudes()
        ):
            yield from _pairs(run.mentions, left.mentions[-1:], "subject")


# --- actors -------------------------------------------------------------------------------------


def implemented_by(site: Site) -> Iterator[Link]:
    """Who does it, runs it, or is to do it."""
    for statement in site.statements:
        if statement.modality in ("requires", "calls-for"):
            for content in statement.content:
                for actor in statement.addressee:
                    yield Link(content, actor, f"asked-{content.type.lower()}")
        elif statement.modality in ("commits-to", "carries-out") and statement.speaker is not None:
            for content in statement.content:
                rule = _doing(site, content, statement.speaker)
                if rule is not None:
                    yield Link(content, statement.speaker, f"{statement.modality}-{rule}")
    for run in site.of("a"):
        yield from _attached(site, run)
    for clause in site.clauses:
        first = _first_behind(site, clause.end - 1)
        minded = clause.lemma in attitudes() and not clause.deontic
        if clause.kind == "actor" and first is not None and not (clause.passive or minded):
            rule = f"subject-{'deontic' if clause.deontic else 'plain'}-{first.kind}"
            bodies = [m for m in clause.subjects if m.symbol in "rcu"]
            yield from _pairs(first.mentions, bodies, rule)
    for outer, inner in site.nested("i", "rc"):
        if inner.start == outer.start:
            yield Link(outer.draft, inner.draft, "inside")


def _attached(site: Site, run: Run) -> Iterator[Link]:
    """ "the fund of the ministry", "a programme run by the agency", "the ministry's programme"."""
    left = site.before(run, "giaq")
    if left is not None and left.kind == "i" and run.opens_with(phrases("doing", "by")):
        yield from _pairs(left.mentions[-1:], run.mentions, run.head[-1])
    right = site.after(run, "gi")
    if right is None:
        return
    if right.kind == "i" and right.tags[:1] == "Z" and right.unit - run.end <= 3:
        yield from _pairs(right.mentions, run.mentions[-1:], "owner")


def _first_behind(site: Site, unit: int) -> Run | None:
    return next((r for r in site.runs if r.unit >= unit and r.kind in "gi"), None)


def _doing(site: Site, content: Draft, speaker: Draft) -> str | None:
    """How surely the speaker of a sentence does what it is about; None: not surely enough."""
    if speaker.type in ("Person", "Post"):
        return None
    for clause in site.clauses:
        if any(s.draft is speaker for s in clause.agents):
            return "agent" if content.type == "Instrument" else None
        if any(s.draft is speaker for s in clause.subjects):
            first = _first_behind(site, clause.end - 1)
            if first is not None and any(m.draft is content for m in first.mentions):
                return f"object-{first.kind}"
            return "later" if content.type == "Instrument" else None
    return None


def funded_by(site: Site) -> Iterator[Link]:
    """Who pays."""
    payers = words("funding", "verbs")
    for clause in site.clauses:
        if clause.passive and clause.lemma in payers and clause.thing is not None:
            yield from _pairs((clause.thing,), clause.agents, "paid-by")
    for run in site.of("a"):
        left = site.before(run, "ia")
        if left is not None and run.opens_with(phrases("funding", "by")):
            yield from _pairs([m for m in left.mentions if m.symbol in "ir"], run.mentions, "by")
    for clause in site.clauses:
        run_behind = next((r for r in site.runs if r.unit >= clause.end and r.kind == "i"), None)
        if clause.kind != "actor" or run_behind is None:
            continue
        if clause.lemma in payers:
            yield from _pairs(run_behind.mentions, clause.subjects, "pays")
        elif any(r.unit >= clause.end and _is_money(site, r.mentions[0]) for r in site.of("q")):
            yield from _pairs(run_behind.mentions, clause.subjects, "money")
    for outer, inner in site.nested("i", "rcu"):
        inside = site.scene.prose.lowers[outer.first : outer.last]
        if not words("funding", "nouns").isdisjoint(inside):
            yield Link(outer.draft, inner.draft, "inside")


def beneficiary(site: Site) -> Iterator[Link]:
    """Whom a measure is for."""
    gives = words("beneficiary", "gives")
    for clause in site.clauses:
        if clause.lemma in gives and not clause.passive:
            to = next((r for r in site.of("a") if clause.end <= r.unit <= clause.end + 2), None)
            given = site.after(to, "i") if to is not None else None
            if to is not None and given is not None:
                yield from _pairs(given.mentions, to.mentions, "gives")
            if to is not None and clause.thing is not None and clause.thing.symbol == "i":
                yield from _pairs((clause.thing,), to.mentions, "gives-self")
    for run in site.of("a"):
        left = site.before(run, "i")
        if left is not None and run.opens_with(phrases("beneficiary", "phrases")):
            yield from _pairs(left.mentions[-1:], run.mentions, run.head[-1])
    for outer, inner in site.nested("i", "u"):
        if inner.first > outer.first:
            yield Link(outer.draft, inner.draft, "inside")
    for goal, actor in site.nested("g", "u"):
        measures = [r for r in site.of("i") if r.mentions[0].start < goal.start]
        if measures:
            yield Link(measures[-1].mentions[-1].draft, actor.draft, "in-goal")


# --- attributes ---------------------------------------------------------------------------------


def amount(site: Site) -> Iterator[Link]:
    """Money, figures and deadlines: the nearest goal or instrument of the passage."""
    for quantities in site.of("q"):
        left = site.before(quantities, "gi")
        right = site.after(quantities, "gi")
        to_left = quantities.unit - left.end if left else 99
        to_right = right.unit - quantities.end if right else 99
        closer = to_right <= to_left and (to_right <= 2 or _is_money(site, quantities.mentions[0]))
        if right is not None and (closer or left is None):
            rule = "before" if to_right <= _NEAR else "before-far"
            yield from _pairs(right.mentions[:1], quantities.mentions, rule)
        elif left is not None:
            rule = "behind" if to_left <= _NEAR else "behind-far"
            yield from _pairs(left.mentions[-1:], quantities.mentions, rule)
    for outer, inner in site.nested("gi", "q"):
        yield Link(outer.draft, inner.draft, "inside")


def _is_money(site: Site, quantity: Mention) -> bool:
    return not _CURRENCY.isdisjoint(site.scene.prose.text[quantity.start : quantity.end])


def field(site: Site) -> Iterator[Link]:
    """The field of research or technology that a goal or instrument concerns."""
    for outer, inner in site.nested("gi", "f"):
        yield Link(outer.draft, inner.draft, f"inside-{outer.symbol}")
    for fields in site.of("f"):
        left = site.before(fields, "gi")
        if left is not None:
            rule = "behind" if fields.unit - left.end <= _NEAR else "behind-far"
            yield from _pairs(left.mentions[-1:], fields.mentions, rule)
