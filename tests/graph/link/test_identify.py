"""What names of each type are, alone and in their texts."""

from __future__ import annotations

import pytest

from graph import assemble
from graph.link.identify import COUNTRY, ISSUER
from tests.graph.link.builders import identities, key

# Organisations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{O:National Science Foundation} said", "organization/nsf-us"),
        ("the {O:U.S. National Science Foundation} said", "organization/nsf-us"),
        ("{O:Deutsche Forschungsgemeinschaft} said", "organization/dfg-de"),
        ("{O:Indian Ministry of Science and Technology} said", "organization/mst-in"),
        ("India's {O:Ministry of Science and Technology} said", "organization/mst-in"),
        ("the {O:Ministry of Science and Technology} of Vietnam", "organization/most-vn"),
        ("the {O:Ministry of Science and Technology of China}", "organization/most-cn"),
        ("the {O:Bretton Widget Society} said", "organization|bretton widget society"),
    ],
)
def test_a_body_is_known_by_its_names(text: str, expected: str) -> None:
    assert key(text) == expected


def test_what_the_extractor_recognised_comes_first() -> None:
    found = identities("the {O1:Foundation} said", authority={"O1": "organization/nsf-us"})
    assert found["O1"].record is not None
    assert found["O1"].key == "organization/nsf-us"


def test_an_ambiguous_name_is_judged_by_the_text_even_if_the_extractor_knew_one() -> None:
    authority = {"O1": "organization/mof-cn", "O2": "organization/arc-au"}
    text = "the {O1:Ministry of Finance} and the {O2:ARC}"
    found = identities(text, authority=authority, country="BRA")
    assert found["O1"].key == "organization|ministry of finance|BRA"
    assert found["O2"].key == "organization|arc|BRA"
    assert identities(text, authority=authority, country="CHN")["O1"].key == "organization/mof-cn"


def test_a_ministry_the_extractor_knew_is_still_of_its_country() -> None:
    text = "the {O1:Department of Energy} said"
    found = identities(text, authority={"O1": "organization/doe-us"}, country="ZAF")
    assert found["O1"].key == "organization|department of energy|ZAF"


def test_a_record_of_another_type_is_not_believed() -> None:
    found = identities("the {I1:Foundation plan}", authority={"I1": "organization/nsf-us"})
    assert found["I1"].record is None


@pytest.mark.parametrize(
    "name",
    ["Ministry of Health", "National Research Council", "Department of Education", "Treasury"],
)
def test_a_generic_name_is_another_body_in_another_country(name: str) -> None:
    text = f"the {{O:{name}}} said"
    keys = {key(text, country=country) for country in ("FIN", "PER", "Japan", "SVN")}
    assert len(keys) == 4
    assert key(text, country="Finland", name="a") == key(text, country="FIN", name="b")


@pytest.mark.parametrize(
    "name",
    ["Council", "Board of Directors", "Department of Physics", "Working Group", "our Council"],
)
def test_a_part_of_a_body_stays_in_its_document(name: str) -> None:
    text = f"the {{O:{name}}} said"
    assert key(text, country="FIN", name="a") != key(text, country="FIN", name="b")


def test_a_text_about_one_country_is_at_home_there() -> None:
    text = "{C1:Peru}, {C1:Peru} and {C1:Peru} again, not {C2:Chile}: the {O1:Ministry of Health}"
    assert identities(text)["O1"].key == "organization|ministry of health|PER"
    assert identities(text, country="FIN")["O1"].key == "organization|ministry of health|FIN"
    undecided = text.replace("Chile", "Chile} and {C2:Chile")
    assert identities(undecided)["O1"].key == "organization|ministry of health|document:doc"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Intel", "organization/intel-us"),
        ("Congress", "organization|congress|document:doc"),
        ("US Congress", "organization/congress-us"),
    ],
)
def test_a_known_name_that_is_also_a_word_needs_a_cue_only_if_it_is_generic(
    name: str, expected: str
) -> None:
    assert key(f"{{O:{name}}} said") == expected


def test_a_part_of_a_known_body_is_known() -> None:
    found = identities(
        "the {O1:Department of Energy} and its {O2:Office of Science}",
        authority={"O1": "organization/doe-us"},
    )
    assert found["O2"].key == "organization/doe-office-of-science-us"


def test_an_acronym_within_a_name_is_no_part_of_it() -> None:
    one = key("the {O:Bretton Widget (BW) Centre}", name="a")
    assert one == key("the {O:Bretton Widget Centre}", name="b")


def test_a_generic_name_without_country_stays_in_its_document() -> None:
    text = "the {O:Ministry of Health} said"
    assert key(text, name="a") != key(text, name="b")


@pytest.mark.parametrize(
    "text",
    [
        "the {O:Peruvian Ministry of Health}",
        "the {O:Ministry of Health of Peru}",
        "Peru's {O:Ministry of Health}",
        "the Peruvian {O:Ministry of Health}",
        "the {O:Ministry of Health} of Peru",
        "the {O:Ministry of Health} (Peru)",
    ],
)
def test_the_country_may_stand_in_or_beside_the_name(text: str) -> None:
    assert key(text, country="USA") == "organization|ministry of health|PER"


def test_the_country_of_the_issuer_counts_where_none_is_given() -> None:
    text = "the {O:Ministry of Health} said"
    assert key(text, issuer="Government of Canada") == "organization|ministry of health|CAN"


def test_a_ministry_is_not_the_namesake_of_another_country() -> None:
    text = "the {O:Department of Energy} said"
    assert key(text) == "organization/doe-us"
    assert key(text, country="ZAF") == "organization|department of energy|ZAF"


def test_a_foreign_agency_keeps_its_identity() -> None:
    assert key("the {O:National Science Foundation}", country="IND") == "organization/nsf-us"


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"country": "AUS"}, "organization/arc-au"),
        ({}, "organization|arc|document:doc"),
        ({"country": "JPN"}, "organization|arc|JPN"),
    ],
)
def test_an_ambiguous_acronym_needs_its_country(metadata: dict[str, str], expected: str) -> None:
    assert key("the {O:ARC} said", **metadata) == expected


def test_an_ambiguous_acronym_is_known_where_the_body_is_known() -> None:
    found = identities(
        "the {O1:Australian Research Council}. The {O2:ARC} said",
        authority={"O1": "organization/arc-au"},
    )
    assert found["O2"].key == "organization/arc-au"


def test_an_acronym_is_what_the_text_defines_it_to_be() -> None:
    found = identities("the {O1:Bretton Agency for Tools} (BAT) met. {O2:BAT} said", country="AUS")
    assert found["O1"] == found["O2"]


def test_brackets_that_are_no_acronym_define_nothing() -> None:
    found = identities("the {O1:Bretton Agency for Tools} (XYZ) met. {O2:XYZ} said")
    assert found["O1"] != found["O2"]


# Countries


@pytest.mark.parametrize(
    "name",
    [
        "China",
        "Beijing",
        "Chinese government",
        "Government of China",
        "People's Republic of China",
        "PRC",
        "the PRC",
        "CHINA",
        "Chinese",
    ],
)
def test_names_of_a_country_and_its_capital_are_the_country(name: str) -> None:
    assert key(f"{{C:{name}}} will") == "country/CHN"


def test_an_unknown_country_is_one_everywhere() -> None:
    assert key("{C:Ruritania}", name="a") == key("{C:Ruritania}", name="b")


# Persons and posts


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Xi Jinping", "person/xi-jinping"),
        ("President Xi Jinping", "person/xi-jinping"),
        ("President Biden", "person/joe-biden"),
        ("Dr. Ada B. Quill", "person|ada quill"),
        ("Professor Ada Quill", "person|ada quill"),
        ("Ada Quill Jr.", "person|ada quill"),
        ("Quill", "person|quill|document:doc"),
        ("Harris", "person|harris|document:doc"),
    ],
)
def test_persons_are_known_by_full_name(name: str, expected: str) -> None:
    assert key(f"{{P:{name}}} said") == expected


def test_another_person_of_that_surname_is_not_believed_to_be_the_known_one() -> None:
    found = identities("{P1:Ada Trump} said", authority={"P1": "person/donald-trump"})
    assert found["P1"].key == "person|ada trump"
    found = identities("{P1:Mr Trump} said", authority={"P1": "person/donald-trump"})
    assert found["P1"].key == "person/donald-trump"


def test_a_surname_is_the_only_person_of_that_name_in_the_text() -> None:
    found = identities("{P1:Ada Quill} came. {P2:Dr Quill} said")
    assert found["P1"] == found["P2"]
    found = identities("{P1:Ada Quill} and {P2:Bob Quill} came. {P3:Quill} said")
    assert found["P3"] not in (found["P1"], found["P2"])


@pytest.mark.parametrize(
    ("text", "metadata", "expected"),
    [
        ("the {R:President} said", {"country": "USA"}, "post/president-us"),
        ("the {R:President} said", {"country": "FIN"}, "post|president|country/FIN"),
        ("Finland's {R:President} said", {"country": "USA"}, "post|president|country/FIN"),
        ("the {R:Finnish President} said", {}, "post|president|country/FIN"),
        ("the {R:President of Finland} said", {}, "post|president|country/FIN"),
        ("the {R:Chinese President} said", {}, "post/president-cn"),
        ("the {R:President} said", {}, "post|president|document:doc"),
        ("the {R:Director} said", {"country": "USA"}, "post|director|document:doc"),
        ("the {R:Minister} said", {"country": "FIN"}, "post|minister|document:doc"),
        ("the {R:Director of OSTP} said", {}, "post/director-ostp-us"),
        (
            "the {R:Minister of Education} said",
            {"country": "FIN"},
            "post|minister of education|country/FIN",
        ),
    ],
)
def test_a_post_is_one_of_its_country(text: str, metadata: dict[str, str], expected: str) -> None:
    assert key(text, **metadata) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the {R1:Director} of the {O1:Bretton Widget Society}",
        "the {O1:Bretton Widget Society} {R1:Director}",
        "the {R1:Director of the Bretton Widget Society}, of the {O1:Bretton Widget Society}",
    ],
)
def test_a_post_is_one_of_its_body(text: str) -> None:
    found = identities(text, [("R1", "postIn", "O1")])
    assert found["R1"].key == "post|director|organization|bretton widget society"


def test_a_post_in_a_known_body_is_the_known_post() -> None:
    text = "the {R1:Director} of the {O1:Office of Science and Technology Policy}"
    found = identities(text, [("R1", "postIn", "O1")])
    assert found["R1"].key == "post/director-ostp-us"


@pytest.mark.parametrize("name", ["Ambassador", "Finnish Ambassador", "Ambassador of Finland"])
def test_a_post_in_a_country_drops_its_name(name: str) -> None:
    found = identities(f"{{R1:{name}}} of {{C1:Finland}}", [("R1", "postIn", "C1")])
    assert found["R1"].key == "post|ambassador|country/FIN"


def test_posts_in_each_other_do_not_hang() -> None:
    relations = [("R1", "postIn", "R2"), ("R2", "postIn", "R1")]
    assert len(identities("{R1:Director} {R2:Chair}", relations)) == 2  # type: ignore[arg-type]


# Groups, goals, measures, events, documents, fields


def test_a_group_is_one_by_its_wording() -> None:
    one = key("{A:small businesses} need", name="a")
    assert one == key("the {A:small business}", name="b") == "actorgroup|small business"


@pytest.mark.parametrize(
    "phrase", ["both countries", "we", "our partners", "Participants", "the two sides", "Parties"]
)
def test_a_pointing_phrase_is_of_its_document(phrase: str) -> None:
    assert key(f"{{A:{phrase}}} will", name="a") != key(f"{{A:{phrase}}} will", name="b")


def test_a_goal_is_one_however_it_is_inflected_and_whoever_wants_it() -> None:
    one = key("{G:Strengthening basic research}", name="a", country="CHN")
    assert one == key("to {G:strengthen its basic research}", name="b", country="DEU")


def test_a_bare_aim_is_of_its_document() -> None:
    assert key("this {G:goal}", name="a") != key("this {G:goal}", name="b")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the {I:CHIPS and Science Act}", "the {I:CHIPS and Science Act of 2022}"),
        ("{I:Horizon Europe} funds", "under {I:Horizon Europe}"),
    ],
)
def test_a_named_measure_is_one_in_all_documents(one: str, other: str) -> None:
    assert key(one, name="a", country="USA") == key(other, name="b", country="JPN")


@pytest.mark.parametrize("phrase", ["policy support", "national laboratory system", "a fund"])
def test_a_described_measure_is_of_its_document(phrase: str) -> None:
    text = f"to give {{I:{phrase}}} now"
    assert key(text, name="a") != key(text, name="b")
    assert key(text, name="a") == key(text, name="a")


@pytest.mark.parametrize(
    "name",
    ["14th Five-Year Plan", "National Quantum Strategy", "Science and Technology Act", "NQM"],
)
def test_a_generic_title_is_of_its_country(name: str) -> None:
    text = f"the {{I:{name}}} says"
    assert key(text, name="a", country="CHN") == key(text, name="b", country="CHN")
    assert key(text, country="CHN") != key(text, country="IND")
    assert key(text, name="a") != key(text, name="b")


@pytest.mark.parametrize("name", ["Action Plan", "Annual Report"])
def test_a_short_generic_title_is_of_its_document(name: str) -> None:
    text = f"the {{I:{name}}} says"
    assert key(text, name="a", country="CHN") != key(text, name="b", country="CHN")


def test_a_named_measure_is_one_though_a_text_also_calls_it_by_less() -> None:
    text = "the {I1:Homecoming Fellowships} offers 120 {I1:fellowships}"
    alone = "the {I1:Homecoming Fellowships} are extended"
    assert identities(text, name="a")["I1"] == identities(alone, name="b")["I1"]


def test_a_title_that_also_stands_in_lower_case_is_no_name() -> None:
    found = identities("{I1:Basic Research Fund}. the {I1:basic research fund}", country="CHN")
    assert found["I1"].key == "instrument|basic research fund|document:doc"


def test_events_follow_the_rules_of_measures() -> None:
    assert key("at {E:Gastein Forum 2023}", name="a") == key("{E:Gastein Forum 2023}", name="b")
    assert key("at {E:Gastein Forum 2023}") != key("at {E:Gastein Forum 2024}")
    assert key("the {E:study session}", name="a") != key("the {E:study session}", name="b")


def test_the_title_of_the_text_is_the_text_itself() -> None:
    assert key("this {D:Gago Review}", title="The Gago Review") == "document|doc"


def test_a_distinctive_title_is_one_document_and_a_common_one_is_not() -> None:
    assert key("the {D:Gago Review}", name="a") == key("{D:Gago Review}", name="b")
    assert key("the {D:Annual Report}", name="a") != key("the {D:Annual Report}", name="b")
    assert key("the {D:report}", name="a") != key("the {D:report}", name="b")


def test_a_field_is_the_concept_of_the_scheme_if_there_is_one() -> None:
    assert key("{F:AI} and") == key("{F:artificial intelligence}")
    assert key("{F:AI} and") == "field/artificial-intelligence"
    assert key("{F:widget science}") == "field|widget science"
    assert key("{F:clean technologies}") == key("{F:clean technology}")
    assert key("{F:semiconductor technologies}") == "field/semiconductors"


# The metadata


@pytest.mark.parametrize(
    ("issuer", "country", "expected"),
    [
        ("National Science Foundation", "USA", "organization/nsf-us"),
        ("President of Brazil", "BRA", "post/president-br"),
        ("President of Finland", "FIN", "post|president|country/FIN"),
        ("Federal Council of Switzerland", None, "organization/federal-council-ch"),
        ("Cabinet of Japan", None, "organization|cabinet|JPN"),
        ("African Union", None, "organization/african-union"),
        ("Ministry of Science and Technology", "IND", "organization/mst-in"),
        ("Narendra Modi", None, "person/narendra-modi"),
        ("Bretton Widget Society", None, "organization|bretton widget society"),
    ],
)
def test_the_issuer_is_identified(issuer: str, country: str | None, expected: str) -> None:
    metadata = {"issuer": issuer} | ({"country": country} if country else {})
    assert identities("Text.", **metadata)[ISSUER].key == expected


def test_an_issuer_named_in_the_text_is_what_it_is_there() -> None:
    found = identities("{P1:Ada Quill} writes", issuer="Ada Quill")
    assert found[ISSUER] == found["P1"]


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("GBR", "country/GBR"),
        ("United Kingdom", "country/GBR"),
        ("UK", "country/GBR"),
        ("European Union", "organization/eu"),
        ("EUU", "organization/eu"),
    ],
)
def test_the_country_of_the_metadata_is_identified(country: str, expected: str) -> None:
    assert identities("Text.", country=country)[COUNTRY].key == expected


def test_a_country_that_no_list_has_is_the_one_that_texts_name_so() -> None:
    found = identities("In {C:Atlantis}.", country="Atlantis")
    assert found[COUNTRY] == found["Atlantis"]
    assert identities("Text.") == {}


def test_the_assembler_asks_for_the_metadata_by_the_same_keys() -> None:
    assert (ISSUER, COUNTRY) == (assemble.ISSUER, assemble.COUNTRY)
