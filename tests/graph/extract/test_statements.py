"""Who takes which stance: own sentences with their entities marked."""

from __future__ import annotations

import pytest

from tests.graph.extract.marked import marked

Stance = tuple[str | None, str]


def stances(source: str, issuer: str | None = None) -> list[Stance]:
    return [(s.speaker and s.speaker.name, s.modality) for s in marked(source, issuer).statements()]


ONE_SENTENCE: list[tuple[str, list[Stance]]] = [
    # the subject of the verb
    (
        "The [r:Research Council] launched a [i:fellowship scheme].",
        [("Research Council", "carries-out")],
    ),
    (
        "The [r:Research Council] will [g:double the number of fellows].",
        [("Research Council", "commits-to")],
    ),
    ("[c:Norway] plans to [g:raise research spending].", [("Norway", "commits-to")]),
    ("The [r:Academy] urged ministers to [g:protect basic research].", [("Academy", "calls-for")]),
    ("The [r:Academy] welcomes the [i:new strategy].", [("Academy", "endorses")]),
    ("The [r:Academy] criticised the [i:cut in grants].", [("Academy", "opposes")]),
    (
        "The [r:Audit Office] found that the [i:tax credit] has little effect.",
        [("Audit Office", "assesses")],
    ),
    (
        "The [c:government] is committed to [g:tripling the number of doctorates].",
        [("government", "commits-to")],
    ),
    # a goal that is the verb
    (
        "[c:Finland] [g:strengthens its research base] with new grants.",
        [("Finland", "carries-out")],
    ),
    # joint subjects: one statement each
    (
        "[c:Chile] and [c:Peru] signed the [i:Antarctic Research Agreement].",
        [("Chile", "carries-out"), ("Peru", "carries-out")],
    ),
    # a prepositional phrase is no subject
    (
        "In the first phase [r:Acme] will build the [i:test facility].",
        [("Acme", "commits-to")],
    ),
    (
        "The [r:Energy Agency], together with [r:Delta Labs], will build the [i:test facility].",
        [("Energy Agency", "commits-to")],
    ),
    # titles and roles belong to the person
    (
        "[o:Minister] [p:Ana Reis], [o:chair of the board], announced the [i:seed fund].",
        [("Ana Reis", "carries-out")],
    ),
    # passive: the actor after "by"
    (
        "The [i:seed fund] was set up by the [r:Ministry of Trade].",
        [("Ministry of Trade", "carries-out")],
    ),
    # nobody is named
    ("The [i:seed fund] was planned.", [(None, "commits-to")]),
    ("The [i:seed fund] is essential.", [(None, "endorses")]),
    # against it
    ("The [r:Academy] does not support the [i:levy].", [("Academy", "opposes")]),
    ("[p:Ines Holm] doesn’t want a [i:levy].", [("Ines Holm", "opposes")]),
    ("The [i:levy] was criticised by the [r:Academy].", [("Academy", "opposes")]),
    ("The [r:Academy] called the [i:levy] a mistake.", [("Academy", "opposes")]),
    ("[u:Students] will march against the [i:levy].", [("Students", "opposes")]),
    ("Thousands of [u:nurses] marched against the [i:levy].", [("nurses", "opposes")]),
    ("[u:Students] marched against the [i:levy].", [("Students", "opposes")]),
    ("The [r:Academy] is opposed to the [i:levy].", [("Academy", "opposes")]),
    ("The [r:Academy] is not opposed to the [i:levy].", [("Academy", "assesses")]),
    ("The [r:Academy] objected to the [i:levy].", [("Academy", "opposes")]),
    ("The [r:Academy] spoke out against the [i:levy].", [("Academy", "opposes")]),
    ("The [r:Academy] no longer supports the [i:levy].", [("Academy", "opposes")]),
    ("[u:Students] rally for a [i:bursary].", [("Students", "calls-for")]),
    ("The [r:Academy] urged [u:ministers] to drop the [i:levy].", [("Academy", "opposes")]),
    ("The [r:Academy] said that the [i:levy] weakens teaching.", [("Academy", "opposes")]),
    ("The [i:levy] will make it harder to teach.", [(None, "opposes")]),
    ("The [r:Academy] is against the [i:levy].", [("Academy", "opposes")]),
    ("The [r:Academy] is critical of the [i:levy].", [("Academy", "opposes")]),
    ("The [r:Academy] disagrees with the [i:levy].", [("Academy", "opposes")]),
    ("The [r:Academy] vetoed the [i:levy].", [("Academy", "opposes")]),
    ("The [r:Academy] objects to the [i:levy].", [("Academy", "opposes")]),
    ("The [r:Academy] filed a complaint against the [i:levy].", [("Academy", "opposes")]),
    ("The [i:levy] met with resistance from [u:farmers].", [("farmers", "opposes")]),
    (
        "The [i:levy] faces criticism from [u:farmers] and from parts of the [u:nurses].",
        [("farmers", "opposes"), ("nurses", "opposes")],
    ),
    ("The [r:Academy] would like to scrap the [i:levy].", [("Academy", "opposes")]),
    ("The [r:Academy] wants to go further and abolish the [i:levy].", [("Academy", "opposes")]),
    (
        "The [r:Academy] does not share the view that the [i:levy] is fair.",
        [("Academy", "opposes")],
    ),
    ("The [r:Academy] called the [i:levy] a waste of money.", [("Academy", "opposes")]),
    # for it
    ("The [r:Academy] called the [i:bursary] a necessary step.", [("Academy", "endorses")]),
    ("The [r:Academy] is in favour of the [i:bursary].", [("Academy", "endorses")]),
    ("The [r:Academy] voted in favour of the [i:bursary].", [("Academy", "endorses")]),
    ("The [r:Academy] agrees with the [i:bursary].", [("Academy", "endorses")]),
    ("The [i:bursary] won support from [u:nurses].", [("nurses", "endorses")]),
    ("The [r:Academy] would like to thank them for the [i:bursary].", [("Academy", "endorses")]),
    ("The [r:Academy] described the [i:bursary] as vital.", [("Academy", "endorses")]),
    ("The [r:Academy] said the [i:bursary] improves schools.", [("Academy", "endorses")]),
    ("The [r:Academy] said the [i:bursary] would help schools.", [("Academy", "endorses")]),
    ("The [r:Academy] said the [i:bursary] benefits the schools.", [("Academy", "endorses")]),
    ("[p:Ines Holm] supports the [i:bursary].", [("Ines Holm", "endorses")]),
    ("The [r:Trade Office] supports the [i:fish network].", [("Trade Office", "carries-out")]),
    # wishes bind those who have them, duties do not
    ("[c:Norway] wants to [g:raise research spending].", [("Norway", "commits-to")]),
    ("[c:Norway] would like to [g:raise research spending].", [("Norway", "commits-to")]),
    ("[c:Norway] would like to see a [i:larger fund].", [("Norway", "calls-for")]),
    ("[c:Norway] envisages a [i:data strategy].", [("Norway", "commits-to")]),
    ("[c:Norway] pursues a [i:data strategy].", [("Norway", "commits-to")]),
    ("[c:Norway] pursued a [i:data strategy].", [("Norway", "carries-out")]),
    ("The [r:Academy] insists on a [i:larger fund].", [("Academy", "calls-for")]),
    ("The [r:Academy] said [c:Norway] would [g:share data].", [("Academy", "commits-to")]),
    ("The [r:Academy] said the [i:bursary] could help.", [("Academy", "endorses")]),
    ("The [i:levy] is hereby abolished.", [(None, "carries-out")]),
    # who says so stands in the middle
    ("The [i:levy], [u:critics] say, weakens teaching.", [("critics", "opposes")]),
    ("The [i:levy] threatens [g:free enquiry].", [(None, "opposes")]),
    # duties are the narrator's, not the subject's
    ("[u:Universities] must [g:open their laboratories].", [(None, "calls-for")]),
    ("The [r:Agency] shall [g:report on research integrity].", [(None, "requires")]),
    (
        "The [r:Agency] shall introduce a [i:levy] for small and medium-sized [u:firms].",
        [(None, "requires")],
    ),
    # what is done as a rule, or is to be found out, is not done now
    ("The [r:Agency] reports on the [i:levy] every two years.", [("Agency", "assesses")]),
    ("The [r:Agency] reviews in 2031 whether the [i:levy] shall go.", [("Agency", "assesses")]),
    (
        "[u:Firms] are represented on the board of the [i:levy]. [c:Norway] rejects it.",
        [(None, "assesses"), ("Norway", "opposes")],
    ),
    ("Section 12 of the [i:Levy Act] is repealed.", [(None, "assesses")]),
    ("The [r:Agency] shall allocate EUR 40 million to the [i:levy].", [(None, "requires")]),
    ("[u:Universities] may not accept money from the [i:levy].", [(None, "requires")]),
    ("[u:Universities] may not know the [i:levy].", [("Universities", "assesses")]),
    # what is asked for is not done yet
    (
        "[u:Students] asked that [c:Norway] keep the [i:bursary] and extend the [i:loan].",
        [("Students", "calls-for")],
    ),
    # two words of one speaker are two stances
    (
        "The [r:Academy] welcomed the [i:bursary] but called for an [i:inquiry].",
        [("Academy", "endorses"), ("Academy", "calls-for")],
    ),
    (
        "The [r:Academy] doubts the figures; it called for an [i:inquiry].",
        [("Academy", "calls-for")],
    ),
    # a clause beside it without goals or instruments gives none
    (
        "The [r:Academy] called for an [i:inquiry], because [u:firms] pay nothing.",
        [("Academy", "calls-for")],
    ),
]


@pytest.mark.parametrize(("source", "expected"), ONE_SENTENCE)
def test_a_sentence_gives_its_speakers_and_stance(source: str, expected: list[Stance]) -> None:
    assert stances(source) == expected


def test_what_is_feared_to_be_endangered_is_not_opposed() -> None:
    found = marked(
        "[u:Unions] reject the [i:junior chairs] as a danger to [g:permanent employment]."
    )
    assert found.stances() == [("Unions", "opposes", ["junior chairs"])]


def test_the_items_of_a_list_take_the_stance_of_the_sentence_that_opens_it() -> None:
    source = (
        "The [r:Agency] pursues two aims:\n\n- to [g:launch more ships];\n- [g:cleaner ports].\n"
    )
    assert stances(source) == [("Agency", "commits-to"), ("Agency", "commits-to")]


@pytest.mark.parametrize("mark", ["- (b) ", "(b) ", "- "])
def test_a_duty_in_a_list_is_laid_on_its_subject(mark: str) -> None:
    source = (
        "The [r:Fleet Office] wants to build a [i:harbour].\n\nMeasures follow:\n\n"
        f"{mark}The [r:Agency] shall introduce a [i:levy].\n"
        f"{mark}[u:Firms] shall pay for the [i:port plan].\n"
    )
    found = [
        (s.speaker, s.modality, [a.name for a in s.addressee])
        for s in marked(source).statements()[1:]
    ]
    assert found == [(None, "requires", ["Agency"]), (None, "requires", ["Firms"])]


def test_a_law_in_the_present_tells_duties() -> None:
    source = (
        "Article 1\n\nThe [r:Agency] manages the [i:levy].\n\n"
        "Article 2\n\nThe [r:Agency] launched the [i:port plan].\n"
    )
    assert stances(source) == [("Agency", "assesses"), ("Agency", "carries-out")]


def test_nobody_speaks_where_the_text_does_not_say_who_they_are() -> None:
    source = "We will pay for the [i:fund] of the [r:Fleet Office]. {} rejected the [i:levy]."
    assert stances(source.format("They"), issuer="Fleet Office") == [("Fleet Office", "commits-to")]
    assert stances(source.format("We"), issuer="Fleet Office")[-1] == ("Fleet Office", "opposes")


def test_two_subjects_share_out_the_content() -> None:
    found = marked(
        "The [r:Ministry] launched a [i:quantum fund], "
        "and the [r:Space Agency] will open a [i:test centre]."
    ).statements()
    assert [(s.speaker and s.speaker.name, [c.name for c in s.content]) for s in found] == [
        ("Ministry", ["quantum fund"]),
        ("Space Agency", ["test centre"]),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "[u:Universities] must [g:open their laboratories].",
        "The [r:Academy] calls on [u:universities] to [g:open their laboratories].",
        "The [r:Academy] urged [u:universities] to [g:open their laboratories].",
        "[u:Universities] are required to [g:open their laboratories].",
    ],
)
def test_those_who_are_to_act_are_addressed(source: str) -> None:
    (statement,) = marked(source).statements()
    assert [(a.name or "").lower() for a in statement.addressee] == ["universities"]


def test_nobody_is_addressed_where_nobody_is_asked() -> None:
    (statement,) = marked("The [r:Academy] welcomed the [i:levy] of [c:Norway].").statements()
    assert statement.addressee == []


QUOTED: list[tuple[str, list[Stance]]] = [
    (
        "“We must [g:protect young scientists],” said [o:Rector] [p:Ines Holm].",
        [("Ines Holm", "calls-for")],
    ),
    (
        "“The [i:levy] is a mistake,” [p:Ines Holm] said. “It will [g:harm basic research].”",
        [("Ines Holm", "opposes"), ("Ines Holm", "commits-to")],
    ),
    (
        "[p:Ines Holm] spoke. “The [i:levy] is vital. We need [g:more laboratories],” she added.",
        [("Ines Holm", "endorses"), ("Ines Holm", "calls-for")],
    ),
    (
        "According to [p:Ines Holm], the [i:levy] should be dropped.",
        [("Ines Holm", "calls-for")],
    ),
    (  # what others do is only told
        "“The [r:Board] runs the [i:levy] badly,” said [p:Ines Holm].",
        [("Ines Holm", "assesses")],
    ),
    (
        "“[c:Norway]’s [i:levy] will transform schools,” said [p:Ines Holm].",
        [("Ines Holm", "endorses")],
    ),
    (
        "[p:Ines Holm] argued that the [i:levy] must go.",
        [("Ines Holm", "calls-for")],
    ),
]


@pytest.mark.parametrize(("source", "expected"), QUOTED)
def test_the_one_quoted_or_reported_speaks(source: str, expected: list[Stance]) -> None:
    assert stances(source) == expected


def test_words_in_quotation_marks_are_verbatim() -> None:
    (quoted,) = marked("“We must [g:protect scientists],” said [p:Ines Holm].").statements()
    (reported,) = marked("[p:Ines Holm] urged us to [g:protect scientists].").statements()
    (narrated,) = marked("The [i:levy] is a mistake.").statements()
    assert [s.attribution for s in (quoted, reported, narrated)] == [
        "verbatim",
        "paraphrase",
        "narrator",
    ]


def test_a_document_speaks_for_the_actor_behind_it() -> None:
    source = "The [d:report by the [r:Audit Office]] recommends a [i:new levy]."
    (statement,) = marked(source).statements()
    assert statement.speaker is not None
    assert (statement.speaker.name, statement.modality, statement.attribution) == (
        "Audit Office",
        "calls-for",
        "metonymy",
    )


LISTS = """The [r:Space Agency] will take three steps:

- [g:train engineers]
- open a [i:launch site]
- Welcoming the [i:satellite treaty]
"""


def test_items_go_on_with_the_sentence_that_opens_their_list() -> None:
    assert stances(LISTS) == [
        ("Space Agency", "commits-to"),
        ("Space Agency", "commits-to"),
        ("Space Agency", "endorses"),
    ]


def test_a_list_speaks_for_nobody_known_from_before_its_heading() -> None:
    source = "The [r:Space Agency] opened a [i:launch site].\n\nAims\n\n- [g:train engineers]\n"
    assert "Space Agency" not in [who for who, _ in stances(source)[1:]]


@pytest.mark.parametrize(
    "line",
    [
        "Support schools, including by a [i:new bursary].",
        "Build on past work to [g:train divers].",
        "Cooperating closely to [g:train divers].",
    ],
)
def test_a_sentence_without_subject_is_what_its_issuer_will_do(line: str) -> None:
    source = f"PRESS RELEASE: [r:Marine Institute] on Divers\n\n{line}"
    assert stances(source)[-1] == ("Marine Institute", "commits-to")


def test_an_item_that_is_all_goal_goes_on_with_its_list() -> None:
    source = "[c:Chile] announced:\n\n- [g:Promoting trade], including by working with others;\n"
    assert stances(source) == [("Chile", "carries-out")]


def test_a_list_says_what_is_planned_though_nobody_is_named() -> None:
    source = "The [i:sea plan] sets aims.\n\nThe [i:sea plan] will do this:\n\n- [g:train divers]\n"
    assert stances(source)[-1] == (None, "commits-to")


def test_a_lead_that_names_nobody_may_speak_by_a_pronoun() -> None:
    source = "The [u:sea ministers] met [r:Acme].\n\nThey agreed to\n\n- [g:train divers]\n"
    assert stances(source) == [("sea ministers", "commits-to")]


def test_a_list_speaks_for_nobody_else_where_its_speaker_has_no_name() -> None:
    source = (
        "The [r:Space Agency] opened a [i:launch site].\n\nThe pilots intend to\n\n"
        "- [g:train engineers]\n"
    )
    assert "Space Agency" not in [who for who, _ in stances(source)[1:]]


def test_a_list_speaks_for_the_author_of_the_document_that_it_stands_in() -> None:
    source = (
        "A [d:report by [r:Delta Labs]] came. Two steps are proposed in the [d:report by "
        "[r:Delta Labs]]:\n\n* a [i:seed fund]\n* a [i:loan scheme]\n"
    )
    assert [who for who, _ in stances(source)] == ["Delta Labs"] * 2


def test_an_item_in_the_base_form_is_not_done_yet() -> None:
    source = "The [r:Space Agency] launched three steps:\n\n* Expand the [i:launch site]\n"
    assert stances(source)[-1] == ("Space Agency", "commits-to")


PRONOUNS: list[tuple[str, Stance]] = [
    (
        "[p:Ines Holm] opened the meeting. She called for a [i:chip fund].",
        ("Ines Holm", "calls-for"),
    ),
    (
        "The [r:Arts Council] met in Oslo. It launched a [i:film fund].",
        ("Arts Council", "carries-out"),
    ),
    (
        "[u:Student unions] met in Oslo. They oppose the [i:tuition levy].",
        ("Student unions", "opposes"),
    ),
    (
        "[c:Chile] and [c:Peru] met in Lima. Both sides agreed to [g:share data].",
        ("Chile", "commits-to"),
    ),
    (
        "The [r:Arts Council] met. The council launched a [i:film fund].",
        ("Arts Council", "carries-out"),
    ),
    (
        "The [u:arts ministers] met in [c:Peru]. The ministers agreed to launch a [i:film fund].",
        ("arts ministers", "commits-to"),
    ),
    # nobody who is only named in passing
    ("A speech was held in [c:Peru]. It called for a [i:film fund].", (None, "calls-for")),
    ("The leaders met [u:painters]. They called for a [i:film fund].", (None, "calls-for")),
    ("[u:Nurses] spoke to [u:painters]. They want a [i:film fund].", ("Nurses", "calls-for")),
]


@pytest.mark.parametrize(("source", "expected"), PRONOUNS)
def test_a_pronoun_or_general_noun_means_the_one_before(source: str, expected: Stance) -> None:
    assert stances(source)[0] == expected


def test_a_press_release_speaks_with_the_issuer_in_its_header() -> None:
    source = (
        "PRESS RELEASE: [r:Marine Institute] Opens Station\n\n"
        "The [i:research station] will [g:improve forecasts]."
    )
    assert stances(source)[-1] == ("Marine Institute", "endorses")


def test_a_name_above_the_words_press_release_is_the_issuer() -> None:
    source = "[r:Marine Institute]\n\nMedia release\n\nThe [i:research station] is vital."
    assert stances(source)[-1] == ("Marine Institute", "endorses")


def test_the_author_of_a_byline_speaks_in_the_first_person_only() -> None:
    own = "By [p:Ines Holm]\n\nI oppose the [i:levy]. I want my [i:bursary] back."
    told = (
        "By [p:Ines Holm]\n\nThe [i:levy] is vital. “I want my [i:bursary],” she heard. It rained."
    )
    told += " Nobody went home."
    assert stances(own)[0] == ("Ines Holm", "opposes")
    assert stances(told)[0] == (None, "endorses")


def test_rows_of_tables_and_menus_are_no_statements() -> None:
    source = (
        "The [r:Board] launched a [i:tide law].\n\nHome | News | [i:Sea Fund] | About\n\n"
        "| Programme | Budget |\n|---|---|\n| [i:Sea Fund] | EUR 4 million |\n"
    )
    assert len(stances(source)) == 1


@pytest.mark.parametrize(
    ("issuer", "speaker"),
    [
        ("Norwegian Ministry of Research of Norway", None),
        ("Government of Norway", "Norway"),
        ("Marine Council of Norway", "Marine Council"),
    ],
)
def test_a_country_or_a_bare_head_is_no_name_of_the_issuer(
    issuer: str, speaker: str | None
) -> None:
    text = (
        "[c:Norway] is far. The [r:Ministry] is near. The [r:Marine Council] met. "
        "We will [g:double research]."
    )
    assert stances(text, issuer)[-1] == (speaker, "commits-to")


def test_the_issuer_of_the_metadata_speaks_in_the_first_person_only() -> None:
    first = "[r:Marine Institute]\n\nWe will open a [i:research station]. Our [i:fund] is vital."
    third = "The [r:Marine Institute] met in Cork today.\n\nThe [i:research station] is vital."
    assert stances(first, issuer="Marine Institute")[0] == ("Marine Institute", "commits-to")
    assert stances(third, issuer="Marine Institute")[-1] == (None, "endorses")


def test_a_name_and_colon_open_the_turn_of_a_speaker() -> None:
    source = (
        "The [o:MINISTER OF FISHERIES]: Chairperson, I present the [i:harbour plan] today.\n\n"
        "The [i:harbour plan] is vital."
    )
    assert [who for who, _ in stances(source)] == ["MINISTER OF FISHERIES"] * 2


def test_parties_speak_under_the_name_they_take() -> None:
    source = (
        "[c:Chile] and [c:Peru] (hereinafter referred to as the “[u:Participants]”),\n\n"
        "Recognizing the importance of [g:shared data],\n\nhave agreed on the [i:data pact]."
    )
    assert ("Participants", "endorses") in stances(source)


def test_text_without_goals_and_instruments_has_no_statements() -> None:
    assert stances("The [r:Academy] urged [u:ministers] to be patient.") == []


def test_a_heading_without_an_act_is_no_statement() -> None:
    assert stances("[g:Strengthening basic research]\n\nThe [r:Academy] met.") == []


def test_a_measure_that_nobody_does_or_wants_is_no_policy() -> None:
    assert stances("The [i:tide programme] has many parts. It was named after a ship.") == []


ON_IT: list[tuple[str, Stance]] = [
    ("[u:Critics] opposed it.", ("Critics", "opposes")),
    ("[p:Ines Holm] supported it.", ("Ines Holm", "endorses")),
    ("The [r:Academy] called it a mistake.", ("Academy", "opposes")),
]


@pytest.mark.parametrize(("source", "expected"), ON_IT)
def test_it_means_the_measure_spoken_of_before(source: str, expected: Stance) -> None:
    before = "[c:Norway] launched a [i:fish fund]. "
    _, found = marked(before + source).statements()
    assert (found.speaker and found.speaker.name, found.modality) == expected
    assert [c.name for c in found.content] == ["fish fund"]


@pytest.mark.parametrize(
    "source", ["[u:Critics] read it.", "It rained. It rained. [u:Critics] opposed it."]
)
def test_it_is_not_followed_far_nor_for_any_act(source: str) -> None:
    before = "[c:Norway] launched a [i:fish fund]. The sea rose. "
    assert len(marked(before + "It rained. " + source).statements()) == 1


def test_a_list_speaks_with_those_whose_meeting_opens_it() -> None:
    source = (
        "The [r:Sea Board] held its [e:spring session]. [p:Ines Holm] urged [u:ports] to "
        "[g:cut noise].\n\nThe [e:spring session] called for the following:\n\n"
        "* [i:plan offices] in all ports;\n* [i:new buoys] before they are needed.\n"
    )
    assert stances(source)[1:] == [("Sea Board", "calls-for")] * 2
