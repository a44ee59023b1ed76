"""The reliability table and the quality card, as the service gives them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from graph import queries
from graph.build import BuildOptions, build
from graph.errors import ExtractorError
from graph.extract.learned import weights
from graph.quality import read_card
from graph.reliability import FEWEST, noun_of, reliability
from graph.resources import document_path
from graph.store import open_reader
from tests.api.rest import V1, ask, copied, serving


@pytest.fixture(scope="module")
def client(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serving(copied(world, tmp_path_factory.mktemp("served") / "data")) as client:
        yield client


def test_the_table_is_that_of_the_weights(client: httpx.Client) -> None:
    answer = ask(client, "/reliability")
    shipped = weights.reliability()
    assert {row["kind"] for row in answer["kinds"]} == set(shipped)
    for row in answer["kinds"]:
        assert [r["right"] for r in row["ranges"]] == [
            b["right"] for b in shipped[row["kind"]]["bins"]
        ]
    assert (answer["share"], answer["card"]) == (0.6, "/quality")
    drawn = [r["threshold"] for r in answer["kinds"] if r["kind"] in ("relations", "statements")]
    assert answer["public"] == max(drawn)


def test_as_csv_it_has_a_line_for_each_range(client: httpx.Client) -> None:
    given = client.get(f"{V1}/reliability", headers={"Accept": "text/csv"})
    lines = list(csv.DictReader(io.StringIO(given.text)))
    rows = [r for kind in ask(client, "/reliability")["kinds"] for r in kind["ranges"]]
    assert len(lines) == len(rows)
    assert lines[0]["in_words"] == rows[0]["in_words"]


def test_it_has_a_validator_and_refuses_what_it_does_not_know(client: httpx.Client) -> None:
    etag = client.get(f"{V1}/reliability").headers["etag"]
    again = client.get(f"{V1}/reliability", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert client.get(f"{V1}/reliability", params={"kinds": "a"}).status_code == 400
    refused = client.get(f"{V1}/reliability", headers={"Accept": "image/png"})
    assert refused.status_code == 406


def test_it_is_described_and_leads_to_the_card(client: httpx.Client) -> None:
    described = client.get(f"{V1}/openapi.json").json()
    operation = described["paths"][f"{V1}/reliability"]["get"]
    assert set(operation["responses"]["200"]["content"]) == {"application/json", "text/csv"}
    assert "/api/v1/reliability" in described["info"]["description"]
    assert "/quality" in described["info"]["description"]


def test_without_weights_a_problem_says_what_is_missing(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise ExtractorError("the weights file model/base.onnx is missing")

    monkeypatch.setattr(weights, "reliability", missing)
    answer = client.get(f"{V1}/reliability")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == (
        "There is no reliability table here: the weights file model/base.onnx is missing."
    )


class _Seen(HTMLParser):
    """What stands in a page: text, ids, and addresses that something is taken from."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.text, self.ids = "", set[str]()
        self.sources: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids.add(given.get("id") or "")
        self.sources += [given.get("src") or ""] if "src" in given else []

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_card_is_a_page_of_the_explorer(client: httpx.Client) -> None:
    answer = client.get("/quality")
    assert answer.status_code == 200
    seen = _Seen(answer.text)
    assert "How good the extractors are" in seen.text
    assert "expected calibration error" in seen.text
    assert "| --- |" not in seen.text
    assert {"stated", "details", "how-sure", "scores"} <= seen.ids
    assert all(source.startswith("/") for source in seen.sources)
    assert "/quality" in client.get("/about").text


def test_it_begins_in_plain_words_that_the_figures_of_the_card_give(client: httpx.Client) -> None:
    text = " ".join(_Seen(client.get("/quality").text).text.split())
    card = read_card(document_path("quality.md").read_text("utf-8"))
    assert f"measured on {card.documents} documents of {card.issuers} issuers" in text
    assert len(card.chief) == 5
    places = [text.index(one.sentence) for one in card.chief]
    assert places == sorted(places)
    assert places[-1] < text.index("It is worst at") < text.index("cross-validation")
    assert all(one.title in text for one in card.worst())


def test_every_calibration_error_stands_with_its_count(client: httpx.Client) -> None:
    rows = re.findall(r"<tr>.*?</tr>", client.get("/quality").text.partition('"errors"')[2])
    told = {
        kind: (float(error), int(facts.replace(",", "")), "few" in rest)
        for line in rows
        for kind, error, facts, rest in re.findall(
            r'<th scope="row">(.*?)</th>.*<td>([\d.]+) <small>over ([\d,]+) facts?(.*?)</small>',
            line,
        )
    }
    for row in reliability().values():
        assert told[noun_of(row.kind)] == (round(row.error, 3), row.facts, row.facts < FEWEST)


def test_it_is_in_the_menu(client: httpx.Client) -> None:
    menu = client.get("/").text.partition("<nav")[2].partition("</nav>")[0]
    assert '<a href="/quality">' in menu


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph by the learned extractor."""
    folder = tmp_path_factory.mktemp("learned")
    (folder / "plan.txt").write_text(PLAN)
    build([folder / "plan.txt"], folder / "data")
    return folder / "data"


PLAN = (
    "Ministry launches soil programme\n\n"
    "The Ministry of Land announced a Soil Carbon Programme of €12 million to strengthen research "
    "on peat. It will fund ten early-career researchers. The Farmers' Union welcomed the programme "
    "and called on the ministry to publish all data by 2031."
)


def test_beside_a_fact_its_page_says_what_the_confidence_is_worth(learned: Path) -> None:
    with serving(learned) as client:
        (item, *_) = ask(client, "/statements")["items"]
        shown = client.get(f"/id/{item['speaker']['id']}", headers={"Accept": "text/html"}).text
        assert "statements “" in shown
        assert "measured" in shown
        assert "/quality#stated" in shown
        # A fact has a page too, whatever it is worth.
        shown = client.get(f"/id/{item['id']}", headers={"Accept": "text/html"}).text
        assert f"statements “{item['modality'].replace('-', ' ')}” said to be this sure" in shown


def test_the_view_begins_with_what_is_sure_enough_and_rest_is_complete(learned: Path) -> None:
    with serving(learned) as client:
        least = ask(client, "/reliability")["public"]
        page = client.get("/explore?top=60").text
        assert f'name="confidence" min="0" max="1" step="0.05" value="{least}"' in page
        assert "No sentence behind them" in page
        assert "confidence=0" in page
        for address in ("/explore?top=60&confidence=0", "/explore?top=60&data=x"):
            assert 'step="0.05" value=""' in client.get(address).text
        view = client.post(f"{V1}/view", json={"top": 60}).json()
        assert view["counts"]["hidden_edges"] == {}


class _Page(NamedTuple):
    """A page of a thing: its line on what is hidden, and how many relations and statements."""

    line: str
    facts: int
    text: str


def _page_of(client: httpx.Client, iri: str, query: str = "") -> _Page:
    address = f"{iri.removeprefix('https://w3id.org/scipol')}{query}"
    text = client.get(address, headers={"Accept": "text/html"}).raise_for_status().text
    line = re.search(r'data-testid="public">(.*?)</p>', text)
    said = re.sub("<[^>]*>", "", line[1]).strip() if line else ""
    return _Page(said, text.count("<article>"), text)


def test_the_page_of_a_thing_begins_with_what_is_sure_enough(learned: Path) -> None:
    with serving(learned) as client, open_reader(learned) as store:
        least = ask(client, "/reliability")["public"]
        for iri in queries.related_things(store):
            known = queries.entity(store, iri)
            sure = [one.confidence >= least for one in (*known.relations, *known.statements)]
            page, whole = _page_of(client, iri), _page_of(client, iri, "?confidence=0")
            assert page.facts == sum(sure)
            assert whole.facts == len(sure)
            if all(sure):
                assert page.line == ""
                continue
            hidden = len(sure) - sum(sure)
            are = "is" if hidden == 1 else "are"
            assert page.line.startswith(
                f"{sum(sure)} of {len(sure)} facts shown; {hidden} {are} less sure."
                if any(sure)
                else (f"All {hidden} facts are", "The only fact is")[hidden == 1]
            )
            assert "60 of 100 or more were right when measured" in page.line
            assert whole.line.startswith("All facts are shown")
            # What is said by hidden facts alone is not said above them or below them either.
            names = {
                end.label
                for one in known.relations
                for end in (one.subject, one.object)
                if end.iri != iri and one.confidence < least
            } - {
                end.label
                for one in (*known.relations, *known.statements)
                if one.confidence >= least
                for end in (
                    (one.subject, one.object)
                    if isinstance(one, queries.RelationAnswer)
                    else (*one.content, *one.addressee, *([one.speaker] if one.speaker else ()))
                )
            }
            for name in names:
                assert f">{name}</a>" not in page.text
                assert f">{name}</a>" in whole.text


def test_another_confidence_may_be_asked_of_a_page_and_nonsense_is_refused(learned: Path) -> None:
    with serving(learned) as client:
        (item, *_) = ask(client, "/statements")["items"]
        page = _page_of(client, item["speaker"]["iri"], "?confidence=0.99")
        assert page.facts == 0
        assert "has a confidence of 0.99 or more." in page.line
        answer = client.get(
            f"/id/{item['speaker']['id']}?confidence=sure", headers={"Accept": "text/html"}
        )
        assert answer.status_code == 400
        assert answer.json()["detail"] == "A confidence is a number from 0 to 1, not 'sure'."


def test_evidence_says_what_its_confidence_is_worth_of_its_own_kind(learned: Path) -> None:
    with serving(learned) as client:
        (item, *_) = ask(client, "/statements")["items"]
        (found,) = ask(client, "/evidence", fact=item["id"])["items"]
        assert found["worth"].startswith(
            f"Of statements “{item['modality'].replace('-', ' ')}” said to be this sure"
        )


def test_an_operator_may_ask_for_another_share_or_none(learned: Path) -> None:
    with serving(learned, public_share=0.0) as client:
        assert 'step="0.05" value=""' in client.get("/explore?top=60").text
    with serving(learned, public_share=0.65) as client:
        assert ask(client, "/reliability")["public"] > 0.5


def test_what_the_table_does_not_tell_of_is_not_filtered_by_it(tmp_path: Path) -> None:
    """A graph by the rules is shown wholly: the table was measured with the learned extractor."""
    (tmp_path / "plan.txt").write_text(PLAN)
    build([tmp_path / "plan.txt"], tmp_path / "data", BuildOptions(extractor="rules"))
    with serving(tmp_path / "data") as client:
        page = client.get("/explore?top=60").text
        assert 'step="0.05" value=""' in page
        (item, *_) = [s for s in ask(client, "/statements")["items"] if s["speaker"]]
        shown = client.get(f"/id/{item['speaker']['id']}", headers={"Accept": "text/html"}).text
        assert "measured" not in shown
        assert "less sure" not in shown
        (found,) = ask(client, "/evidence", fact=item["id"])["items"]
        assert found["worth"] == ""
