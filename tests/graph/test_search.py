import os
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from graph.build import build
from graph.errors import NotFound
from graph.layout import DataDirectory
from graph.search import SearchIndex, open_index
from graph.store import open_reader
from tests.graph.small_world import BASIC, FUND, MINISTRY, SPEAKER


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("jose nunez", SPEAKER),
        ("JOSÉ NÚÑEZ", SPEAKER),
        ("ada moller", "Ada Möller"),
        ("the Aurora Research Fund", FUND),
        ("Strengthen basic research.", BASIC),
        ("王小明", "王小明"),
    ],
)
def test_names_are_found_as_people_type_them(
    world_index: SearchIndex, typed: str, label: str
) -> None:
    assert world_index.named(typed).label == label


def test_an_iri_is_a_name_too(world_index: SearchIndex) -> None:
    fund = world_index.named(FUND)
    assert world_index.named(fund.iri) == fund


def test_a_near_miss_is_offered(world_index: SearchIndex) -> None:
    with pytest.raises(NotFound) as raised:
        world_index.named("Aurora Reserch Fnd")
    assert raised.value.near[0] == FUND


def test_a_part_of_one_name_will_do_and_says_so(world_index: SearchIndex) -> None:
    found = world_index.meant("aurora")
    assert (found.thing.label, found.exact) == (FUND, False)


def test_a_type_narrows_the_search(world_index: SearchIndex) -> None:
    assert world_index.named("basic research", ("Goal",)).label == BASIC
    assert world_index.named("basic research").type == "Concept"
    with pytest.raises(NotFound, match="of type Event"):
        world_index.named(FUND, ("Event",))


def test_of_equal_names_the_one_named_more_often_is_meant() -> None:
    index = _index_of(
        [("urn:a", "Organization", "Beta", 1), ("urn:b", "Goal", "Beta", 5)],
    )
    found = index.meant("beta")
    assert found.thing.iri == "urn:b"
    assert [t.iri for t in found.others] == ["urn:a"]


def test_exact_names_come_before_beginnings_before_the_rest(world_index: SearchIndex) -> None:
    hits = world_index.names("basic research")
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert (hits[0].thing.label, hits[0].score) == ("basic research", 1.0)
    assert BASIC in {h.thing.label for h in hits}


def test_of_names_alike_in_manner_the_one_that_texts_use_more_comes_first() -> None:
    index = _index_of(
        [
            ("urn:a", "Instrument", "research bus", 1),
            ("urn:b", "Organization", "Research Council of the Republic", 9),
            ("urn:c", "Goal", "strengthen research", 40),
            ("urn:d", "Goal", "research", 1),
        ],
    )
    assert [hit.thing.iri[-1] for hit in index.names("research")] == ["d", "b", "a", "c"]
    assert index.count("research") == 4


def test_other_words_for_a_goal_are_no_name_of_it() -> None:
    index = _index_of(
        [
            ("urn:a", "Goal", "lead research", 1),
            ("urn:b", "Organization", "Research Council", 9),
            ("urn:c", "Organization", "European Union", 2),
            ("urn:d", "Instrument", "EU Chips Act", 9),
        ],
        aliases=[("urn:a", "Research"), ("urn:c", "EU")],
    )
    assert [hit.thing.iri for hit in index.names("research")] == ["urn:b", "urn:a"]
    assert [hit.thing.iri for hit in index.names("EU")] == ["urn:c", "urn:d"]


def test_a_capital_makes_no_other_name() -> None:
    index = _index_of(
        [
            ("urn:a", "ActorGroup", "researchers", 9),
            ("urn:b", "ActorGroup", "researchers from other countries", 2),
        ],
        aliases=[("urn:a", "Researchers")],
    )
    assert [hit.name for hit in index.names("research")] == [
        "researchers",
        "researchers from other countries",
    ]


def test_what_holds_all_words_is_offered_and_what_is_like_them_only_where_nothing_does() -> None:
    index = _index_of(
        [
            ("urn:a", "Concept", "open science", 1),
            ("urn:b", "Concept", "data science", 30),
            ("urn:c", "Goal", "make science more open", 3),
        ],
    )
    for typed in ("open science", "science open", "open sci"):
        assert {hit.thing.iri for hit in index.names(typed)} == {"urn:a", "urn:c"}
    assert index.names("opem science")[0].thing.iri == "urn:a"
    assert index.count("opem science") == 0
    # A type that none of them has is looked for among what is like them.
    assert index.names("opens science", ("Concept",))[0].thing.iri == "urn:a"


@pytest.mark.parametrize("typed", ["王小", "小明", "基础", "加强基础研究"])
def test_chinese_names_are_found_by_two_characters_anywhere(
    world_index: SearchIndex, typed: str
) -> None:
    assert {"王小明", "加强基础研究"} & {h.thing.label for h in world_index.names(typed)}


def test_sentences_are_found_by_all_their_words(world_index: SearchIndex) -> None:
    found = world_index.sentences("LABORATORIES drains")
    assert [h.evidence.title for h in found] == ["A speech in Sudland"]
    assert "«drains» the «laboratories»" in found[0].marked
    assert world_index.sentences("laboratories unicorns") == []


@pytest.mark.parametrize("typed", ["基础", "基础研究", "研究 王小明", "究"])
def test_chinese_sentences_are_found_by_words_of_any_length(
    world_index: SearchIndex, typed: str
) -> None:
    assert [h.evidence.title for h in world_index.sentences(typed)] == ["一条消息"]


@pytest.mark.parametrize("typed", ["", "   ", '"', "AND", "a OR (b", "'; DROP TABLE", "%"])
def test_signs_of_the_index_are_only_text(world_index: SearchIndex, typed: str) -> None:
    world_index.sentences(typed)
    world_index.names(typed)
    with pytest.raises(NotFound):
        world_index.named(typed or "nothing of the kind at all")


def test_a_damaged_or_old_index_is_made_again(world: Path, tmp_path: Path) -> None:
    data = shutil.copytree(world, tmp_path / "data")
    path = DataDirectory(data).search
    for damage in (b"no database", b""):
        path.write_bytes(damage)
        with open_reader(data) as store, open_index(data, store) as index:
            assert index.named(MINISTRY).label == MINISTRY


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_data_of_somebody_else_can_be_searched(world: Path, tmp_path: Path) -> None:
    data = shutil.copytree(world, tmp_path / "data", ignore=shutil.ignore_patterns("search.db*"))
    with open_reader(data) as store:
        data.chmod(0o555)
        try:
            with open_index(data, store) as index:
                assert index.named(MINISTRY).label == MINISTRY
        finally:
            data.chmod(0o755)


def _index_of(
    names: list[tuple[str, str, str, int]], aliases: Sequence[tuple[str, str]] = ()
) -> SearchIndex:
    from graph.identifiers import normalise
    from graph.search import _SCHEMA

    connection = sqlite3.connect(":memory:")
    connection.executescript(_SCHEMA)
    known = {iri: (type_, name, mentions) for iri, type_, name, mentions in names}
    for iri, alias in aliases:
        type_, name, mentions = known[iri]
        row = (iri, type_, name, alias, normalise(alias), 0, mentions)
        connection.execute("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    for iri, type_, name, mentions in names:
        row = (iri, type_, name, name, normalise(name), 1, mentions)
        connection.execute("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    connection.execute("INSERT INTO fragments SELECT normal, rowid FROM names")
    return SearchIndex(connection)


def test_sentences_in_which_nothing_was_found_are_searched_too(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.txt").write_text("The trout swim upstream. The ministry will fund a hatchery.\n")
    build([folder], tmp_path / "data")
    with open_reader(tmp_path / "data") as store, open_index(tmp_path / "data", store) as index:
        (hit,) = index.sentences("trout")
    assert hit.evidence.quote == "The trout swim upstream."
    assert hit.evidence.span.endswith("#char=0,24")
