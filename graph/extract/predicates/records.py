"""Relations of events and documents."""

from __future__ import annotations

from collections.abc import Iterator

from graph.extract.clauses import holders
from graph.extract.draft import Draft
from graph.extract.predicates.site import Link, Run, Site, phrases, words
from graph.extract.scene import Mention


def organizer(site: Site) -> Iterator[Link]:
    """Who holds an event."""
    for event, actor in site.nested("e", "rcpou"):
        if actor.start == event.start:
            yield Link(event.draft, actor.draft, "inside")
    verbs = words("event", "organizes")
    for clause in site.clauses:
        held = _object(site, clause.end, "e")
        if clause.lemma in verbs and held is not None:
            for actor in clause.subjects:
                yield Link(held, actor.draft, "holds")
        if (
            clause.lemma in verbs
            and clause.passive
            and clause.thing is not None
            and clause.thing.symbol == "e"
        ):
            for actor in clause.agents:
                yield Link(clause.thing.draft, actor.draft, "held-by")
    for run in site.of("a"):
        left = site.before(run, "e")
        if left is not None and run.head[-1:] == ("with",) and _held(site, left):
            for actor in holders(site.row, list(run.mentions)):
                yield Link(left.mentions[-1].draft, actor.draft, "held-with")
        if left is not None and run.opens_with(phrases("event", "organized")):
            for actor in run.mentions:
                yield Link(left.mentions[-1].draft, actor.draft, "organised-by")
    for run in site.of("e"):
        left = site.before(run, "a")
        if left is not None and run.unit == left.end + 1 and run.tags == "Z":
            yield Link(run.mentions[0].draft, left.mentions[-1].draft, "owner")


def _object(site: Site, unit: int, kind: str) -> Draft | None:
    """The first entity behind a verb, if it is of this kind."""
    for run in site.runs:
        if run.unit >= unit:
            return run.mentions[0].draft if run.kind == kind else None
    return None


def participant(site: Site) -> Iterator[Link]:
    """Who takes part in an event."""
    attends = words("event", "attends")
    acts = [c for c in site.clauses if c.kind == "actor" and not c.relative]
    for run in site.of("e"):
        if run.head[-1:] in (("at",), ("during",)):
            for actor in acts[0].subjects if acts else ():
                yield Link(run.mentions[0].draft, actor.draft, "at")
    for clause in site.clauses:
        if clause.kind != "actor":
            continue
        for run in site.of("e"):
            if run.unit >= clause.end:
                for actor in clause.subjects if clause.lemma in attends else ():
                    yield Link(run.mentions[0].draft, actor.draft, "attends")
                break
    for run in site.of("a"):
        left = site.before(run, "e")
        if left is not None and run.opens_with(phrases("event", "with")) and not _held(site, left):
            for actor in holders(site.row, list(run.mentions)):
                yield Link(left.mentions[-1].draft, actor.draft, "with")


def _held(site: Site, event: Run) -> bool:
    """Whether the event is what somebody holds, so that "with" names who else does."""
    verbs = words("event", "stages")
    return any(c.lemma in verbs and c.end <= event.unit <= c.end + 4 for c in site.clauses)


def attendance(site: Site) -> Iterator[Link]:
    """ "Participants were X, Y and Z": those at the event named last."""
    came = words("event", "attendance")
    for clause in site.clauses:
        if clause.lemma not in words("event", "came") or "e" in site.row.shape:
            continue
        if (at := _event_before(site)) is not None and clause.kind == "actor":
            for actor in clause.subjects:
                yield Link(at.draft, actor.draft, "came")
    for run in site.of("a"):
        if run.says(came):
            before = site.before(run, "e")
            event = before.mentions[-1] if before is not None else _event_before(site)
            if event is not None:
                for actor in holders(site.row, list(run.mentions)):
                    yield Link(event.draft, actor.draft, "attendance")


def _event_before(site: Site) -> Mention | None:
    """The last event of the passages before, not far away."""
    for index in range(site.row.index - 1, max(site.row.index - _EVENT_REACH, -1), -1):
        for mention in reversed(site.scene.by_passage[index]):
            if mention.symbol == "e":
                return mention
    return None


_EVENT_REACH = 12


def published_by(site: Site) -> Iterator[Link]:
    """Who issued or wrote a document."""
    for document, actor in site.nested("d", "rcpou"):
        yield Link(document.draft, actor.draft, "inside")
    verbs = words("document", "publishes")
    for clause in site.clauses:
        for run in site.of("d"):
            if run.unit >= clause.end and clause.kind in ("actor", "owner"):
                if clause.lemma in verbs:
                    for actor in clause.subjects:
                        for d in run.mentions:
                            yield Link(d.draft, actor.draft, "publishes")
                break
        if clause.lemma in verbs and clause.thing is not None and clause.thing.symbol == "d":
            for actor in clause.agents:
                yield Link(clause.thing.draft, actor.draft, "published-by")
    for run in site.of("a"):
        left = site.before(run, "d")
        if left is not None and run.opens_with(phrases("document", "by")) and len(run.opening) <= 5:
            for actor in run.mentions:
                yield Link(left.mentions[-1].draft, actor.draft, f"{run.head[-1]}")
    for run in site.of("d"):
        left = site.before(run, "a")
        if left is None:
            continue
        gap = site.row.shape[left.end : run.unit]
        if gap[:1] == "Z" and len(gap) <= 3:
            for d in run.mentions:
                yield Link(d.draft, left.mentions[-1].draft, "owner")
        elif run.head[-2:] == ("in", "its") or run.opening[-1:] in (
            ("its",),
            ("their",),
            ("his",),
            ("her",),
        ):
            for d in run.mentions:
                yield Link(d.draft, left.mentions[0].draft, "its")


def set_out_in(site: Site) -> Iterator[Link]:
    """Goals and instruments laid down in a document."""
    states = words("document", "states")
    for clause in site.clauses:
        if clause.thing is not None and clause.thing.symbol == "d" and clause.lemma in states:
            stated = next((r for r in site.of("gi") if r.unit >= clause.start), None)
            for m in stated.mentions if stated else ():
                yield Link(m.draft, clause.thing.draft, "states")
    for document, content in site.nested("d", "gi"):
        yield Link(content.draft, document.draft, "inside")
