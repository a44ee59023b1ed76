"""What names one thing in other words becomes one thing, and nothing is lost by it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from graph.extract.draft import DESCRIBED, Draft
from graph.extract.learned import sameness
from graph.extract.learned.entities import Group, gather
from graph.extract.learned.extractor import LearnedExtractor
from graph.extract.learned.sameness import Pairs, joined, pairs
from graph.extract.learned.spans import Candidate
from graph.extract.learned.words import Floats, token_span
from graph.extract.rules import Reading, RuleExtractor
from graph.records import Document, EntityType, Text

TEXT = (
    "Estonia wants to cut methane. The National Science Board (NSB) and Latvia will reduce methane "
    "emissions. The Board of Trade waits."
)


def read(content: str) -> Reading:
    return RuleExtractor().read(Text(document=Document(name="a"), content=content))


def group(reading: Reading, type_: EntityType, *names: str, authority: str | None = None) -> Group:
    found = Group(Draft(type_, [], "learned", authority=authority))
    for name in names:
        start = reading.prose.text.index(name)
        found.mentions.append(candidate(reading, type_, start, start + len(name)))
        found.likely.append((0.9, 0.9))
    return found


def candidate(reading: Reading, type_: EntityType, start: int, end: int) -> Candidate:
    first, last = token_span(reading.prose, start, end)
    return Candidate(type_, first, last, start, end, reading.prose.passage_at(start), None)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(TEXT)


def states(reading: Reading, seed: int = 1) -> Floats:
    """States of words by which nothing is like anything."""
    shape = (len(reading.prose.words), 128)
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def test_what_shares_words_or_letters_is_asked_about(reading: Reading) -> None:
    groups = [
        group(reading, "Goal", "cut methane"),
        group(reading, "Goal", "reduce methane emissions"),
        group(reading, "Organization", "National Science Board"),
        group(reading, "Organization", "NSB"),
        group(reading, "Organization", "Board of Trade"),
    ]
    found = pairs(reading.prose, states(reading), groups)
    assert found.ends == [(0, 1), (2, 3), (2, 4)]
    assert found.rows.shape == (3, sameness.WIDTH)


def test_kinds_and_known_things_are_kept_apart(reading: Reading) -> None:
    groups = [
        group(reading, "Country", "Estonia", authority="EE"),
        group(reading, "Country", "Latvia", authority="LV"),
        group(reading, "Goal", "reduce methane emissions"),
        group(reading, "Field", "methane emissions"),
    ]
    same = np.ones((len(reading.prose.words), 128), np.float32)
    same[0] = 2
    assert pairs(reading.prose, same, groups).ends == []


def test_a_thing_and_its_end_are_two() -> None:
    """ "Closing universities" is not "defending universities", though nearly all words are one."""
    reading = read(
        "They reject closing universities, will not cut the universities and will defend public "
        "universities."
    )
    groups = [
        group(reading, "Goal", "closing universities"),
        group(reading, "Goal", "defend public universities"),
        group(reading, "Goal", "cut the universities"),
    ]
    assert pairs(reading.prose, states(reading), groups).ends == [(0, 2)]


def test_a_later_part_of_a_longer_wording_is_another_thing() -> None:
    reading = read(
        "We fund all fields and strengthen basic research. Temporary contracts for staff go."
    )
    groups = [
        group(reading, "Goal", "fund all fields and strengthen basic research"),
        group(reading, "Goal", "strengthen basic research"),
        group(reading, "Instrument", "Temporary contracts for staff"),
        group(reading, "Instrument", "Temporary contracts"),
    ]
    assert pairs(reading.prose, states(reading), groups).ends == [(2, 3)]


def test_what_is_worded_freely_keeps_its_usual_wording(reading: Reading) -> None:
    once = group(reading, "Goal", "reduce methane emissions")
    often = group(reading, "Goal", "cut methane", "cut")
    body = group(reading, "Organization", "NSB", "NSB")
    named = group(reading, "Organization", "National Science Board")
    ends = Pairs([(0, 1), (2, 3)], np.zeros((2, sameness.WIDTH), np.float32))
    sure = np.array([0.9, 0.9], np.float32)
    made = joined(reading.prose, [once, often, body, named], ends, sure)
    assert {g.draft.name for g in made} == {"cut methane", "National Science Board"}


def test_an_instrument_has_its_proper_name_however_rarely_it_stands() -> None:
    reading = read("The Polar Science Fund opens. Public money pays. Public money is spent well.")
    named = group(reading, "Instrument", "Polar Science Fund")
    often = group(reading, "Instrument", "Public money", "Public money")
    ends = Pairs([(0, 1)], np.zeros((1, sameness.WIDTH), np.float32))
    (made,) = joined(reading.prose, [named, often], ends, np.array([0.9], np.float32))
    assert made.draft.name == "Polar Science Fund"


def test_a_part_that_is_like_one_of_two_is_not_joined_to_both(reading: Reading) -> None:
    """One likely pair does not outweigh an unlikely one."""
    groups = [group(reading, "Goal", name) for name in ("cut", "reduce", "waits")]
    rows = np.zeros((3, sameness.WIDTH), np.float32)
    chain = Pairs([(0, 1), (0, 2), (1, 2)], rows)
    found = joined(reading.prose, groups, chain, np.array([0.9, 0.01, 0.5], np.float32))
    assert [len(g.mentions) for g in found] == [2, 1]
    found = joined(reading.prose, groups, chain, np.array([0.9, 0.4, 0.5], np.float32))
    assert [len(g.mentions) for g in found] == [3]


def test_what_the_rules_know_of_a_thing_is_kept(reading: Reading) -> None:
    plain = group(reading, "Organization", "NSB")
    known = group(reading, "Organization", "National Science Board", authority="nsb")
    known.draft.rule = "named"
    ends = Pairs([(0, 1)], np.zeros((1, sameness.WIDTH), np.float32))
    (made,) = joined(reading.prose, [plain, known], ends, np.array([0.8], np.float32))
    assert (made.draft.rule, made.draft.authority) == ("named", "nsb")
    assert [c.start for c in made.mentions] == sorted(c.start for c in made.mentions)


def test_every_mention_stays_and_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = read(
        "\n".join(f"- We will fund the new station {n} in the north." for n in range(90))
    )
    names = [f"station {n}" for n in range(90)]
    candidates = [c for name in names for c in group(reading, "Instrument", name).mentions]
    sure = np.ones(len(candidates), np.float32)
    groups = gather(reading, candidates, sure, sure)
    whole = pairs(reading.prose, states(reading), groups)
    monkeypatch.setattr(sameness, "_BLOCK", 7)
    parts = pairs(reading.prose, states(reading), groups)
    assert whole.ends == parts.ends
    assert np.allclose(whole.rows, parts.rows)
    likely = np.random.default_rng(2).random(len(whole.ends)).astype(np.float32)
    made = joined(reading.prose, groups, whole, likely)
    assert 1 < len(made) < len(groups)
    mentions = Counter((c.start, c.end) for g in made for c in g.mentions)
    assert mentions == Counter((c.start, c.end) for g in groups for c in g.mentions)


def test_of_a_long_list_each_thing_is_compared_with_a_few() -> None:
    reading = read("\n".join(f"- We will fund the new station {n} in the north." for n in range(9)))
    one = group(reading, "Instrument", "station 5")
    groups = [Group(Draft("Instrument", [], "learned"), one.mentions, one.likely)] * 2000
    assert len(pairs(reading.prose, states(reading), groups).ends) <= 8 * len(groups)


def test_a_goal_that_is_said_twice_is_found_once() -> None:
    content = (
        "Minister Ana Kovač said the National Ocean Agency will create well-paid jobs on the "
        "coast. The agency wants to create good coastal jobs. The Peat Fund pays for it."
    )
    found = LearnedExtractor().extract(Text(document=Document(name="a"), content=content))
    (goal,) = [e for e in found.entities if e.type == "Goal"]
    assert [content[m.start : m.end] for m in goal.mentions] == [
        "create well-paid jobs on the coast",
        "create good coastal jobs",
    ]


@pytest.mark.parametrize(
    ("one", "other", "may_be_one"),
    [
        ("Ocean Safety Act", "Ocean Safety Office", False),
        ("Ocean Safety Act", "ocean safety", False),
        ("Ocean Safety Act", "Act on Ocean Safety", True),
        ("Ocean Safety Act", "safety act", True),
        ("Ocean Safety Act", "Ocean", True),
    ],
)
def test_names_that_differ_in_what_they_name_are_of_two_things(
    one: str, other: str, may_be_one: bool
) -> None:
    reading = read(f"The {one} is law. It cites the {other} twice, and others wait.")
    groups = [group(reading, "Instrument", one), group(reading, "Instrument", one)]
    start = reading.prose.text.rindex(other)  # behind the first name, which may hold it
    groups[1].mentions = [candidate(reading, "Instrument", start, start + len(other))]
    ends = Pairs([(0, 1)], np.zeros((1, sameness.WIDTH), np.float32))
    made = joined(reading.prose, groups, ends, np.array([0.9], np.float32))
    assert (len(made) == 1) == may_be_one


def test_the_issuer_called_by_a_description_is_no_other_body(reading: Reading) -> None:
    known = group(reading, "Organization", "National Science Board")
    bare = group(reading, "Organization", "NSB")
    bare.draft.rule, bare.draft.name = DESCRIBED, "Natural Society of Botany"
    assert pairs(reading.prose, states(reading), [known, bare]).ends == []
    bare.draft.name = "National Science Board of the Coast"
    assert pairs(reading.prose, states(reading), [known, bare]).ends == [(0, 1)]
