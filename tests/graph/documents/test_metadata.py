from datetime import date
from pathlib import Path

import pytest

from graph.documents import Metadata, MetadataError, ReadOptions, from_mapping
from graph.documents.metadata import from_yaml, lenient
from tests.graph.documents.helpers import OTHER, PROSE, outcomes, the_reason, the_text, write


def test_a_side_car_describes_a_document_and_is_none(tmp_path: Path) -> None:
    yaml = "title: Grants\nissuer: Academy of Lowland\ndate: 2023-01-02\nsource: Yearbook 2023\n"
    write(tmp_path, {"a.txt": PROSE, "a.meta.yaml": yaml, "b.txt": OTHER})
    texts, refusals = outcomes(tmp_path)
    assert refusals == []
    first, second = (text.document for text in texts)
    assert (first.title, first.issuer, first.issued) == (
        "Grants",
        "Academy of Lowland",
        date(2023, 1, 2),
    )
    assert first.source == "Yearbook 2023"
    assert second.title is None


def test_a_side_car_may_bear_the_whole_name_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": PROSE, "a.txt.meta.yaml": "title: Grants\n"})
    assert the_text(tmp_path / "a.txt").document.title == "Grants"


def test_options_count_more_than_the_side_car_and_this_more_than_front_matter(
    tmp_path: Path,
) -> None:
    front = "---\ntitle: of front\nissuer: of front\ngenre: of front\n---\n"
    write(tmp_path, {"a.md": front + PROSE, "a.meta.yaml": "title: of side\nissuer: of side\n"})
    options = ReadOptions(metadata=Metadata(title="of options"))
    document = the_text(tmp_path / "a.md", options).document
    assert (document.title, document.issuer, document.genre) == (
        "of options",
        "of side",
        "of front",
    )


@pytest.mark.parametrize(
    ("yaml", "reason"),
    [
        ("date: 31.5.2024", "date: '31.5.2024' is not a date like 2024-05-31"),
        ("title: 'open", "is not valid YAML"),
        ("- a\n- b", "is not a list of `key: value` lines"),
        (b"title: \0", "is not text but binary data"),
    ],
)
def test_a_wrong_side_car_refuses_its_document_once(
    tmp_path: Path, yaml: str | bytes, reason: str
) -> None:
    write(tmp_path, {"a.txt": PROSE, "a.meta.yaml": yaml})
    texts, (refusal,) = outcomes(tmp_path)
    assert texts == []
    assert refusal.where == str(tmp_path / "a.meta.yaml")
    assert reason in refusal.reason


def test_a_side_car_is_refused_as_a_document(tmp_path: Path) -> None:
    write(tmp_path, {"a.meta.yaml": "title: alone\n"})
    assert "side-car" in the_reason(tmp_path / "a.meta.yaml")
    assert the_reason(tmp_path) == "there are no documents in this folder"


@pytest.mark.parametrize(
    ("given", "issued"),
    [("2024-05-31", date(2024, 5, 31)), ("2024-05-31T23:59:00+02:00", date(2024, 5, 31))],
)
def test_dates_are_days(given: str, issued: date) -> None:
    assert from_mapping({"date": given}).issued == issued
    assert from_mapping({"issued": given}).issued == issued


@pytest.mark.parametrize(
    ("given", "tag"),
    [("EN", "en"), ("zh-hans", "zh-Hans"), ("pt_br", "pt-BR"), ("sr-latn-rs", "sr-Latn-RS")],
)
def test_language_tags_are_written_one_way(given: str, tag: str) -> None:
    assert from_mapping({"language": given}).language == tag


def test_values_that_look_like_other_types_stay_as_written() -> None:
    known = from_yaml("country: NO\ntitle: 2030\ngenre: on\nissuer: ~\n")
    assert (known.country, known.title, known.genre, known.issuer) == ("NOR", "2030", "on", None)


def test_several_sources_become_one_citation() -> None:
    known = from_yaml("source:\n- Yearbook\n- {issuer: Academy, title: Letter}\n")
    assert known.source == "Yearbook; Academy, Letter"


def test_a_value_that_is_null_says_nothing() -> None:
    assert from_mapping({"title": None, "source": [None, {"title": "Letter", "url": None}]}) == (
        Metadata(source="Letter")
    )


@pytest.mark.parametrize("yaml", ["source: &a [*a]", "source: &a {title: *a}", "source: [[a]]"])
def test_sources_do_not_nest(yaml: str) -> None:
    with pytest.raises(MetadataError, match=r"one value is expected|recursive"):
        from_yaml(yaml)


def test_an_address_alone_is_the_source() -> None:
    assert from_yaml("source: {url: 'https://example.org/a'}").source == "https://example.org/a"
    assert from_yaml("url: https://example.org/a").source == "https://example.org/a"


def test_nested_aliases_do_not_grow() -> None:
    lines = ["a: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"k{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    for key in ("title", "source"):
        with pytest.raises(MetadataError, match=f"{key}: one value is expected"):
            from_yaml("\n".join([*lines, f"{key}: *a29"]))


def test_properties_that_make_no_sense_are_dropped_alone() -> None:
    known = lenient(title="Plan", date="yesterday", language="??")
    assert known == Metadata(title="Plan")


@pytest.mark.parametrize(
    ("country", "known"),
    [
        ("Canada", "CAN"),
        ("CAN", "CAN"),
        ("NO", "NOR"),
        ("South Korea", "KOR"),
        ("Velmora", "Velmora"),
        ("European Union", "European Union"),
    ],
)
def test_a_country_is_known_by_its_code_however_it_is_given(country: str, known: str) -> None:
    assert from_mapping({"country": country}).country == known
