"""Names near a name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph.authority import load_authority
from graph.link.candidates import NameIndex


def authority_index() -> NameIndex:
    records = load_authority().records.values()
    return NameIndex((record.key, name) for record in records for name in record.names)


def test_a_misspelt_name_finds_what_was_meant() -> None:
    index = authority_index()
    for typed, key in (
        ("Natinal Science Fundation", "organization/nsf-us"),
        ("max plank society", "organization/max-planck-de"),
        ("Fraunhoffer", "organization/fraunhofer-de"),
        ("Xi Jingping", "person/xi-jinping"),
        ("Untied States", "country/USA"),
        ("semiconducters", "field/semiconductors"),
    ):
        assert index.near(typed)[0].id == key


def test_each_thing_is_offered_once_best_first() -> None:
    found = authority_index().near("National Research Council", limit=8)
    assert len({candidate.id for candidate in found}) == len(found) == 8
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_nothing_is_offered_for_nonsense() -> None:
    assert authority_index().near("xqzjwv kkk") == ()
    assert NameIndex([]).near("anything") == ()


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=12)), max_size=12), st.text())
def test_the_order_of_names_does_not_matter(names: list[tuple[str, str]], typed: str) -> None:
    assert NameIndex(names).near(typed) == NameIndex(reversed(names)).near(typed)
