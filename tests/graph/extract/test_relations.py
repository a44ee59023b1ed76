"""Which relations a passage states: own sentences with their entities marked."""

from __future__ import annotations

import pytest

from graph.records import SIGNATURES
from tests.graph.extract.marked import marked

Triple = tuple[str, str, str]


def triples(source: str) -> set[Triple]:
    return {
        (r.subject.name or "", r.predicate, r.object.name or "") for r in marked(source).relations()
    }


STATED: list[tuple[str, Triple]] = [
    # ends
    (
        "The [r:Council] set up a [i:seed fund] to [g:strengthen spin-offs].",
        ("seed fund", "servesGoal", "strengthen spin-offs"),
    ),
    (
        "The [i:levy] will [g:protect basic research].",
        ("levy", "servesGoal", "protect basic research"),
    ),
    (
        "To [g:strengthen spin-offs], the [r:Council] set up a [i:seed fund].",
        ("seed fund", "servesGoal", "strengthen spin-offs"),
    ),
    (
        "[c:Norway] will [g:raise exports] through a [i:trade scheme].",
        ("trade scheme", "servesGoal", "raise exports"),
    ),
    (
        "A [i:programme to [g:train nurses]] began.",
        ("programme to train nurses", "servesGoal", "train nurses"),
    ),
    (
        "We must [g:train engineers] to [g:raise exports].",
        ("train engineers", "subGoalOf", "raise exports"),
    ),
    (
        "We will [g:raise exports] by [g:training engineers].",
        ("training engineers", "subGoalOf", "raise exports"),
    ),
    # parts
    (
        "The [i:Climate Act] creates several measures, including a [i:carbon levy].",
        ("carbon levy", "partOf", "Climate Act"),
    ),
    (
        "The [i:seed fund] under the [i:Growth Plan] was opened.",
        ("seed fund", "partOf", "Growth Plan"),
    ),
    (
        "The [r:Polar Institute] of the [r:Academy of Sciences] closed.",
        ("Polar Institute", "partOf", "Academy of Sciences"),
    ),
    (
        "The [e:youth day] took place as part of the [e:World Science Week].",
        ("youth day", "partOf", "World Science Week"),
    ),
    # who does it, who pays, for whom
    (
        "The [r:Space Agency] launched a [i:satellite programme].",
        ("satellite programme", "implementedBy", "Space Agency"),
    ),
    (
        "A [i:satellite programme] run by the [r:Space Agency] will end.",
        ("satellite programme", "implementedBy", "Space Agency"),
    ),
    (
        "The [r:Space Agency]’s [i:satellite programme] will end.",
        ("satellite programme", "implementedBy", "Space Agency"),
    ),
    (
        "[u:Universities] must [g:open their laboratories].",
        ("open their laboratories", "implementedBy", "Universities"),
    ),
    (
        "The [i:polar station] is funded by the [r:Research Council].",
        ("polar station", "fundedBy", "Research Council"),
    ),
    (
        "The [r:Research Council] finances the [i:polar station].",
        ("polar station", "fundedBy", "Research Council"),
    ),
    (
        "The [r:Council] opened a [i:loan scheme] for [u:small firms].",
        ("loan scheme", "beneficiary", "small firms"),
    ),
    # attributes
    (
        "The [r:Council] will spend [q:€40 million] on the [i:loan scheme].",
        ("loan scheme", "amount", "€40 million"),
    ),
    (
        "[c:Norway] will [g:cut emissions] by [q:2035].",
        ("cut emissions", "amount", "2035"),
    ),
    (
        "A new [i:[f:robotics] programme] began.",
        ("robotics programme", "field", "robotics"),
    ),
    (
        "A new [i:programme] in [f:marine biology] began.",
        ("programme", "field", "marine biology"),
    ),
    # people and bodies
    ("[o:Minister] [p:Ana Reis] spoke.", ("Ana Reis", "holdsPost", "Minister")),
    (
        "[p:Ana Reis], [o:director of the [r:Polar Institute]], spoke.",
        ("Ana Reis", "holdsPost", "director of the Polar Institute"),
    ),
    (
        "[p:Ana Reis], [o:director of the [r:Polar Institute]], spoke.",
        ("director of the Polar Institute", "postIn", "Polar Institute"),
    ),
    ("[p:Ana Reis] of the [r:Polar Institute] spoke.", ("Ana Reis", "memberOf", "Polar Institute")),
    (
        "The [r:Polar Institute] works in partnership with [r:Delta Labs].",
        ("Polar Institute", "partnerOf", "Delta Labs"),
    ),
    (
        "An [i:agreement] between [c:Chile] and [c:Peru] was signed.",
        ("Chile", "partnerOf", "Peru"),
    ),
    # events and documents
    (
        "The [r:Polar Institute] hosted the [e:Arctic Forum].",
        ("Arctic Forum", "organizer", "Polar Institute"),
    ),
    (
        "The [e:Arctic Forum], organised by the [r:Polar Institute], ended.",
        ("Arctic Forum", "organizer", "Polar Institute"),
    ),
    ("[p:Ana Reis] attended the [e:Arctic Forum].", ("Arctic Forum", "participant", "Ana Reis")),
    (
        "The [r:Polar Institute] published a [d:report] in May.",
        ("report", "publishedBy", "Polar Institute"),
    ),
    (
        "A [d:report] by the [r:Polar Institute] appeared.",
        ("report", "publishedBy", "Polar Institute"),
    ),
    (
        "The [d:white paper] proposes a [i:carbon levy].",
        ("carbon levy", "setOutIn", "white paper"),
    ),
    # across sentences
    (
        "[c:Norway] opened a [i:seed fund]. It is to [g:strengthen spin-offs].",
        ("seed fund", "servesGoal", "strengthen spin-offs"),
    ),
    (
        "The [e:Arctic Forum] ended. [p:Ana Reis] of the [r:Polar Institute] participated.",
        ("Arctic Forum", "participant", "Ana Reis"),
    ),
    # gifts, payments, joint acts
    (
        "The [i:loan scheme] gives [u:small firms] time.",
        ("loan scheme", "beneficiary", "small firms"),
    ),
    (
        "The [i:polar station] is subsidised by the [r:Research Council].",
        ("polar station", "fundedBy", "Research Council"),
    ),
    (
        "[c:Chile] and [c:Peru] signed an [i:agreement].",
        ("Chile", "partnerOf", "Peru"),
    ),
    (
        "The [r:Polar Institute] organised an [e:open day] with [r:Delta Labs].",
        ("open day", "organizer", "Delta Labs"),
    ),
    (
        "The [e:open day] was a talk with [o:Minister] [p:Ana Reis].",
        ("open day", "participant", "Ana Reis"),
    ),
]


@pytest.mark.parametrize(("source", "expected"), STATED)
def test_what_a_sentence_states_is_found(source: str, expected: Triple) -> None:
    assert expected in triples(source)


def test_every_predicate_has_an_example_above() -> None:
    assert {predicate for _, (_, predicate, _) in STATED} == set(SIGNATURES)


NOT_STATED: list[tuple[str, Triple]] = [
    # another clause
    (
        "The [r:Council] closed. The [r:Agency] opened a [i:seed fund].",
        ("seed fund", "implementedBy", "Council"),
    ),
    # a stance is no deed
    (
        "The [r:Council] welcomed the [i:seed fund].",
        ("seed fund", "implementedBy", "Council"),
    ),
    # what is said of a measure is no part of it
    (
        "The [i:Climate Act] was compared to a [i:carbon levy].",
        ("carbon levy", "partOf", "Climate Act"),
    ),
    # the post belongs to the person who came
    (
        "The [e:open day] was a talk with [o:Minister] [p:Ana Reis].",
        ("open day", "participant", "Minister"),
    ),
    (
        "The [r:Polar Institute] organised an [e:open day] with [r:Delta Labs].",
        ("open day", "participant", "Delta Labs"),
    ),
    # a person announces, a body carries out
    (
        "[p:Ana Reis] announced a [i:seed fund].",
        ("seed fund", "implementedBy", "Ana Reis"),
    ),
    # the passive object does nothing
    (
        "The [r:Council] was given a [i:new mandate] by [c:Norway].",
        ("new mandate", "implementedBy", "Council"),
    ),
    # a name in a list of names holds no post
    (
        "[p:Ana Reis], [o:director], [p:Bo Lund], and others spoke.",
        ("Bo Lund", "holdsPost", "director"),
    ),
    # the means is not the end
    (
        "We will [g:raise exports] by [g:training engineers].",
        ("raise exports", "subGoalOf", "training engineers"),
    ),
]


@pytest.mark.parametrize(("source", "wrong"), NOT_STATED)
def test_what_a_sentence_does_not_state_is_not_found(source: str, wrong: Triple) -> None:
    assert wrong not in triples(source)


def test_all_ends_of_a_list_are_served() -> None:
    found = triples(
        "The [i:levy] is to [g:protect soil], [g:clean rivers] and [g:restore the fish stocks]."
    )
    assert {o for s, p, o in found if (s, p) == ("levy", "servesGoal")} == {
        "protect soil",
        "clean rivers",
        "restore the fish stocks",
    }


def test_items_are_part_of_what_their_lead_names() -> None:
    found = triples(
        "The [i:Growth Plan] has two parts:\n\n- a [i:seed fund]\n- a [i:loan scheme]\n"
    )
    assert {s for s, p, o in found if (p, o) == ("partOf", "Growth Plan")} == {
        "seed fund",
        "loan scheme",
    }


def test_a_pair_is_related_once_and_says_by_which_rule() -> None:
    source = "The [i:levy] will [g:protect soil]. The [i:levy] will [g:protect soil]."
    found = marked(source).relations()
    assert [(r.predicate, r.rule, r.passage) for r in found] == [("servesGoal", "purpose", 0)]


def test_parts_are_of_the_type_of_their_whole() -> None:
    found = triples("The [e:youth day] is part of the [i:Growth Plan] of the [r:Council].")
    assert not [t for t in found if t[1] == "partOf"]
