"""Finds the relations of the guidelines between entities.

Each predicate has its functions in `graph.extract.predicates`; this module runs them over every
passage and keeps what the signatures allow, each pair once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from graph.extract.draft import Draft, RelationDraft, StatementDraft
from graph.extract.passages import Prose
from graph.extract.predicates import actors, policy, records
from graph.extract.predicates.site import Link, Site, neighbours_of, runs_of
from graph.extract.scene import Scene, place
from graph.extract.speakers import Voices, listen
from graph.records import SIGNATURES, Document, Predicate

Rule = Callable[[Site], Iterator[Link]]

RULES: tuple[tuple[Predicate, Rule], ...] = (
    ("servesGoal", policy.serves_goal),
    ("subGoalOf", policy.sub_goal_of),
    ("partOf", policy.instrument_part_of),
    ("implementedBy", policy.implemented_by),
    ("fundedBy", policy.funded_by),
    ("beneficiary", policy.beneficiary),
    ("amount", policy.amount),
    ("field", policy.field),
    ("holdsPost", actors.holds_post),
    ("postIn", actors.post_in),
    ("memberOf", actors.member_of),
    ("partOf", actors.body_part_of),
    ("partOf", actors.event_part_of),
    ("partnerOf", actors.partner_of),
    ("partnerOf", actors.signed_together),
    ("organizer", records.organizer),
    ("participant", records.participant),
    ("participant", records.attendance),
    ("publishedBy", records.published_by),
    ("setOutIn", records.set_out_in),
)


def find(
    prose: Prose,
    document: Document,
    entities: Sequence[Draft],
    statements: Sequence[StatementDraft],
) -> list[RelationDraft]:
    """Relations in the order of the text, each once."""
    scene = place(prose, entities)
    return relate(scene, listen(scene, document), statements)


def relate(
    scene: Scene, voices: Voices, statements: Sequence[StatementDraft]
) -> list[RelationDraft]:
    """The same for entities that are already placed."""
    stances: dict[int, list[StatementDraft]] = defaultdict(list)
    for statement in statements:
        stances[statement.passage].append(statement)
    found: list[RelationDraft] = []
    seen: set[tuple[Draft, Predicate, Draft]] = set()
    for row in scene.rows():
        lead = row.passage.lead
        site = Site(
            scene,
            row,
            runs_of(scene, row),
            neighbours_of(scene, row),
            voices.readings[row.index],
            stances[row.index],
            voices,
            scene.row(lead) if lead is not None else None,
        )
        for predicate, rule in RULES:
            for subject, object_, name in rule(site):
                key = (subject, predicate, object_)
                back = (object_, predicate, subject)
                if subject is object_ or key in seen or back in seen:
                    continue
                if not _allowed(predicate, subject, object_):
                    continue
                relation = RelationDraft(subject, predicate, object_, row.index, name)
                if scene.denials.contradict(relation):
                    continue
                seen.add(key)
                found.append(relation)
    return found


def _allowed(predicate: Predicate, subject: Draft, object_: Draft) -> bool:
    """Whether the predicate joins these types; parts are of the type of their whole."""
    subjects, objects = SIGNATURES[predicate]
    if subject.type not in subjects or object_.type not in objects:
        return False
    return predicate != "partOf" or subject.type == object_.type
