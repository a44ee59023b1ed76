import pytest

from graph.authority import Authority, AuthorityRecord, load_authority
from graph.entity_graph import Describer, name_of, names_in
from graph.identifiers import entity_iri
from tests.graph.sample import extraction_of, iris_of, text_of


def iri_of(record: AuthorityRecord) -> str:
    return entity_iri(record.type, record.label, record.key)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return load_authority()


@pytest.fixture(scope="module")
def describer(authority: Authority) -> Describer:
    return Describer(authority, iri_of)


def said(lines: set[str], property_: str) -> list[str]:
    """What lines say with a property, by its short name."""
    found = (line.split(" ", 2) for line in lines)
    return sorted(o for _, p, o in found if p.rstrip(">").rpartition("#")[2] == property_)


def test_a_name_is_on_one_line_and_under_its_primary_language() -> None:
    assert name_of("National\n  Science\tFoundation", "en-GB") == (
        "en",
        "National Science Foundation",
    )
    assert name_of("科学", "zh-Hans") == ("zh", "科学")
    assert name_of("x", None) == ("und", "x")


def test_all_mentions_of_a_text_are_names_but_figures_and_fields_have_none() -> None:
    text = text_of()
    extraction = extraction_of(text)
    names = names_in(text, extraction, iris_of(extraction))
    network = names["https://w3id.org/scipol/id/instrument/network"]
    assert network == {("en", "national laboratory network"), ("en", "network")}
    assert not [node for node in names if "/quantity/" in node or "/voc/" in node]


def test_each_language_has_one_preferred_label(describer: Describer) -> None:
    names = {("en", "open science"), ("en", "opening science"), ("de", "offene Wissenschaft")}
    lines = describer.describe("https://example.org/goal", names)
    assert len(said(lines, "prefLabel")) == 2
    assert len(said(lines, "altLabel")) == 1
    assert '"offene Wissenschaft"@de' in said(lines, "prefLabel")


def test_a_goal_is_labelled_by_the_wording_that_made_its_iri(describer: Describer) -> None:
    node = entity_iri("Goal", "strengthen basic research", "goal|strengthen basic research")
    names = {
        ("en", "put basic research first"),
        ("en", "strengthen basic research"),
        ("en", "strengthen basic research in universities and colleges"),
    }
    lines = describer.describe(node, names)
    assert said(lines, "prefLabel") == ['"strengthen basic research"@en']
    assert len(said(lines, "altLabel")) == 2
    lines = describer.describe(node, {("en", "back basic research"), ("en", "do more")})
    assert said(lines, "prefLabel") == ['"back basic research"@en']


def test_a_thing_without_names_and_record_has_no_description(describer: Describer) -> None:
    assert describer.describe("https://example.org/goal", set()) == set()


def test_the_record_of_a_known_thing_comes_before_what_texts_say(
    describer: Describer, authority: Authority
) -> None:
    record = authority.records["country/CHN"]
    lines = describer.describe(iri_of(record), {("en", "Beijing"), ("en", "PRC")})
    assert f'"{record.label}"@en' in said(lines, "prefLabel")
    assert '"Beijing"@en' in said(lines, "altLabel")
    assert said(lines, "isoCode") == ['"CHN"']
    languages = [label.rpartition("@")[2] for label in said(lines, "prefLabel")]
    assert len(languages) == len(set(languages))


def test_all_records_can_be_described_and_lead_only_to_others(
    describer: Describer, authority: Authority
) -> None:
    for record in authority.records.values():
        if record.type == "Field":
            continue
        node = iri_of(record)
        lines = describer.describe(node, set())
        assert f'"{record.label}"@en' in said(lines, "prefLabel")
        targets = {
            o.strip("<>")
            for property_ in ("partOf", "postIn", "jurisdiction")
            for o in said(lines, property_)
        }
        assert targets <= describer.wholes(node)
        assert node not in describer.wholes(node)
        assert all(node in describer.parts(whole) for whole in describer.wholes(node))
