"""Goals and instruments: what is found in policy prose, and that nothing is found elsewhere."""

from __future__ import annotations

import pytest

from graph.extract import passages, policy
from graph.extract.draft import Draft
from graph.records import Document

# Prose without policy. None of it may give a goal or an instrument.
WITHOUT_POLICY = {
    "astronomy": (
        "In the winter of 1781 an organist in Bath turned his home-made telescope towards "
        "Gemini to measure the positions of double stars. He noticed a small disc that moved "
        "from night to night. At first he took it for a comet, but its path proved to be nearly "
        "circular. The discovery doubled the size of the known solar system and made him "
        "famous. He went on to build larger mirrors, to map the Milky Way and to increase the "
        "number of known nebulae to two thousand."
    ),
    "physics": (
        "When a gas is compressed, its molecules collide more often with the walls, which "
        "increases the pressure. To reduce the friction between the layers, engineers add a "
        "thin film of oil. The wave function must be normalised; otherwise the probabilities "
        "will not add up to one. Cooling the sample below four kelvin should suppress thermal "
        "noise and improve the resolution of the detector. The experiment was repeated to test "
        "whether the effect depends on the magnetic field."
    ),
    "football": (
        "The home side started brightly and pressed to gain control of midfield. After the "
        "break the coach made two changes to strengthen the defence, and the plan worked: the "
        "visitors failed to create a single chance. The captain, who has been training alone "
        "since March, scored with a low shot from the edge of the box. The club will now face "
        "the champions in the semi-final, and it needs to improve its away record to win the "
        "cup."
    ),
    "biography": (
        "She was born in a fishing village and learned to read from her grandmother. At "
        "nineteen she moved to the capital to study botany, and there she met the man she would "
        "marry. To support her family she gave lessons and drew plates for a publisher. Her "
        "notebooks, which develop an idea of growth by division, were found in an attic after "
        "the war. She never sought fame, and she liked to say that a garden should be built "
        "slowly."
    ),
    "geology": (
        "Over millions of years the river cut through the sandstone and formed a gorge. Rising "
        "magma can lift the crust and create long ridges on the ocean floor. Glaciers carry "
        "boulders far from their source; when the ice melts, it leaves them on the plain. "
        "Geologists use the decay of uranium to determine the age of zircon crystals. Such "
        "grains help to reconstruct the early history of the planet."
    ),
    "computing history": (
        "The first machines of the laboratory filled a whole room and had to be rewired to run "
        "another program. Two mathematicians devised a scheme to store the instructions beside "
        "the numbers. The valves burned out every few hours, so a team of operators worked in "
        "shifts to keep the network of panels running. Transistors made it possible to reduce "
        "the size and to increase the speed. The project ended when the building was needed for "
        "other work."
    ),
    "cookery": (
        "To develop the flavour, let the dough rest overnight. Bring the stock to the boil, "
        "then lower the heat and support the pan so that it does not tip. A good cook must "
        "learn to balance salt and acid. You should add the herbs last to keep their colour. "
        "Serve with bread, and use what is left to enrich a soup."
    ),
    "theatre": (
        "The company opened its season with a comedy about two sisters who want to save their "
        "orchard. The director has cut the second act to speed up the plot and built the set "
        "around a staircase. The lead plays the aunt with great restraint; her aim is to make "
        "the audience forgive her. The lighting should be softer, and the music will need to "
        "find its place. Tickets are on sale."
    ),
    "club finance": (
        "The club posted a loss of forty million for the season after failing to reach the "
        "final. The board approved a new budget for transfers, and the sporting director wants "
        "to sign two defenders to strengthen the squad. Supporters called for the chairman to "
        "resign. The league's rules on spending limit the wage bill to seventy per cent of "
        "income. The club plans to expand the stadium and to build an academy for young "
        "players. A partnership with a bank will bring ten million a year. The coach said his "
        "team must improve its defence and that the programme of matches is too dense."
    ),
    "university": (
        "The university was established by royal charter in 1826 and moved to its present "
        "campus in 1903. It has nine faculties and some twenty thousand students, a third of "
        "whom come from other countries. The library holds two million volumes and a collection "
        "of medieval manuscripts. The engineering school is known for its work on bridges and "
        "tunnels, and the institute for marine science runs a research vessel. Among its alumni "
        "are three presidents, a Nobel laureate and several well-known poets. The botanical "
        "garden was opened to the public in 1931. In 2009 the senate approved a new programme "
        "in linguistics, and the department of music moved to the old observatory. Students "
        "publish a weekly newspaper and run the campus radio."
    ),
    "particle physics": (
        "In 2012 two experiments at a laboratory near Geneva announced the discovery of a new "
        "particle. The accelerator, a ring of 27 kilometres, collides beams of protons at "
        "nearly the speed of light. The project took two decades to build and involved "
        "scientists from more than a hundred countries. Detectors record the debris of each "
        "collision, and a worldwide network of computing centres stores the data. To reduce the "
        "heat load, the magnets are cooled with liquid helium. Physicists now want to measure "
        "the properties of the particle more precisely, and an upgrade will increase the number "
        "of collisions tenfold. The standard model does not explain dark matter, so researchers "
        "must look for deviations. The search for new physics will continue with higher "
        "energies. Funding for a successor has not been discussed here; the history of the "
        "machine began with a workshop in Lausanne in 1984."
    ),
    "economist": (
        "He was born in Edinburgh in 1905 and studied mathematics before he turned to "
        "economics. In the 1930s he taught at the School of Economics, where he wrote his best- "
        "known book on capital and growth. He served in the Ministry of Supply during the war "
        "and later advised several governments in Africa. His theory explains how investment "
        "and innovation drive economic development, and it led to a long debate with his "
        "colleagues on the measurement of capital. He was elected to the Academy in 1951. In "
        "his later years he worked on the history of money. His students remember that he liked "
        "to walk in the hills and that he answered every letter by hand. A prize for young "
        "scholars bears his name."
    ),
}


# A sentence on policy, and the goals in it.
GOALS = {
    "The ministry aims to spend 2 per cent of national income on research.": [
        "spend 2 per cent of national income"
    ],
    "The union wants to raise investment to 3% of GDP.": ["raise investment to 3% of GDP"],
    "The government launched the programme to strengthen marine research.": [
        "strengthen marine research"
    ],
    "Ministers agreed on the policy in order to widen access to higher education.": [
        "widen access to higher education"
    ],
    "The strategy aims to reduce dependence on imported vaccines and improve food security.": [
        "reduce dependence on imported vaccines",
        "improve food security",
    ],
    "The agency needs to build and maintain a diverse research workforce.": [
        "build and maintain a diverse research workforce"
    ],
    "Parliament should invest in the skills of young engineers, says the innovation report.": [
        "invest in the skills of young engineers"
    ],
    "The ministry will promote trade, tourism and cultural exchange.": [
        "promote trade, tourism and cultural exchange"
    ],
    "The strategy promotes an open, inclusive and resilient research culture.": [
        "promotes an open, inclusive and resilient research culture"
    ],
    "The fund helps small firms adopt clean technology.": ["adopt clean technology"],
    "By expanding rural broadband, the government hopes for growth.": ["expanding rural broadband"],
    "To deepen trade ties, the ministry and the council signed a treaty.": ["deepen trade ties"],
    "The policy supports the development of a national hydrogen economy.": [
        "development of a national hydrogen economy"
    ],
    "The policy committee stressed the need for greater autonomy for regional universities.": [
        "greater autonomy for regional universities"
    ],
    "The policy calls for the modernisation of public laboratories.": [
        "modernisation of public laboratories"
    ],
    "The law shall ensure that every pupil learns to write programs.": [
        "ensure that every pupil learns to write programs"
    ],
    "The programme will connect rural clinics to national hospitals.": [
        "connect rural clinics to national hospitals"
    ],
    "The plan is designed to better understand coastal erosion, which costs the budget dear.": [
        "better understand coastal erosion"
    ],
    "Science policy in the region includes open access, citizen science and data sharing.": [
        "open access",
        "citizen science",
        "data sharing",
    ],
    "The reform is meant to strengthen the ability of cities to respond to floods.": [
        "strengthen the ability of cities to respond to floods"
    ],
    "The government plans to achieve the goal of ending energy poverty.": ["ending energy poverty"],
    "The ministry must transform how the state buys software.": [
        "transform how the state buys software"
    ],
    "The federal government will protect “critical infrastructure” from attacks.": [
        "protect “critical infrastructure” from attacks"
    ],
    "The new law will strengthen states’ research capacity.": [
        "strengthen states’ research capacity"
    ],
}

# Sentences on policy in which no verb tells an aim.
WITHOUT_GOALS = (
    "The council intends to support these efforts and this programme.",
    "The fund was cut, which seems to improve the federal budget.",
    "The government will create a research fund and establish an innovation agency.",
    "The hearing on the budget is expected to take place in May.",
    "The ministry said that it used to publish the law every year.",
)

# A text, and the instruments in it with all their mentions.
INSTRUMENTS = {
    "The Academy opposed cuts to the science budget.": [["cuts to the science budget"]],
    "The Academy opposed the budget freeze.": [["budget freeze"]],
    "Congress passed the Clean Rivers Act in May.": [["Clean Rivers Act"]],
    "The government adopted the Act on Science, Technology and Higher Education.": [
        ["Act on Science, Technology and Higher Education"]
    ],
    "The minister presented the Jobs, Skills and Trade Strategy of his government.": [
        ["Jobs, Skills and Trade Strategy"]
    ],
    "The government pays for it from the Deep Sea Innovation (DSI) programme.": [
        ["Deep Sea Innovation (DSI) programme"]
    ],
    "The National Soil Programme (NSP) is new policy. The NSP pays, and the programme will end.": [
        ["National Soil Programme", "NSP", "NSP", "programme"]
    ],
    "The Northern Regional Skills Fund pays. The Skills Fund is run by the ministry.": [
        ["Northern Regional Skills Fund", "Skills Fund"]
    ],
    "The government offers research grants and tax credits to small firms.": [
        ["research grants"],
        ["tax credits"],
    ],
    "The ministry will set up a joint working group on water policy.": [
        ["joint working group on water policy"]
    ],
    "The ministry cut public funding for agricultural research.": [
        ["public funding for agricultural research"]
    ],
    "The policy covers doctoral training programmes and initiatives.": [
        ["doctoral training programmes and initiatives"]
    ],
    "A 10-year investment plan was approved by parliament.": [["10-year investment plan"]],
    "Minister Signs Ocean Research Agreement": [["Ocean Research Agreement"]],
    "Executive Order 10111 of March 3, 2019 on federal research was revoked.": [
        ["Executive Order 10111 of March 3, 2019"]
    ],
    "Ministers announced the creation of a National Data Agency.": [["National Data Agency"]],
    "The government runs a programme called Pioneer. Pioneer is new policy.": [
        ["Pioneer", "Pioneer"]
    ],
    "Delta Works, a national fund for vaccines, is part of the policy of the government.": [
        ["Delta Works"]
    ],
    "Two scholarship schemes exist by law. The scholarship scheme is small.": [
        ["scholarship schemes", "scholarship scheme"]
    ],
}

# Sentences on policy that name a means only in passing, or a body.
WITHOUT_INSTRUMENTS = (
    "The budget was debated. CASTLE, a regional network, joined the initiative.",
    "The National Data Agency was founded in 1998 by the government.",
    "The Office of Science and Technology Policy answers to parliament.",
    "Several policies are new.",
)


def found(text: str, kind: str) -> list[list[str]]:
    """The mentions of the goals or instruments of a text."""
    prose = passages.read(text)
    drafts = policy.find(prose, Document(name="test"), [])
    return [[text[start:end] for start, end in d.mentions] for d in drafts if d.type == kind]


@pytest.mark.parametrize("subject", WITHOUT_POLICY)
def test_prose_without_policy_has_no_goals_and_no_instruments(subject: str) -> None:
    text = WITHOUT_POLICY[subject]

    assert found(text, "Goal") + found(text, "Instrument") == []


@pytest.mark.parametrize("sentence", GOALS)
def test_goals_run_from_their_verb_to_the_end_of_their_object(sentence: str) -> None:
    assert found(sentence, "Goal") == [[goal] for goal in GOALS[sentence]]


@pytest.mark.parametrize("sentence", WITHOUT_GOALS)
def test_verbs_that_tell_no_aim_make_no_goal(sentence: str) -> None:
    assert found(sentence, "Goal") == []


@pytest.mark.parametrize("text", INSTRUMENTS)
def test_instruments_are_found_by_name_and_by_noun(text: str) -> None:
    assert found(text, "Instrument") == INSTRUMENTS[text]


@pytest.mark.parametrize("text", WITHOUT_INSTRUMENTS)
def test_bodies_and_descriptions_are_no_instruments(text: str) -> None:
    assert found(text, "Instrument") == []


def test_the_items_of_a_list_take_the_policy_of_its_lead() -> None:
    text = (
        "Priorities of the innovation strategy:\n"
        "- Strengthen regional clusters\n- Attracting foreign investors\n- Reduce red tape"
    )

    assert found(text, "Goal") == [
        ["Strengthen regional clusters"],
        ["Attracting foreign investors"],
        ["Reduce red tape"],
    ]


def test_a_name_behind_a_dateline_or_a_number_begins_where_it_does() -> None:
    dated = "Norwold, 3 May - Plans for a tidal energy programme were announced by the ministry."
    numbered = "# 3.2 Measures\n\nThe ministry launched the National Tidal Programme."

    assert found(dated, "Instrument")[0] == ["Plans for a tidal energy programme"]
    assert found(numbered, "Instrument") == [["National Tidal Programme"]]


def test_several_of_a_kind_are_not_the_one_named_before() -> None:
    text = (
        "The government set up the Tidal Fund. "
        "The ministry reviews the use of the funds under point (c)."
    )

    assert ["Tidal Fund"] in found(text, "Instrument")


def test_a_goal_is_one_however_its_verb_is_inflected() -> None:
    text = "The policy is to strengthen basic research. Strengthening basic research needs funding."

    assert found(text, "Goal") == [["strengthen basic research", "Strengthening basic research"]]


def test_goals_that_differ_only_in_a_word_for_more_are_one() -> None:
    text = "The policy is to promote basic ocean research. It will support basic ocean research."
    other = "The policy is to promote basic ocean research. It will reduce basic ocean research."

    assert len(found(text, "Goal")) == 1
    assert len(found(other, "Goal")) == 2


def test_a_body_that_is_created_becomes_an_instrument_with_all_its_mentions() -> None:
    text = "Ministers announced the creation of a National Data Agency. The NDA will advise them."
    full, short = (
        (text.index("National"), text.index(".")),
        (text.index("NDA"), text.index(" will")),
    )
    body = Draft("Organization", [full, short], "name")
    known = Draft("Organization", [full], "name", authority="organization/nda")

    drafts = policy.find(passages.read(text), Document(name="test"), [body])

    assert [(d.type, d.mentions) for d in drafts] == [("Instrument", [full, short])]
    assert policy.without_created([body, known], drafts) == [known]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "support " * 2000,
        "The policy will support " + ", ".join(["research funding"] * 2000),
        "NATIONAL RESEARCH FUNDING POLICY AND INNOVATION STRATEGY " * 200,
        "“‘’”() ,, -- the the of of " * 100,
    ],
    ids=["empty", "verbs", "list", "capitals", "signs"],
)
def test_odd_texts_are_read_and_every_mention_lies_within(text: str) -> None:
    prose = passages.read(text)

    for draft in policy.find(prose, Document(name="odd"), []):
        for start, end in draft.mentions:
            assert 0 <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()


@pytest.mark.parametrize(
    "furniture",
    [
        "We use cookies to improve your experience of our science policy pages.",
        "Sign up for our newsletter to support research funding and strengthen innovation.",
        "Share this page: Government launches national research programme",
        "Read more: Government to reform university funding",
    ],
)
def test_the_furniture_of_a_web_page_is_no_policy(furniture: str) -> None:
    said = (
        "The Government will strengthen basic research. The ministry will launch a national "
        "research programme and reform university funding."
    )
    prose = passages.read(f"{said}\n\n{furniture}\n\n{said}")

    found = [m for d in policy.find(prose, Document(name="page"), []) for m in d.mentions]

    assert found
    inside = range(len(said) + 2, len(said) + 2 + len(furniture))
    assert [prose.text[start:end] for start, end in found if start in inside] == []
