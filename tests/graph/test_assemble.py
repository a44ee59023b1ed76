import os
import re
import subprocess
import sys

import pytest

from graph.assemble import COUNTRY, ISSUER, assemble
from graph.competency import question
from graph.describe import describe
from graph.queries import facts
from graph.records import Assigned, Extraction, Text
from graph.store import Store, memory_store
from tests.graph.sample import RUN, extraction_of, iris_of, span, text_of

BASE = "https://w3id.org/scipol/"


def nquads(text: Text, extraction: Extraction, **more: str) -> bytes:
    return assemble(text, extraction, iris_of(extraction) | more, RUN)


@pytest.fixture
def text() -> Text:
    return text_of()


@pytest.fixture
def store(text: Text) -> Store:
    return memory_store(nquads(text, extraction_of(text)))


def values(store: Store, pattern: str) -> list[str]:
    """The values of ?x in a pattern, IRIs without the part they share."""
    rows = store.select(f"SELECT ?x {{ {pattern} }} ORDER BY ?x").rows
    return [term.value.removeprefix(f"{BASE}id/").removeprefix(f"{BASE}voc/") for (term,) in rows]


def test_the_bytes_are_those_that_the_engine_gives_back(text: Text, store: Store) -> None:
    graph = f"{BASE}graph/{RUN.id}/{text.sha16}"
    assert store.graphs() == [graph]
    assert store.dump_graph(graph) == nquads(text, extraction_of(text))
    assert b"_:" not in store.dump()


def test_the_bytes_do_not_depend_on_the_order_of_what_was_found(text: Text) -> None:
    whole = extraction_of(text)
    backwards = whole.model_copy(
        update={
            "entities": whole.entities[::-1],
            "statements": whole.statements[::-1],
            "relations": whole.relations[::-1],
        }
    )
    assert nquads(text, whole) == nquads(text, backwards)


def test_the_bytes_are_the_same_in_another_process() -> None:
    program = (
        "import hashlib; from tests.graph.sample import *; from graph.assemble import assemble;"
        "t = text_of(); x = extraction_of(t);"
        "print(hashlib.sha256(assemble(t, x, iris_of(x), RUN)).hexdigest())"
    )
    prints = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(prints) == 1


def test_the_text_and_its_document_are_described(text: Text, store: Store) -> None:
    version = f"<{BASE}id/text/{text.sha16}>"
    assert values(store, f"{version} scip:sha256 ?x") == [text.sha256]
    assert values(store, f"{version} scip:charCount ?x") == [str(len(text.content))]
    assert values(store, f"{version} scip:versionOf/dct:identifier ?x") == ["plan"]
    assert values(store, f"{version} scip:versionOf/dct:title ?x") == ["The plan"]
    assert values(store, f"{version} scip:versionOf/dct:issued ?x") == ["2024-05-02"]
    assert values(store, f"?run prov:used {version} ; scip:codeRevision ?x") == ["7"]


def test_metadata_become_things_where_they_are_known() -> None:
    text = text_of(issuer="Royal Society", country="GBR", genre="speech", source="https://a.b/c d")
    issuer, country = f"{BASE}id/organization/rs", f"{BASE}id/country/gb"
    store = memory_store(
        nquads(text, Extraction(document="plan"), **{ISSUER: issuer, COUNTRY: country})
    )
    assert values(store, "?d a scip:Document ; dct:publisher ?x") == ["organization/rs"]
    assert values(store, "?d a scip:Document ; scip:jurisdiction ?x") == ["country/gb"]
    assert values(store, "?d a scip:Document ; scip:kind ?x") == ["doc-kind/speech"]
    assert values(store, f"<{issuer}> a scip:Organization ; rdfs:label ?x") == ["Royal Society"]
    assert values(store, "?d dct:bibliographicCitation ?x") == ["https://a.b/c d"]
    person = {ISSUER: f"{BASE}id/person/x"}
    store = memory_store(nquads(text, Extraction(document="plan"), **person))
    assert values(store, "?d a scip:Document ; dct:creator ?x") == ["person/x"]


@pytest.mark.parametrize("genre", ["news", "strategy", "law", "speech", "statement", "News report"])
def test_plain_words_are_genres(genre: str) -> None:
    text = text_of(genre=genre)
    store = memory_store(nquads(text, Extraction(document="plan")))
    (kind,) = values(store, "?d a scip:Document ; scip:kind ?x")
    assert kind == f"doc-kind/{genre.split()[0].lower()}"


def test_every_span_quotes_what_stands_at_its_offsets(text: Text, store: Store) -> None:
    rows = store.select(
        "SELECT ?s ?b ?e ?q "
        "{ ?s a scip:EvidenceSpan ; scip:start ?b ; scip:end ?e ; scip:quote ?q }"
    ).rows
    assert len(rows) > 15
    for node, start, end, quote in rows:
        assert text.content[int(start.value) : int(end.value)] == quote.value
        assert node.value.endswith(f"{text.sha16}#char={start.value},{end.value}")
        assert quote.language == "en"


def test_mentions_lead_to_entities_with_type_and_confidence(store: Store) -> None:
    mentioned = values(store, "?s scip:mentions ?x ; scip:quote 'network'@en")
    assert mentioned == ["instrument/network"]
    assert values(store, "?x a scip:Person ; scip:confidence 0.9") == ["person/ada"]


def test_names_suggest_kinds(store: Store) -> None:
    of = f"<{BASE}id/%s>"
    types = values(store, f"{of % 'instrument/network'} scip:instrumentType ?x")
    assert types == ["instrument-type/pi021"]
    assert values(store, f"{of % 'actorgroup/young'} scip:kind ?x") == ["target-group/tg11"]


def test_what_the_extractor_assigned_is_a_classification_with_its_words(text: Text) -> None:
    made = extraction_of(text)
    concepts = (
        Assigned(scheme="instrument-type", code="pi022", confidence=0.62),
        Assigned(scheme="theme", code="th24", confidence=0.71),
    )
    network = next(e for e in made.entities if e.id == "network")
    changed = network.model_copy(update={"concepts": concepts})
    entities = tuple(changed if e is network else e for e in made.entities)
    store = memory_store(nquads(text, made.model_copy(update={"entities": entities})))
    node = f"<{BASE}id/instrument/network>"
    # The cue "network" is asked no more: the extractor has looked at it.
    assert values(store, f"{node} scip:instrumentType ?x") == ["instrument-type/pi022"]
    assert values(store, f"{node} scip:theme ?x") == ["theme/th24"]
    record = f"?r a scip:Classification ; scip:classifies {node} ; scip:classifiedAs ?k"
    assert values(store, f"{record} ; scip:confidence ?x") == ["0.62", "0.71"]
    assert set(values(store, f"{record} ; scip:evidence/scip:quote ?x")) == {network.name}
    sure = {f.property: f.confidence for f in facts(store, f"{BASE}id/instrument/network")}
    assert (sure["instrumentType"], sure["theme"]) == (0.62, 0.71)
    shown = {p.name: p.values[0].confidence for p in describe(store, node[1:-1]).properties}
    assert (shown["instrumentType"], shown["theme"]) == (0.62, 0.71)


def test_a_statement_says_who_takes_which_stance_on_what(store: Store) -> None:
    said = "?s scip:modality <https://w3id.org/scipol/voc/modality/commits-to>"
    assert values(store, f"{said} ; scip:speaker ?x") == ["organization/council"]
    assert values(store, f"{said} ; scip:content ?x") == ["goal/basic", "instrument/network"]
    assert values(store, f"{said} ; scip:addressee ?x") == ["actorgroup/young"]
    assert values(store, f"{said} ; scip:attribution ?x") == ["attribution/paraphrase"]
    assert values(store, f"{said} ; scip:statedOn ?x") == ["2024-05-02"]
    assert values(store, f"{said} ; scip:confidence ?x") == ["0.8"]
    assert values(store, f"{said} ; scip:status ?x") == ["status/candidate"]
    (quote,) = values(store, f"{said} ; scip:evidence/scip:quote ?x")
    assert quote.startswith("The Research Council will build")


def test_a_speaker_with_one_post_at_one_event_speaks_in_it_and_there() -> None:
    content = "At the Jena Forum, Minister Ada Kern promised open science."
    text = text_of(content)

    def found(posts: tuple[str, ...]) -> Store:
        names = {"e1": ("Person", "Ada Kern"), "e2": ("Event", "Jena Forum")}
        names |= {"e3": ("Goal", "open science")}
        names |= {f"p{i}": ("Post", post) for i, post in enumerate(posts)}
        relations = [("e2", "participant", "e1")]
        relations += [("e1", "holdsPost", f"p{i}") for i in range(len(posts))]
        whole = {"start": 0, "end": len(content), "text": content}
        said = {"speaker": "e1", "modality": "commits-to", "content": ["e3"], "evidence": whole}
        extraction = Extraction.model_validate(
            {
                "document": "plan",
                "entities": [
                    {"id": i, "type": t, "name": n, "mentions": [span(text, n)]}
                    for i, (t, n) in names.items()
                ],
                "statements": [said],
                "relations": [
                    {"subject": s, "predicate": p, "object": o, "evidence": whole}
                    for s, p, o in relations
                ],
            }
        )
        iris = {i: f"{BASE}id/{t.lower()}/{i}" for i, (t, _) in names.items()}
        return memory_store(assemble(text, extraction, iris, RUN))

    assert values(found(("Minister",)), "?s scip:inCapacityOf ?x") == ["post/p0"]
    assert values(found(("Minister",)), "?s scip:madeAt ?x") == ["event/e2"]
    # With two posts the text does not say in which of them she speaks.
    assert values(found(("Minister", "Ada")), "?s scip:inCapacityOf ?x") == []


def test_the_wording_of_a_goal_suggests_its_theme() -> None:
    text = text_of("Universities want open science.")
    goal = {"id": "e1", "type": "Goal", "name": "open science"}
    extraction = Extraction.model_validate(
        {"document": "plan", "entities": [goal | {"mentions": [span(text, "open science")]}]}
    )
    store = memory_store(assemble(text, extraction, {"e1": f"{BASE}id/goal/open"}, RUN))
    assert values(store, "?g scip:theme ?x") == ["theme/open-science"]


def test_where_the_document_speaks_its_issuer_does() -> None:
    narrated = "?s scip:attribution <https://w3id.org/scipol/voc/attribution/narrator>"
    text = text_of(issuer="Royal Society")
    issuer = f"{BASE}id/organization/rs"
    store = memory_store(nquads(text, extraction_of(text), **{ISSUER: issuer}))
    assert values(store, f"{narrated} ; scip:speaker ?x") == ["organization/rs"]
    store = memory_store(nquads(text, extraction_of(text)))
    assert values(store, f"{narrated} ; scip:content ?x") == ["goal/spending"]
    assert values(store, f"{narrated} ; scip:speaker ?x") == []


def test_a_newspaper_does_not_take_the_stances_that_it_reports() -> None:
    text = text_of(issuer="Port Ansel Courier", genre="news")
    issuer = f"{BASE}id/organization/courier"
    store = memory_store(nquads(text, extraction_of(text), **{ISSUER: issuer}))
    narrated = "?s scip:attribution <https://w3id.org/scipol/voc/attribution/narrator>"
    assert values(store, f"{narrated} . BIND(1 AS ?x)")
    assert not values(store, f"{narrated} ; scip:speaker ?x")


def test_what_the_issuer_says_by_name_and_as_narrator_is_one_statement() -> None:
    """As sure as the surer of the two, and with one attribution."""
    text = text_of(issuer="the council")
    whole = extraction_of(text)
    named = whole.statements[0]
    both = (named, named.model_copy(update={"speaker": None, "confidence": 0.3}))
    extraction = whole.model_copy(update={"statements": both})
    issuer = iris_of(extraction)["council"]
    for order in (both, both[::-1]):
        found = extraction.model_copy(update={"statements": order})
        store = memory_store(nquads(text, found, **{ISSUER: issuer}))
        assert len(values(store, "?x a scip:Statement")) == 1
        assert values(store, "?s a scip:Statement ; scip:confidence ?x") == ["0.8"]
        assert values(store, "?s a scip:Statement ; scip:attribution ?x") == [
            "attribution/paraphrase"
        ]


def test_a_relation_is_a_triple_and_a_claim_with_its_evidence(store: Store) -> None:
    assert values(store, "?i scip:servesGoal ?x") == ["goal/basic"]
    claim = "?c scip:claimPredicate scip:servesGoal"
    assert values(store, f"{claim} ; scip:claimSubject ?x") == ["instrument/network"]
    assert values(store, f"{claim} ; scip:claimObject ?x") == ["goal/basic"]
    assert values(store, f"{claim} ; scip:confidence ?x") == ["0.75"]
    assert values(store, f"{claim} ; scip:evidence/scip:quote ?x") == [
        "network to strengthen basic research"
    ]
    assert values(store, "?i scip:field ?x") == ["field/field"]


def test_who_holds_a_post_is_a_tenure(store: Store) -> None:
    assert values(store, "?t a scip:Tenure ; scip:holder ?x") == ["person/ada"]
    assert values(store, "?t a scip:Tenure ; scip:fillsPost ?x") == ["post/director"]
    assert values(store, "?p scip:postIn ?x") == ["organization/council"]
    assert values(store, "?c a scip:Claim ; scip:claimPredicate ?x ; scip:claimSubject ?p . "
                         "?p a scip:Person") == []  # fmt: skip


def test_money_of_an_instrument_is_its_budget(store: Store) -> None:
    budget = "?i scip:budget ?q . ?q"
    assert values(store, f"{budget} scip:value ?x") == ["1500000000"]
    (unit,) = values(store, f"{budget} scip:unit ?x")
    assert unit.endswith("/currency/USD")
    assert values(store, f"{budget} scip:quantityText ?x") == ["$1.5 billion"]


def test_money_whose_currency_is_not_told_is_a_budget_too() -> None:
    text = text_of("The centre will cost 310 million crowns.")
    centre = {"type": "Instrument", "name": "centre"}
    store = relation(text, "amount", centre, {"type": "Quantity", "name": "310 million crowns"})
    (row,) = store.select(question("largest-budgets").sparql).rows
    assert row[0].value == "unnamed-currency"
    assert values(store, "?i scip:budget/scip:unit ?x") == ["unit/unnamed-currency"]


def test_a_goal_with_a_figure_is_a_target(store: Store) -> None:
    target = "?t a scip:Goal, scip:Target"
    assert values(store, f"{target} ; scip:targetValue/scip:value ?x") == ["3"]
    assert values(store, f"{target} ; scip:targetValue/scip:unit ?x") == ["unit/percent"]
    assert values(store, f"{target} ; scip:deadline ?x") == ["2030-12-31"]
    assert values(store, f"{target} ; scip:deadlineText ?x") == ["by 2030"]
    assert values(store, f"{target} ; scip:comparator ?x") == ["comparator/at-least"]
    deadline = "?c scip:claimPredicate scip:deadline"
    assert values(store, f"{deadline} ; scip:claimLiteral ?x") == ["2030-12-31"]


def relation(text: Text, predicate: str, subject: dict, object_: dict) -> Store:
    """The graph of one relation between two entities, given as type and words."""
    entities = [
        {"id": id_, "type": e["type"], "name": e["name"], "mentions": [span(text, e["name"])]}
        for id_, e in (("s", subject), ("o", object_))
    ]
    fact = {"subject": "s", "predicate": predicate, "object": "o"}
    extraction = Extraction.model_validate(
        {
            "document": text.document.name,
            "entities": entities,
            "relations": [fact | {"evidence": span(text, text.content)}],
        }
    )
    return memory_store(nquads(text, extraction))


@pytest.mark.parametrize(
    ("type_", "property_"), [("Organization", "dct:publisher"), ("Person", "dct:creator")]
)
def test_bodies_publish_and_persons_write(type_: str, property_: str) -> None:
    text = text_of("The White Book by Ada Lind")
    store = relation(
        text,
        "publishedBy",
        {"type": "Document", "name": "White Book"},
        {"type": type_, "name": "Ada Lind"},
    )
    assert values(store, f"?d {property_} ?x") == [f"{type_.lower()}/o"]


def test_a_period_of_an_instrument_has_two_dates() -> None:
    text = text_of("The Space Programme runs 2021–2027.")
    programme = {"type": "Instrument", "name": "Space Programme"}
    store = relation(text, "amount", programme, {"type": "Quantity", "name": "2021–2027"})
    assert values(store, "?i scip:startDate ?x") == ["2021-01-01"]
    assert values(store, "?i scip:endDate ?x") == ["2027-12-31"]
    assert values(store, "?x a scip:Quantity") == []


@pytest.mark.parametrize(
    ("words", "date", "property_", "day", "stage"),
    [
        (
            "The programme shall start no later than {}.",
            "1 July 2026",
            "deadline",
            "2026-07-01",
            "planned",
        ),
        ("The programme shall be complete by {}.", "2028", "deadline", "2028-12-31", "planned"),
        ("The programme is extended until {}.", "2032", "endDate", "2032-12-31", None),
        ("The programme ended in {}.", "2020", "endDate", "2020-12-31", "ended"),
        ("The programme has run since {}.", "2020", "startDate", "2020-01-01", "running"),
        ("The programme runs from {}.", "1 January 2027", "startDate", "2027-01-01", "planned"),
    ],
)
def test_a_date_of_an_instrument_is_its_beginning_end_or_deadline(
    words: str, date: str, property_: str, day: str, stage: str | None
) -> None:
    text = text_of(words.format(date))
    programme = {"type": "Instrument", "name": "programme"}
    store = relation(text, "amount", programme, {"type": "Quantity", "name": date})
    assert values(store, f"?i scip:{property_} ?x") == [day]
    assert values(store, f"?c scip:claimPredicate scip:{property_} ; scip:claimLiteral ?x") == [day]
    assert values(store, "?i scip:lifecycle ?x") == ([f"lifecycle/{stage}"] if stage else [])
    how = "?c a scip:Classification ; scip:evidence ?e ; scip:classifiedAs ?x"
    assert values(store, how) == ([f"lifecycle/{stage}"] if stage else [])


def test_a_date_is_read_where_it_is_said_of_the_instrument() -> None:
    text = text_of("Emissions shall fall by 2032. The programme is extended until 2032.")
    first, second = (m.start() for m in re.finditer("2032", text.content))
    mentions = [{"start": at, "end": at + 4, "text": "2032"} for at in (first, second)]
    extraction = Extraction.model_validate(
        {
            "document": "plan",
            "entities": [
                {"id": "i", "type": "Instrument", "name": "programme"}
                | {"mentions": [span(text, "programme")]},
                {"id": "q", "type": "Quantity", "name": "2032", "mentions": mentions},
            ],
            "relations": [
                {"subject": "i", "predicate": "amount", "object": "q"}
                | {"evidence": span(text, "The programme is extended until 2032.")}
            ],
        }
    )
    store = memory_store(nquads(text, extraction))
    assert values(store, "?i scip:endDate ?x") == ["2032-12-31"]
    assert values(store, "?i scip:deadline ?x") == []


@pytest.mark.parametrize(
    ("before", "marked"),
    [
        ("from 1.9 per cent to ", "2.8 per cent of GDP by 2032"),
        ("from 1.9 to ", "2.8 per cent of GDP by 2032"),
        ("from ", "1.9 to 2.8 per cent of GDP by 2032"),
    ],
)
def test_the_figure_that_a_target_begins_from_is_its_baseline(before: str, marked: str) -> None:
    goal = {"type": "Goal", "name": "raise expenditure on research and development"}
    text = text_of(f"We will {goal['name']} {before}{marked}.")
    store = relation(text, "amount", goal, {"type": "Quantity", "name": marked})
    assert values(store, "?t scip:targetValue/scip:value ?x") == ["2.8"]
    assert values(store, "?t scip:baselineValue/scip:value ?x") == ["1.9"]
    assert values(store, "?t scip:baselineValue/a ?x") == [f"{BASE}ns#Quantity"]
    assert values(store, "?t scip:deadline ?x") == ["2032-12-31"]
    assert values(store, "?t scip:metric ?x") == ["metric/rd-expenditure"]
    (row,) = store.select(question("distance-to-target").sparql).rows
    assert [float(cell.value) for cell in row[1:4]] == [2.8, 1.9, 0.9]


def test_a_baseline_that_was_found_by_itself_is_no_second_target() -> None:
    goal = {"type": "Goal", "name": "raise the share of women"}
    text = text_of("We will raise the share of women from 24 per cent to 40 per cent.")
    store = relation(text, "amount", goal, {"type": "Quantity", "name": "24 per cent"})
    assert values(store, "?t scip:baselineValue/scip:value ?x") == ["24"]
    assert values(store, "?t scip:targetValue ?x") == []


def test_an_amount_that_is_no_figure_is_claimed_in_its_own_words() -> None:
    text = text_of("The Space Programme gets considerable sums.")
    programme = {"type": "Instrument", "name": "Space Programme"}
    store = relation(text, "amount", programme, {"type": "Quantity", "name": "considerable sums"})
    assert values(store, "?c scip:claimLiteral ?x") == ["considerable sums"]
    assert values(store, "?i scip:quantity ?x") == []


def test_what_has_no_iri_is_left_out_with_all_facts_about_it(text: Text) -> None:
    extraction = extraction_of(text)
    iris = iris_of(extraction)
    del iris["basic"], iris["council"]
    store = memory_store(assemble(text, extraction, iris, RUN))
    assert values(store, "?i scip:servesGoal ?x") == []
    assert values(store, "?p scip:postIn ?x") == []
    said = "?s scip:modality <https://w3id.org/scipol/voc/modality/commits-to>"
    assert values(store, f"{said} ; scip:content ?x") == ["instrument/network"]
    assert values(store, f"{said} ; scip:speaker ?x") == []


def test_a_thing_is_not_related_to_itself(text: Text) -> None:
    extraction = extraction_of(text)
    iris = iris_of(extraction)
    iris["network"] = iris["basic"]
    store = memory_store(assemble(text, extraction, iris, RUN))
    assert values(store, "?i scip:servesGoal ?x") == []


def test_there_are_few_quads_for_what_they_say(text: Text) -> None:
    mentions, statements, relations = 11, 2, 6
    quads = nquads(text, extraction_of(text)).count(b"\n")
    assert quads < 9 * mentions + 18 * statements + 16 * relations
