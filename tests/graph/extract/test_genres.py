"""Means, aims and actors in the ways that debates, budgets, notices and interviews tell of them."""

from __future__ import annotations

import pytest

from graph.extract import load_extractor
from graph.records import Document, Extraction, Text

POLICY = " The government's policy on innovation and the ministry's programme are under reform."

GOALS = {
    "The ministry wants to step up patient safety research.": "step up patient safety research",
    "The policy seeks to stem brain drain.": "stem brain drain",
    "The policy aims to promote common rules for medical devices.": (
        "promote common rules for medical devices"
    ),
    "The strategy is meant to strengthen ties to neighbouring states.": (
        "strengthen ties to neighbouring states"
    ),
    "The programme should give universities the freedom to borrow.": (
        "give universities the freedom"
    ),
    "The reform is designed to enable older people to live at home.": (
        "enable older people to live at home"
    ),
    "The strategy aims to enhance longstanding cooperation on rivers.": (
        "enhance longstanding cooperation on rivers"
    ),
    "The minister spoke of the need for closer oversight in the ministries.": "closer oversight",
    "The strategy puts a focus on giving rural teachers more time.": (
        "giving rural teachers more time"
    ),
    "The policy will strengthen marine research and urged Congress to act.": (
        "strengthen marine research"
    ),
}

INSTRUMENTS = {
    "The government imposed sanctions after the vote.": "sanctions",
    "Both governments signed a protocol that was drafted in May.": "protocol",
    "The bank will provide $30 million in new loans to the ministry.": "loans",
    "The Treasury gives £85 million for apprenticeships.": "apprenticeships",
    "Governments should ratify the Convention on Ocean Noise soon.": "Convention on Ocean Noise",
    "The minister defended investments in public libraries.": "investments in public libraries",
    "The minister called for a ban on lead in paint.": "ban on lead",
    "He proposed a regional science fund that would be open to all.": "regional science fund",
    "The Treasury will abolish import duties.": "import duties",
    "Parliament cut the federal research and development budget.": (
        "federal research and development budget"
    ),
    "The target stands in the National Transport Plan 2016-2025 today.": (
        "National Transport Plan 2016-2025"
    ),
}

PEOPLE = {
    "Tormund Haraldsvik, a physicist at the ministry, praised it.": "Tormund Haraldsvik",
    "Renske Dijkvogel, who chairs the panel, agreed.": "Renske Dijkvogel",
    "Letters came from the Academy of Arts and Thanda Mokwena (University of Lagos).": (
        "Thanda Mokwena"
    ),
}

BODIES = {
    "The contract went to Vextor GmbH in Linz.": "Vextor GmbH",
    "Letters came from the Academy of Arts and Thanda Mokwena (University of Lagos).": (
        "Academy of Arts"
    ),
}

WITHOUT_POLICY = {
    "railway": (
        "The first line through the valley was opened in 1861, after three years of work and a "
        "dispute about the gradient near the tunnel. Two companies competed for the traffic in "
        "slate. The government of the day granted a charter to the smaller of them. When the mill "
        "closed, the company cut its services. Volunteers restored the station; they plan to "
        "build a new shed for the engines and need to raise money for the boiler."
    ),
    "medicine": (
        "The patient should drink plenty of water and reduce salt. Treatment aims to relieve "
        "pain, to improve sleep and to prevent further attacks. In a trial of 240 adults the new "
        "drug lowered blood pressure more than the standard therapy did. Doctors must monitor the "
        "kidneys. The hospital offers a programme of exercise for those who recover slowly."
    ),
    "minister": (
        "Helga Brandt was born in Kiel in 1931, the daughter of a baker. She studied law, married "
        "a judge and brought up four children before she entered politics. From 1974 to 1981 she "
        "served as minister of transport; later she sat on the board of a bank. She loved sailing "
        "and published two volumes of poems. A street in Kiel bears her name."
    ),
    "university": (
        "The university was founded in 1477 and closed during the plague years. Its library "
        "burned in 1702. In the nineteenth century the faculty of medicine moved to a new building "
        "by the river. Women were admitted in 1899. The choir, which was established by students, "
        "sings every Sunday; it wants to strengthen its bass section."
    ),
    "sports politics": (
        "The federation elected a new president on Saturday after a bitter campaign. The winner "
        "promised to expand the tournament to 48 teams and to share the money more fairly. His "
        "rival called for reform of the ticket system and warned against selling the cup to the "
        "highest bidder. The sponsors welcomed the result."
    ),
    "weather": (
        "A deep low over the Atlantic will bring strong winds and heavy rain to the west coast on "
        "Tuesday. Gusts of up to 110 kilometres per hour are expected, and drivers should take "
        "care on exposed roads. The service has issued a warning for three counties."
    ),
    "recipe": (
        "To make the filling, fry the onions until they are soft, add the mushrooms and increase "
        "the heat. Reduce the sauce by half, then enrich it with cream. The pastry should rest "
        "for an hour. If you want to improve the flavour, use stock instead of water."
    ),
    "product": (
        "The company launched its newest phone on Thursday. The new camera system uses artificial "
        "intelligence to improve pictures taken in the dark. The firm plans to open 40 stores "
        "next year and to expand its repair service. Analysts said the device would support sales "
        "but warned about competition from cheaper rivals."
    ),
    "court": (
        "The court sentenced a man from Leeds to six years in prison on Friday for robbing a "
        "jeweller. Judge Marian Holt said the crime had been planned for weeks. The defence had "
        "called for a shorter term. The police seized a car and 12,000 pounds in cash."
    ),
    "museum": (
        "The museum shows forty paintings from the collection of a Danish brewer. The curator "
        "wants to bring lesser known painters to light and to encourage children to draw. The "
        "building, a former customs house, was restored with money from a private foundation."
    ),
}


def extract(content: str) -> Extraction:
    text = Text(document=Document(name="sample"), content=content)
    return load_extractor("rules").extract(text)


def names(content: str, type_: str) -> list[str]:
    return [entity.name for entity in extract(content).entities if entity.type == type_]


@pytest.mark.parametrize("sentence", GOALS)
def test_an_aim_is_found_with_what_it_says_little_without(sentence: str) -> None:
    assert GOALS[sentence] in names(sentence + POLICY, "Goal")


@pytest.mark.parametrize("sentence", INSTRUMENTS)
def test_a_means_is_found_with_and_without_a_word_for_its_kind(sentence: str) -> None:
    assert INSTRUMENTS[sentence] in names(sentence + POLICY, "Instrument")


@pytest.mark.parametrize("sentence", PEOPLE)
def test_people_are_known_by_what_is_said_of_them(sentence: str) -> None:
    assert PEOPLE[sentence] in names(sentence + POLICY, "Person")


@pytest.mark.parametrize("sentence", BODIES)
def test_bodies_end_where_their_names_do(sentence: str) -> None:
    assert BODIES[sentence] in names(sentence + POLICY, "Organization")


def test_the_lines_under_goals_are_goals_and_those_under_other_words_are_not() -> None:
    items = "\n- health for all;\n- safe and quiet cities;\n- clean rivers.\n"
    goals = ["health for all", "safe and quiet cities", "clean rivers"]

    assert names("The ministry's programme has three goals:" + items + POLICY, "Goal") == goals
    assert names("The ministry's programme has three topics:" + items + POLICY, "Goal") == []


def test_the_bare_word_means_what_was_named_with_the_same_head() -> None:
    text = "The government adopted the Clean Rivers Act. Parliament will amend the act." + POLICY

    assert names(text, "Instrument").count("act") == 0


@pytest.mark.parametrize("subject", WITHOUT_POLICY)
def test_prose_of_other_walks_of_life_has_no_policy(subject: str) -> None:
    found = extract(WITHOUT_POLICY[subject])

    assert found.statements == ()
    assert [e.name for e in found.entities if e.type in ("Goal", "Instrument")] == []
