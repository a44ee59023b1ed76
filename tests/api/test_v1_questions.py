"""Relationship questions to the real application on the small world."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.store import open_reader
from tests.api.rest import V1, ask, copied, find, serving
from tests.graph.small_world import BASIC, FUND, MINISTRY, SPEAKER


@pytest.fixture(scope="module")
def client(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serving(copied(world, tmp_path_factory.mktemp("rest"))) as client:
        yield client


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("jose nunez", SPEAKER),
        ("JOSÉ NÚÑEZ", SPEAKER),
        ("aurora", FUND),
        ("王小明", "王小明"),
        ("基础研究", "加强基础研究"),
    ],
)
def test_things_are_found_whatever_the_accents_case_and_script(
    client: httpx.Client, typed: str, label: str
) -> None:
    assert label in [item["label"] for item in ask(client, "/search", q=typed)["items"]]


def test_search_counts_types_documents_and_connections(client: httpx.Client) -> None:
    found = ask(client, "/search", q="basic research")
    assert {"Goal", "Concept"} <= set(found["facets"])
    goal = next(item for item in found["items"] if item["label"] == BASIC)
    assert (goal["docs"], goal["degree"]) == (2, 5)
    only = ask(client, "/search", q="basic research", type="Goal")
    assert {item["type"] for item in only["items"]} == {"Goal"}
    assert only["facets"] == found["facets"]
    assert only["total"] == found["facets"]["Goal"]


def test_sentences_are_found_by_their_words(client: httpx.Client) -> None:
    (found,) = ask(client, "/search/sentences", q="drains laboratories")["items"]
    assert "«drains»" in found["marked"]
    assert found["document"]["title"] == "A speech in Sudland"
    assert ask(client, "/search/sentences", q="基础研究")["total"] == 1


def test_a_thing_comes_with_names_facts_documents_and_counts(client: httpx.Client) -> None:
    found = ask(client, f"/entities/{find(client, FUND)}")
    assert (found["label"], found["type"]) == (FUND, "Instrument")
    assert ("budget", "2 billion euros") in {(f["property"], f["value"]) for f in found["facts"]}
    assert [d["title"] for d in found["documents"]] == [
        "Norland passes a law",
        "A speech in Sudland",
    ]
    assert {(g["relation"], g["direction"]): g["neighbours"] for g in found["groups"]}[
        "opposes", "in"
    ] == 1


def test_a_thing_is_known_by_its_iri_as_well(client: httpx.Client) -> None:
    short = ask(client, f"/entities/{find(client, FUND)}")
    assert ask(client, f"/entities/{short['iri']}") == short


def test_each_count_opens_a_list_of_that_length(client: httpx.Client) -> None:
    thing = find(client, FUND)
    for group in ask(client, f"/entities/{thing}")["groups"]:
        found = ask(
            client,
            f"/entities/{thing}/neighbours",
            relation=group["relation"],
            direction=group["direction"],
        )
        assert found["total"] == len(found["items"]) == group["neighbours"]
        assert found["all"] == found["total"] + sum(found["hidden"].values())


def test_an_edge_leads_to_its_sentences_with_the_names_marked(client: httpx.Client) -> None:
    neighbour = ask(client, f"/entities/{find(client, FUND)}/neighbours", relation="opposes")
    found = ask(client, "/evidence", edge=neighbour["items"][0]["edge"])
    (item,) = found["items"]
    marked = {s["label"]: item["sentence"][s["start"] : s["end"]] for s in item["spans"]}
    assert marked[FUND] == FUND
    assert (item["kind"], item["method"], item["confidence"]) == ("statement", "sample 7", 0.8)
    by_fact = ask(client, "/evidence", fact=item["fact"])
    assert by_fact["items"] == found["items"]


def test_paths_show_the_evidence_of_each_hop(client: httpx.Client) -> None:
    ends = {"from": find(client, SPEAKER), "to": find(client, MINISTRY)}
    found = ask(client, "/paths", **ends)
    best = found["paths"][0]["steps"]
    assert [best[0]["source"]["label"], best[-1]["target"]["label"]] == [SPEAKER, MINISTRY]
    for step in best:
        (item,) = ask(client, "/evidence", edge=step["edge"])["items"]
        assert item["sentence"] == step["evidence"][0]["sentence"]
    without = ask(client, "/paths", **ends, avoid_type="Instrument")
    labels = {s["target"]["type"] for way in without["paths"] for s in way["steps"]}
    assert "Instrument" not in labels
    assert ask(client, "/paths", **ends, avoid_hubs=0, max=4)["paths"] == []


def test_what_is_not_connected_has_no_path(client: httpx.Client) -> None:
    found = ask(client, "/paths", **{"from": find(client, FUND), "to": find(client, "王小明")})
    assert (found["paths"], found["complete"]) == ([], True)


@pytest.mark.parametrize(
    ("conditions", "number"),
    [
        ({}, 10),
        ({"modality": "opposes"}, 2),
        ({"modality": "opposes", "since": "2024-09-09"}, 1),
        ({"until": "2023-12-31"}, 3),
        ({"confidence": "0.9"}, 0),
        ({"attribution": "paraphrase", "status": "candidate"}, 10),
        ({"status": "accepted"}, 0),
    ],
)
def test_statements_are_selected_by_conditions(
    client: httpx.Client, conditions: dict[str, str], number: int
) -> None:
    found = ask(client, "/statements", **conditions)
    assert found["total"] == len(found["items"]) == number


def test_statements_are_selected_by_things(client: httpx.Client) -> None:
    speaker, goal = find(client, SPEAKER), find(client, BASIC)
    assert ask(client, "/statements", speaker=speaker)["total"] == 2
    assert ask(client, "/statements", about=speaker, goal=goal)["total"] == 1
    (found,) = ask(client, "/statements", addressee=find(client, "universities"))["items"]
    assert found["speaker"]["label"] == "Ada Möller"
    assert found["document"]["date"] == "2023-03-01"


def test_the_query_of_an_answer_gives_it(client: httpx.Client, world: Path) -> None:
    found = ask(client, "/statements", speaker=find(client, SPEAKER))
    rows = client.post(
        "/sparql",
        content=found["sparql"],
        headers={"content-type": "application/sparql-query", "accept": "text/csv"},
    )
    assert rows.status_code == 200, rows.text
    table = list(csv.DictReader(io.StringIO(rows.text)))
    assert {row["statement"].rpartition("/id/")[2] for row in table} == {
        item["id"] for item in found["items"]
    }


@pytest.mark.parametrize(
    "path",
    [
        "/statements",
        "/gaps?gap=instruments-without-owner",
        "/coverage",
        "/timeline",
        "/documents",
        "/questions/2/answer",
    ],
)
def test_every_query_that_is_shown_runs_as_it_stands(client: httpx.Client, path: str) -> None:
    sparql = client.get(f"{V1}{path}").json()["sparql"]
    response = client.get("/sparql", params={"query": sparql})
    assert response.status_code == 200, response.text


def test_pages_put_together_are_the_list(client: httpx.Client) -> None:
    whole = ask(client, "/statements")["items"]
    items: list[Any] = []
    answer = client.get(f"{V1}/statements?limit=3")
    items += answer.json()["items"]
    while following := answer.links.get("next"):
        answer = client.get(following["url"])
        items += answer.json()["items"]
    assert items == whole
    assert len(whole) > 3


def test_lists_come_as_csv_where_that_is_accepted(client: httpx.Client) -> None:
    answer = client.get(f"{V1}/statements", headers={"accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    items = ask(client, "/statements")["items"]
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["id"] for row in rows] == [item["id"] for item in items]
    assert {row["speaker_label"] for row in rows} >= {SPEAKER, "王小明"}
    hostile = next(row for row in rows if "<script>" in row["content"])
    assert hostile["sentence"].startswith("Eve Hacker")


@pytest.mark.parametrize(
    "path",
    ["/search?q=research", "/coverage", "/network/degree", "/questions/2/answer", "/documents"],
)
def test_every_table_has_a_line_for_each_item(client: httpx.Client, path: str) -> None:
    answer = client.get(f"{V1}{path}", headers={"accept": "text/csv;q=0.9, text/html;q=0.1"})
    assert answer.status_code == 200
    assert len(list(csv.reader(io.StringIO(answer.text)))) > 1


def test_who_has_the_answer_of_this_state_is_told_so(client: httpx.Client) -> None:
    first = client.get(f"{V1}/timeline")
    again = client.get(f"{V1}/timeline", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"{V1}/timeline?unit=month")
    assert other.headers["etag"] != first.headers["etag"]


def test_documents_and_actors_are_compared(client: httpx.Client) -> None:
    by_name = {d["name"]: d["id"] for d in ask(client, "/documents")["items"]}
    found = ask(client, "/compare", a=by_name["north-law"], b=by_name["south-speech"])
    assert {s["thing"]["label"] for s in found["entities"]["both"]} == {
        BASIC,
        FUND,
        "attract talent",
    }
    actors = ask(client, "/compare", a=find(client, MINISTRY), b=find(client, SPEAKER))
    assert [thing["label"] for thing in actors["opposed"]] == [FUND]


def test_overviews_say_when_what_is_missing_and_what_was_read(client: httpx.Client) -> None:
    periods = ask(client, "/timeline")["periods"]
    assert [(p["period"], p["statements"]) for p in periods] == [("2023", 3), ("2024", 7)]
    gap = ask(client, "/gaps")
    assert gap["items"][0]["thing"]["label"] == "attract talent"
    assert gap["documents_read"] == 4
    assert ask(client, "/coverage", since="2025-01-01")["verdict"] == "not-covered"
    assert ask(client, "/coverage", modality="requires")["verdict"] == "not-found"


def test_measures_say_how_many_sentences_are_behind(client: httpx.Client) -> None:
    for name in (item["name"] for item in ask(client, "/network")["items"]):
        found = ask(client, f"/network/{name}", limit=500)
        assert found["total"] >= len(found["items"])
        assert all(
            thing["type"] and thing["label"] for item in found["items"] for thing in item["things"]
        )
    degree = ask(client, "/network/degree", type="Goal")["items"]
    assert degree[0]["things"][0]["label"] == BASIC
    assert degree[0]["sentences"] >= 3


def test_questions_are_listed_and_asked_with_parameters(client: httpx.Client) -> None:
    listed = ask(client, "/questions")["items"]
    assert len(listed) > 30
    assert ask(client, "/questions/2") == listed[1]
    name = listed[1]["parameters"][0]["name"]
    found = ask(client, "/questions/2/answer", set=f"{name}={BASIC}")
    assert BASIC in found["question"]
    assert found["total"] == len(found["rows"]) > 0


def test_a_document_is_read_with_its_marks_and_facts(client: httpx.Client) -> None:
    document = next(d for d in ask(client, "/documents")["items"] if d["name"] == "north-law")
    assert ask(client, f"/documents/{document['id']}") == document
    found = ask(client, f"/documents/{document['id']}/text")
    for passage in found["items"]:
        for span in passage["spans"]:
            assert passage["text"][span["start"] : span["end"]]
    facts = [fact for passage in found["items"] for fact in passage["facts"]]
    assert ask(client, "/evidence", fact=facts[0])["items"][0]["document"]["id"] == document["id"]


def test_version_and_vocabulary_say_what_there_is(client: httpx.Client, world: Path) -> None:
    with open_reader(world) as store:
        quads = len(store)
    found = ask(client, "/version")
    assert (found["quads"], found["documents"]) == (quads, 4)
    words = ask(client, "/vocab")
    assert words["types"]["Goal"] >= 4
    assert words["relations"]["servesGoal"] == 1
    assert "https://w3id.org/scipol/ns#servesGoal" in words["properties"]
    assert words["used_properties"]["https://w3id.org/scipol/ns#servesGoal"] == 1
    assert words["used_classes"]["https://w3id.org/scipol/ns#Goal"] >= 4
    for example in words["examples"]:
        assert client.get("/sparql", params={"query": example["query"]}).status_code == 200


BAD = [
    ("/search", 422),
    ("/search?q=", 422),
    ("/search?q=%00", 400),
    ("/search?q=%01", 422),
    ("/search?q=%FF", 400),
    ("/search?q=" + "x" * 10_000, 422),
    ("/search?q=a&type=Wish", 422),
    ("/search?q=a&q=b", 400),
    ("/statements?limit=0", 422),
    ("/statements?limit=-5", 422),
    ("/statements?limit=1000000000000000000000", 422),
    ("/statements?limit=ten", 422),
    ("/statements?limt=3", 400),
    ("/statements?since=yesterday", 422),
    ("/statements?since=0000-00-00", 422),
    ("/statements?until=9999-12-31", 422),
    ("/statements?confidence=2", 422),
    ("/statements?confidence=nan", 422),
    ("/statements?modality=shouts", 422),
    ("/statements?genre=sonnet", 400),
    ("/statements?status=%3E%20.%20%7D%20DROP%20ALL", 400),
    ("/statements?speaker=a%20b", 400),
    ("/statements?speaker=%3Chttp://x%3E", 400),
    ("/statements?cursor=nonsense", 400),
    ("/statements?cursor=WzEsMiwzXQ", 400),
    ("/entities/goal/none", 404),
    ("/entities/goal/no%00ne", 400),
    ("/entities/goal/none/neighbours", 404),
    ("/entities/", 400),
    ("/evidence", 400),
    ("/evidence?edge=a|b", 400),
    ("/evidence?edge=goal/a|servesGoal|goal/b", 404),
    ("/evidence?fact=claim/none", 404),
    ("/paths?from=goal/a", 422),
    ("/paths?from=goal/a&to=goal/b", 404),
    ("/paths?from=goal/a&to=goal/b&max=99", 422),
    ("/paths?from=goal/a&to=goal/b&k=-1", 422),
    ("/compare?a=goal/a&b=goal/b", 404),
    ("/network/charm", 422),
    ("/questions/999", 404),
    ("/questions/2/answer?set=colour=blue", 400),
    ("/questions/2/answer?set=nonsense", 400),
    ("/documents/document/none", 404),
    ("/documents/document/none/text", 404),
    ("/jobs/none", 404),
    ("/jobs/none/events", 404),
    ("/timeline?unit=century", 422),
    ("/gaps?gap=mind", 422),
    ("/nothing", 404),
]


@pytest.mark.parametrize(("path", "status"), BAD)
def test_bad_input_gets_a_status_and_a_sentence(
    client: httpx.Client, path: str, status: int
) -> None:
    answer = client.get(f"{V1}{path}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert len(problem["detail"]) > 5
    assert len(answer.content) < 2000


def test_a_format_that_is_not_on_offer_is_not_acceptable(client: httpx.Client) -> None:
    assert client.get(f"{V1}/statements", headers={"accept": "image/png"}).status_code == 406
    assert client.get(f"{V1}/vocab", headers={"accept": "text/csv"}).status_code == 406


def test_a_near_name_is_offered(client: httpx.Client) -> None:
    question = client.get(f"{V1}/questions/coverge")
    assert "coverage" in question.json()["near"]


def test_a_cursor_of_another_list_is_refused(client: httpx.Client) -> None:
    cursor = ask(client, "/statements", limit=2)["next"]
    answer = client.get(f"{V1}/statements", params={"cursor": cursor, "modality": "opposes"})
    assert answer.status_code == 400
    assert "another list" in answer.json()["detail"]


def test_every_operation_is_described_with_examples(client: httpx.Client) -> None:
    described = client.get(f"{V1}/openapi.json").json()
    paths = {path: item for path, item in described["paths"].items() if path.startswith(V1)}
    assert len(paths) >= 20
    for path, item in paths.items():
        for method, operation in item.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert operation["description"], where
            assert "422" in operation["responses"], where
            for parameter in operation.get("parameters", ()):
                assert parameter.get("description") or parameter["schema"], where
    models = described["components"]["schemas"]
    for name in ("ThingRef", "StatementItem", "EvidenceItem", "CoverageAnswer", "Problem"):
        assert models[name]["examples"], name
