"""Actors: which names and phrases are found, what they are, and which are one."""

from __future__ import annotations

import pytest

from graph.extract import names, passages
from graph.records import Document

# A sentence that makes a text one about policy, so that groups of people count in it.
CALL = "The government will fund the new programme and must support research."


def found(
    text: str, country: str | None = None, issuer: str | None = None
) -> list[tuple[str, list[str]]]:
    """Type and mentions of each actor."""
    prose = passages.read(text)
    drafts = names.find(prose, Document(name="d", country=country, issuer=issuer))
    for draft in drafts:
        assert all(text[a:b].strip() == text[a:b] != "" for a, b in draft.mentions)
        assert draft.rule
    return [(d.type, [text[a:b] for a, b in draft_mentions(d.mentions)]) for d in drafts]


def draft_mentions(mentions: list[tuple[int, int]]) -> list[tuple[int, int]]:
    assert mentions == sorted(mentions)
    return mentions


def of_type(text: str, type_: str, country: str | None = None) -> list[list[str]]:
    return [mentions for t, mentions in found(text, country) if t == type_]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Funds go to the Ministry of Higher Education, Science and Innovation today.",
            ["Ministry of Higher Education, Science and Innovation"],
        ),
        (
            "It joined the Department of Fisheries and the Riverland Research Council in May.",
            ["Department of Fisheries", "Riverland Research Council"],
        ),
        (
            "The Soil and Water Sciences Research Council was heard.",
            ["Soil and Water Sciences Research Council"],
        ),
        (
            "He works at the University of Norwold at Easthaven.",
            ["University of Norwold at Easthaven"],
        ),
        (
            "They met the Subcommittee on Open Data of the National Maps and Charts Council.",
            ["Subcommittee on Open Data of the National Maps and Charts Council"],
        ),
        ("A grant went to the firm Zelmora last week.", ["Zelmora"]),
        ("A grant went to Zelmora, a small biotechnology company.", ["Zelmora"]),
        ("The reactor is run by students of Norwold university.", ["Norwold university"]),
        ("The chairman of Zelmora resigned.", ["Zelmora"]),
        ("They joined the party Zelta Nova today.", ["Zelta Nova"]),
        ("In the end Zelmora paid, and Zelnova rejected the plan.", ["Zelnova"]),
        ("Whoever rejects it pays. Panelists rejected it.", []),
        ("The Miners’ Federation of Norwold met.", ["Miners’ Federation of Norwold"]),
        ("It is led by the National Miners' Union.", ["National Miners' Union"]),
        ("It is backed by the foundation Zelmora.", ["Zelmora"]),
        ("The Treasury hopes to save money.", ["Treasury"]),
    ],
)
def test_organizations_are_found_by_what_their_names_are_built_of(
    text: str, expected: list[str]
) -> None:
    assert [m[0] for m in of_type(text, "Organization")] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Parliament passed the Riverland Innovation Agency Act.",
        "The minister announced the Clean Rivers Research Programme.",
        "The law establishes a National Tidal Energy Institute.",
        "The creation of the Norwold Research Centre was welcomed.",
    ],
)
def test_laws_programmes_and_bodies_only_now_made_are_no_organizations(text: str) -> None:
    named = [m for mentions in of_type(text, "Organization") for m in mentions]
    assert set(named) <= {"Parliament"}


def test_an_acronym_in_brackets_and_a_description_mean_the_body_named_before() -> None:
    text = (
        "The Riverland Science Foundation (RSF) was praised. RSF’s budget grew, and the Foundation "
        "opened an office."
    )
    assert of_type(text, "Organization") == [
        ["Riverland Science Foundation", "RSF", "RSF", "Foundation"]
    ]


def test_a_name_said_once_to_be_a_body_is_one_wherever_it_stands() -> None:
    text = "Zelmora met. The trade union Zelmora agreed, and Zelmora paid."
    assert of_type(text, "Organization") == [["Zelmora", "Zelmora", "Zelmora"]]


def test_a_description_means_a_body_named_nearby_else_the_issuer() -> None:
    text = (
        "The Ministry of Forests will pay. The Ministry agreed.\n\nSo much for that.\n\n"
        "The Ministry will also build a path."
    )
    assert of_type(text, "Organization") == [["Ministry of Forests", "Ministry", "Ministry"]]
    bodies = found(text, issuer="Ministry of Mines of Norwold")
    assert [mentions for type_, mentions in bodies if type_ == "Organization"] == [
        ["Ministry of Forests", "Ministry"],
        ["Ministry"],
    ]
    drafts = names.find(
        passages.read(text), Document(name="d", issuer="Ministry of Mines of Norwold")
    )
    assert drafts[-1].name == "Ministry of Mines of Norwold"


def test_a_description_means_a_body_of_that_kind_rather_than_one_whose_name_holds_the_word() -> (
    None
):
    text = (
        "The Norwold Research Council met. The Institute of the Forest Council paid. "
        "The Council agreed."
    )
    assert of_type(text, "Organization") == [
        ["Norwold Research Council", "Council"],
        ["Institute of the Forest Council"],
    ]


def test_the_initials_of_a_body_mean_it_also_where_they_are_not_explained() -> None:
    text = "The Riverland Soil Survey Office met. RSSO said that it will move."
    assert of_type(text, "Organization") == [["Riverland Soil Survey Office", "RSSO"]]


def test_a_body_and_its_name_in_another_language_in_brackets_are_one() -> None:
    text = "It was sent to the Institute of Hydrology (Instituto de Hidrología, IHID) on Monday."
    assert of_type(text, "Organization") == [
        ["Institute of Hydrology", "Instituto de Hidrología", "IHID"]
    ]


def test_bodies_with_the_same_head_stay_apart() -> None:
    text = "The Ministry of Mines and the Ministry of Forests met. The Ministry of Mines will pay."
    assert of_type(text, "Organization") == [
        ["Ministry of Mines", "Ministry of Mines"],
        ["Ministry of Forests"],
    ]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Professor Tamsin Øvergård spoke.", "Tamsin Øvergård"),
        ("The bill was praised by Mrs. ABARA.", "ABARA"),
        ("Yesterday Robert J. Quillfeather wrote to us.", "Robert J. Quillfeather"),
        ("“We are ready,” said Makoena Thulare.", "Makoena Thulare"),
        ("Prime Minister Ilvane Dostra resigned.", "Ilvane Dostra"),
        ("Ilvane Dostra, the minister of health, resigned.", "Ilvane Dostra"),
        ("The economist Ilvane Dostra wrote it.", "Ilvane Dostra"),
        ("As Quillfeather (1998) found, costs fall.", "Quillfeather"),
    ],
)
def test_people_are_known_by_titles_given_names_speaking_and_citation(
    text: str, person: str
) -> None:
    assert [m[0] for m in of_type(text, "Person")] == [person]


def test_a_list_of_signatories_is_a_list_of_people() -> None:
    text = "Signed\n\nPeder Øvrebø\nAnikó Szentgyörgy\nMakoena van Dyjk, Tshwane\n"
    assert [m[0] for m in of_type(text, "Person")] == [
        "Peder Øvrebø",
        "Anikó Szentgyörgy",
        "Makoena van Dyjk",
    ]


def test_a_surname_alone_means_the_person_named_in_full() -> None:
    text = "Minister Peter Quillfeather spoke first. Later Quillfeather left."
    assert of_type(text, "Person") == [["Peter Quillfeather", "Quillfeather"]]


def test_two_people_of_one_surname_stay_two() -> None:
    text = "Anna Quillfeather met Peter Quillfeather."
    assert of_type(text, "Person") == [["Anna Quillfeather"], ["Peter Quillfeather"]]


@pytest.mark.parametrize(
    ("text", "post"),
    [
        (
            "The Director of the Riverland Space Agency resigned.",
            "Director of the Riverland Space Agency",
        ),
        (
            "The Assistant to the President for Ocean Affairs wrote.",
            "Assistant to the President for Ocean Affairs",
        ),
        ("The Chief Technology Officer left.", "Chief Technology Officer"),
        (
            "The Minister of Energy, Mines and Water spoke.",
            "Minister of Energy, Mines and Water",
        ),
        ("Peter Quillfeather, the deputy minister, spoke.", "deputy minister"),
        ("The chairman of Zelmora resigned.", "chairman of Zelmora"),
    ],
)
def test_posts_are_found_with_what_belongs_to_them(text: str, post: str) -> None:
    assert [m[0] for m in of_type(text, "Post")] == [post]


def test_both_orders_of_an_office_are_one_post() -> None:
    text = (
        "The Riverland Space Agency (RSA) met. The Administrator of the Riverland Space Agency "
        "spoke. The RSA Administrator left, and the Administrator wrote."
    )
    assert of_type(text, "Post") == [
        ["Administrator of the Riverland Space Agency", "RSA Administrator", "Administrator"]
    ]


def test_a_minister_of_another_nation_is_another_post() -> None:
    spoke = "The Minister of Education of Estonia, Kristina Kallas, spoke."
    other = f"{spoke} The Latvian minister Anda Čakša left."
    same = f"{spoke} Then the minister Kallas left."

    assert ["minister"] in of_type(other, "Post")
    assert ["Minister of Education of Estonia", "minister"] in of_type(same, "Post")


def test_title_and_name_are_two_actors() -> None:
    assert found("President Ilvane Dostra spoke.") == [
        ("Post", ["President"]),
        ("Person", ["Ilvane Dostra"]),
    ]


def test_the_government_means_the_country_that_the_text_is_about() -> None:
    text = "Kenya will invest. The government signed, and the Kenyan government paid. Fiji watched."
    assert of_type(text, "Country") == [
        ["Kenya", "government", "Kenyan government"],
        ["Fiji"],
    ]


def test_the_government_of_an_unlisted_country_is_not_that_of_another_one() -> None:
    text = "The government will invest. It will sign an agreement with Norway on Norway's coast."
    assert ("Country", ["government", "Norway", "Norway"]) in found(text)
    actors = found(text, country="Velmora")
    assert ("Country", ["Norway", "Norway"]) in actors
    assert ("ActorGroup", ["government"]) in actors


def test_the_government_is_a_group_where_no_country_is_named() -> None:
    assert ("ActorGroup", ["government"]) in found("We ask that government must act. " + "It will.")


def test_demonyms_and_compound_adjectives_are_no_countries() -> None:
    assert of_type("A Kenyan engineer met a Fiji-based lender.", "Country") == []


def test_a_capital_that_acts_is_its_country() -> None:
    text = "Kenya hesitates, but Nairobi will sign. They met in Nairobi."
    assert of_type(text, "Country") == [["Kenya", "Nairobi"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was led by Wan Gangling and others.", ["Wan Gangling"]),
        ("Torvik Halden left. Later, Halden said no.", ["Torvik Halden"]),
        ("Hicksel D, Woutersen P (2015) wrote it.", ["Hicksel D", "Woutersen P"]),
        (
            "It was signed by Torvik Halden, Ilvane Dostra and others.",
            ["Torvik Halden", "Ilvane Dostra"],
        ),
        ("They met in Torvik Valley, and in Ilvane County.", []),
        ("The White Paper argues for more.", []),
    ],
)
def test_unusual_names_are_known_by_their_use(text: str, expected: list[str]) -> None:
    assert [m[0] for m in of_type(text, "Person")] == expected


def test_an_ambiguous_acronym_is_believed_beside_its_country() -> None:
    text = "South Africa acts. The NRF will pay."
    drafts = names.find(passages.read(text), Document(name="d"))
    assert "organization/nrf-za" in {d.authority for d in drafts}
    other = names.find(passages.read("Fiji acts. The NRF will pay."), Document(name="d"))
    assert all(d.authority is None or d.type == "Country" for d in other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The fund helps early-career researchers.", ["early-career researchers"]),
        ("Yesterday farmers’ associations met.", ["farmers’ associations"]),
        ("Then the students asked ministers for it.", ["students"]),
        ("Yesterday the opposition rejected it.", ["opposition"]),
        ("Under it all Member States must pay.", ["Member States"]),
        ("Dear members of the Academy, we must act, dear colleagues.", []),
        ("It met with the opposition to change.", []),
        (
            "It is for farmers, nurses and other skilled workers.",
            ["farmers, nurses and other skilled workers"],
        ),
        ("It links public and private universities.", ["public and private universities"]),
        ("The plan brings together industry and academia.", ["industry", "academia"]),
        ("The plan supports the next generation of scientists.", ["next generation of scientists"]),
        ("It will serve more than forty small companies.", ["small companies"]),
        (
            "It was signed by the governments of Kenya, Fiji and Peru.",
            ["governments of Kenya, Fiji and Peru"],
        ),
        ("It will reach the private sector.", ["private sector"]),
        ("The plan sets industry standards and company law.", []),
        ("It serves as a model for the sector, and they are partners.", []),
    ],
)
def test_groups_are_phrases_that_end_with_those_who_act(text: str, expected: list[str]) -> None:
    groups = [m[0] for m in of_type(f"{CALL} {text}", "ActorGroup")]
    assert [g for g in groups if g != "government"] == expected


def test_a_text_without_policy_has_no_groups_but_people_and_places() -> None:
    text = (
        "In 1781 an organist saw a disc near Gemini. Astronomers and students took it for a comet. "
        "Anna Quillfeather drew it in Kenya."
    )
    assert {t for t, _ in found(text)} == {"Person", "Country"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\n",
        "THE MINISTER OF SCIENCE AND THE COUNCIL SHALL REPORT " * 50,
        "Alpha Beta Gamma Delta " * 500,
        "Ministry of Alpha, " * 500,
        "J. Smith " * 500 + "((((((" * 100,
        "".join(f"- Item {i} of the Council of Alpha{i}\n" for i in range(2000)),
    ],
)
def test_odd_texts_are_read_without_harm(text: str) -> None:
    found(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Scotland has its own plan.", ["Scotland"]),
        ("Bavaria will pay, they said in Saxony.", ["Bavaria"]),
        ("They studied at the University of Ontario.", []),
        ("Texas Instruments will pay.", []),
    ],
)
def test_provinces_are_actors_where_they_act(text: str, expected: list[str]) -> None:
    assert [m[0] for m in of_type(text, "Country")] == expected
