"""What a verb of opposition is about: own sentences with their entities marked."""

from __future__ import annotations

import pytest

from tests.graph.extract.marked import marked

Taken = tuple[str | None, str, list[str]]

SENTENCES: dict[str, list[Taken]] = {
    # "not" with less of something protects it
    "The [i:science levy] must not be lower than last year.": [
        (None, "calls-for", ["science levy"])
    ],
    "[p:Ines Holm] said that [c:Norway] should not abandon the [i:ice programme].": [
        ("Ines Holm", "calls-for", ["ice programme"])
    ],
    "Never should [c:Norway] abandon the [i:ice programme], [p:Ines Holm] said.": [
        ("Ines Holm", "calls-for", ["ice programme"])
    ],
    "[c:Norway] will not fund the [i:ice programme].": [("Norway", "opposes", ["ice programme"])],
    "[c:Norway] will not close the [i:ice programme].": [("Norway", "endorses", ["ice programme"])],
    # what is urged inside a warning is wanted
    "The [r:Academy] warned that prices harm labs and urged ministers to [g:restore the grants].": [
        ("Academy", "calls-for", ["restore the grants"])
    ],
    "The [r:Academy] warned that the [i:levy] would harm [g:stronger research].": [
        ("Academy", "opposes", ["levy"])
    ],
    "The [r:Academy] warned that the country needs the [i:ice programme].": [],
    # joined verbs take their own objects
    "The [r:Academy] condemned the [i:levy] and promised to [g:support young chemists].": [
        ("Academy", "opposes", ["levy"]),
        ("Academy", "commits-to", ["support young chemists"]),
    ],
    # other clauses are not the object
    "The [r:Academy] criticised it: the law had been made without [i:public consultation].": [],
    "The [r:Academy] criticised the lack of a [i:data strategy].": [],
    "The [r:Academy] criticised the meeting while the [i:research budget] is small.": [],
    "The [r:Academy] rejected the [i:fusion fund] because it delays the [i:ice programme].": [
        ("Academy", "opposes", ["fusion fund"])
    ],
    # who is against a cut wants the thing
    "The [r:Academy] warned against cutting the [i:research budget].": [],
    "The [r:Academy] regrets the closure of the [i:ice programme].": [],
    "The [r:Academy] criticised that the [i:research budget] is being cut.": [],
    "The [r:Academy] did not reject the [i:levy].": [("Academy", "assesses", ["levy"])],
    "The [r:Academy] warned of damage to the [i:ice programme].": [],
    # what a warning says will be hurt is wanted, however far behind
    "The [r:Academy] warned that neglect would hurt the [i:ice programme].": [],
    "The [r:Academy] warned that prices could hurt the [i:ice fund] and the [i:sea fund].": [],
    "The [r:Academy] warned that the [i:ice programme] faces delays.": [],
    "The [r:Academy] warned that the [i:ice programme] is underfunded.": [],
    "The [r:Academy] warned that staff is small and that the [i:ice fund] needs more money.": [],
    "[p:Ines Holm] hoped that the [r:Senate] would stop the [i:levy].": [
        ("Ines Holm", "opposes", ["levy"])
    ],
    # who ends a measure is against it
    "The [r:Senate] repealed the [i:levy].": [("Senate", "opposes", ["levy"])],
    "The [i:levy] was cancelled by the [r:Senate].": [("Senate", "opposes", ["levy"])],
    "The [r:Senate] will scrap the [i:levy].": [("Senate", "opposes", ["levy"])],
    "The [r:Senate] plans to scrap the [i:levy].": [("Senate", "opposes", ["levy"])],
    "The [r:Senate] did not cancel the [i:levy].": [("Senate", "assesses", ["levy"])],
    "The [r:Senate] will not cancel the [i:levy].": [("Senate", "endorses", ["levy"])],
    "The [i:levy] was abolished in May.": [(None, "assesses", ["levy"])],
    "The [i:levy] will be scrapped.": [(None, "assesses", ["levy"])],
    "The [r:Senate] cut the [i:research budget] and launched a [i:levy].": [
        ("Senate", "opposes", ["research budget"]),
        ("Senate", "carries-out", ["levy"]),
    ],
    # what is denied is not done
    "[c:Norway] denied that it wants to close the [i:ice programme].": [],
}


@pytest.mark.parametrize("source", SENTENCES)
def test_opposition_is_to_the_object_of_its_verb_alone(source: str) -> None:
    assert marked(source).stances() == SENTENCES[source]
