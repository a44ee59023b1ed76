"""Judgements on names."""

from __future__ import annotations

import pytest

from graph.authority import load_authority
from graph.link.naming import (
    Naming,
    is_acronym,
    is_deictic,
    is_proper,
    load_naming,
    strip_titles,
    strip_year,
)


@pytest.fixture(scope="module")
def naming() -> Naming:
    return load_naming(load_authority())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CHN", "CHN"),
        ("China", "CHN"),
        ("Chinese", "CHN"),
        ("UK", "GBR"),
        ("Georgia", "GEO"),
        ("AND", "AND"),
        ("and", None),
        ("European Union", None),
        ("Atlantis", None),
    ],
)
def test_a_country_is_known_by_code_name_and_demonym(
    naming: Naming, name: str, expected: str | None
) -> None:
    assert naming.country(name) == expected


@pytest.mark.parametrize(
    ("name", "rest", "country"),
    [
        ("Chinese Ministry of Education", "ministry of education", "CHN"),
        ("China's Ministry of Education", "ministry of education", "CHN"),
        ("Ministry of Education of the People's Republic of China", "ministry of education", "CHN"),
        ("National Assembly of the Republic of Korea", "national assembly", "KOR"),
        ("U.S. Department of Energy", "department of energy", "USA"),
        ("Government of India", "government", "IND"),
        ("National Research Council Canada", "national research council", "CAN"),
        ("South African Weather Service", "weather service", "ZAF"),
        ("University of New Mexico", "university of new mexico", None),
        ("Georgia Institute of Technology", "georgia institute of technology", None),
        ("National Museum of the American Indian", "national museum of the american indian", None),
        ("Genome Canada", "genome canada", None),
        ("Digital India", "digital india", None),
        ("China", "china", None),
    ],
)
def test_the_country_is_taken_off_a_name_that_can_stand_alone(
    naming: Naming, name: str, rest: str, country: str | None
) -> None:
    assert naming.split_country(name) == (rest, country)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ministry of science and technology", False),
        ("14th five year plan", False),
        ("national quantum strategy", False),
        ("budget 2016", False),
        ("horizon europe", True),
        ("wellcome trust", True),
        ("department for culture of ruritania", True),
    ],
)
def test_a_name_is_distinctive_by_one_word_of_its_own(
    naming: Naming, name: str, expected: bool
) -> None:
    assert naming.is_distinctive(name, name) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ministry of health", True),
        ("national research council", True),
        ("department of health", True),
        ("department of physics", False),
        ("government", True),
        ("house of representatives", True),
        ("council", False),
        ("board of directors", False),
        ("working group", False),
    ],
)
def test_a_country_has_one_of_some_generic_bodies(
    naming: Naming, name: str, expected: bool
) -> None:
    assert naming.is_one_in_a_country(name) is expected


def test_capitals_make_a_common_word_distinctive(naming: Naming) -> None:
    assert naming.is_distinctive("chips and science act", "CHIPS and Science Act")
    assert not naming.is_distinctive("chips and science act", "Chips and Science Act")
    assert not naming.is_distinctive("chips and science act", "CHIPS AND SCIENCE ACT")


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        (["National Quantum Mission"], True),
        (["CHIPS and Science Act", "CHIPS Act"], True),
        (["14th Five-Year Plan"], True),
        (["NQM"], True),
        (["national laboratory system"], False),
        (["Basic Research Fund", "basic research fund"], False),
        (["Homecoming Fellowships", "fellowships"], True),
        (["Centre for Ice", "the centre"], True),
        (["BASIC RESEARCH FUND"], False),
        (["Funding for new laboratories"], False),
        (["Laboratories"], False),
        (["US research strategy"], False),
    ],
)
def test_a_proper_name_is_written_as_one_wherever_it_stands(
    mentions: list[str], expected: bool
) -> None:
    assert is_proper(mentions[0], mentions) is expected


@pytest.mark.parametrize("name", ["NSF", "A*STAR", "DoD", "ARPA-E", "G20", "R&D", "NGEU"])
def test_short_capital_tokens_are_acronyms(name: str) -> None:
    assert is_acronym(name)


@pytest.mark.parametrize(
    "name", ["Nature", "science", "Royal Society", "I", "Horizon2020Programme"]
)
def test_words_are_no_acronyms(name: str) -> None:
    assert not is_acronym(name)


@pytest.mark.parametrize(
    "phrase", ["both sides", "our partners", "We", "the Parties", "members", "the government"]
)
def test_pointing_phrases_are_deictic(phrase: str) -> None:
    assert is_deictic(phrase)


@pytest.mark.parametrize(
    "phrase",
    ["researchers", "the small firms", "Member States of the EU", "US firms", "governments"],
)
def test_telling_phrases_are_not_deictic(phrase: str) -> None:
    assert not is_deictic(phrase)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Prime Minister Narendra Modi", "narendra modi"),
        ("Dr Jane Q. Public, PhD", "jane public"),
        ("Sir Keir Starmer", "keir starmer"),
        ("President", "president"),
        ("Xi Jinping", "xi jinping"),
    ],
)
def test_titles_and_middle_initials_are_no_part_of_a_name(name: str, expected: str) -> None:
    assert strip_titles(name) == expected


def test_the_year_is_no_part_of_the_title_of_an_act_but_of_others() -> None:
    assert strip_year("widget act of 2022") == "widget act"
    assert strip_year("horizon 2020") == "horizon 2020"
    assert strip_year("meeting of 2023") == "meeting of 2023"
