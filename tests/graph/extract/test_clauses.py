"""Clauses: own sentences with their entities marked."""

from __future__ import annotations

import pytest

from graph.extract.clauses import Clause, clauses
from graph.extract.scene import Row, Scene, place
from tests.graph.extract.marked import marked


def row_of(source: str) -> tuple[Scene, Row]:
    read = marked(source)
    scene = place(read.prose, read.entities)
    return scene, scene.row(0)


def clauses_of(source: str) -> list[Clause]:
    return clauses(*row_of(source))


def names(clause: Clause) -> list[str]:
    return [m.draft.name or "" for m in clause.subjects]


SUBJECTS: list[tuple[str, list[str], str | None]] = [
    ("The [r:Council] opened a fund.", ["Council"], "open"),
    ("Today, the [r:Council] will open a fund.", ["Council"], "open"),
    ("The [r:Council], with the [r:Academy], opened a fund.", ["Council"], "open"),
    (
        "The [r:Council] (formerly [r:Board]) and [c:Norway] opened a fund.",
        ["Council", "Norway"],
        "open",
    ),
    ("[c:Chile], [c:Peru] and [c:Cuba] signed.", ["Chile", "Peru", "Cuba"], "sign"),
    ("[o:Minister] [p:Ana Reis] spoke.", ["Ana Reis"], "speak"),
    ("[p:Ana Reis], [o:head of the board], spoke.", ["Ana Reis"], "speak"),
    ("[o:Premier] [p:Li] and the [r:Council] called for calm.", ["Li", "Council"], "call"),
    ("Over 2,000 [u:scientists] will protest.", ["scientists"], "protest"),
    ("In the first phase [r:Acme] will build it.", ["Acme"], "build"),
    ("[r:NSF] funds a centre.", ["NSF"], "fund"),
    ("The [c:country] reports new plans.", ["country"], "report"),
    ("The [r:Council], chaired by [p:Ana Reis], met.", ["Council"], "meet"),
    (
        "A [r:council], made up of leaders from [u:schools], [u:firms] and [u:unions], met.",
        ["council"],
        "meet",
    ),
]


@pytest.mark.parametrize(("source", "subjects", "verb"), SUBJECTS)
def test_the_subject_stands_before_its_verb(
    source: str, subjects: list[str], verb: str | None
) -> None:
    clause = clauses_of(source)[0]
    assert (clause.kind, names(clause), clause.lemma) == ("actor", subjects, verb)


def test_verbs_within_a_goal_are_not_verbs_of_the_sentence() -> None:
    (clause,) = clauses_of("The [r:Council] plans to [g:train nurses and build schools].")
    assert clause.lemma == "plan"


def test_a_goal_can_be_the_predicate() -> None:
    (clause,) = clauses_of("The [r:Council] will [g:train nurses].")
    assert (clause.modal, clause.lemma) == ("will", "train")


def test_coordinated_verbs_share_their_subject() -> None:
    first, second = clauses_of("The [r:Council] opened a fund and closed a school.")
    assert names(first) == names(second) == ["Council"]


def test_the_owner_of_a_subject_is_told_from_a_subject() -> None:
    (clause,) = clauses_of("[o:President] [p:Reis]’s [i:plan] has secured funds.")
    assert (clause.kind, names(clause)) == ("owner", ["Reis"])


@pytest.mark.parametrize(
    ("source", "agents"),
    [
        ("The [i:fund] was opened by the [r:Council] and [c:Norway].", ["Council", "Norway"]),
        ("The [i:fund] is to be run by the [r:Council].", ["Council"]),
        ("The [i:fund], developed by the [r:Council], ended.", ["Council"]),
    ],
)
def test_a_passive_has_agents(source: str, agents: list[str]) -> None:
    found = [c for c in clauses_of(source) if c.agents]
    assert [m.draft.name for m in found[0].agents] == agents
    assert found[0].passive


@pytest.mark.parametrize(
    ("source", "negated"),
    [
        ("The [r:Council] does not agree.", True),
        ("The [r:Council] didn’t agree.", True),
        ("The [r:Council] no longer agrees.", True),
        ("The [r:Council] never agreed.", True),
        ("The [r:Council] agrees.", False),
    ],
)
def test_negation_is_noticed(source: str, negated: bool) -> None:
    assert clauses_of(source)[0].negated is negated


def test_a_relative_clause_has_its_antecedent() -> None:
    main, relative = clauses_of("[c:Norway] left the [r:Council], which opened a fund.")
    assert (main.relative, relative.relative) == (False, True)
    assert names(relative) == ["Council"]


@pytest.mark.parametrize(
    ("source", "subject"),
    [
        ("The [i:fund], which the [o:Premier] had opened, grew.", "Premier"),
        ("The [i:share] that [c:Norway] spends on it fell.", "Norway"),
    ],
)
def test_what_somebody_does_to_a_noun_is_a_relative_clause(source: str, subject: str) -> None:
    relative = clauses_of(source)[0]
    assert (relative.relative, names(relative)) == (True, [subject])


def test_that_behind_a_noun_may_open_a_clause_with_an_object_of_its_own() -> None:
    assert not clauses_of("The belief that [c:Norway] funds a school is old.")[0].relative


def test_a_verb_behind_a_relative_clause_goes_on_with_the_noun_before_it() -> None:
    _, main = clauses_of("[u:Schools] that apply for money must wait.")
    assert (main.modal, names(main)) == ("must", ["Schools"])


def test_who_is_urged_is_no_subject_of_what_is_urged() -> None:
    clauses = clauses_of("[u:Critics] urged the [r:Board] to wait and to let [u:nurses] choose.")
    assert names(clauses[0]) == ["Critics"]
    assert all(names(c) != ["Board"] for c in clauses)


def test_who_acts_in_an_infinitive_is_no_agent_of_its_verb() -> None:
    assert not clauses_of("The [i:rules] are meant to guide work by [u:firms].")[0].agents


def test_a_copula_is_told_from_possession() -> None:
    assert clauses_of("The [r:Council] is old.")[0].copula
    assert not clauses_of("The [r:Council] has money.")[0].copula


def test_a_row_has_one_unit_for_each_outermost_entity() -> None:
    _, row = row_of("The [i:[f:robotics] programme] of the [r:Council] began.")
    assert row.shape == "DiPDrE."
    assert [m.symbol for m in row.mentions] == ["i", "f", "r"]
    assert [m.symbol for m in row.inside(row.mentions[0])] == ["f"]
