"""Evidence packs: what is in them, that they repeat, and that a check finds every change."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path

import networkx as nx
import pytest

from graph import pack
from graph.errors import DataError
from graph.pack import contents
from graph.pack.archive import opened, written
from graph.queries import StatementFilter
from graph.search import SearchIndex
from graph.store import Store, open_reader
from graph.view import Filters, Step, ViewSpec, make_view
from tests.graph import small_world
from tests.graph.small_world import BASIC, FUND, HOSTILE, SPEAKER

LINK = "/api/v1/statements"
ALL = pack.Statements(conditions=StatementFilter())


def made(store: Store, question: pack.Question, part: pack.NetworkPart | None = None) -> bytes:
    return pack.written(pack.made(store, question, part or pack.NetworkPart(), LINK))


def rows(packed: bytes, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(opened(packed)[name].decode(), newline="")))


@pytest.fixture(scope="module")
def packed(world_store: Store) -> bytes:
    return made(world_store, ALL)


def test_every_quote_is_what_stands_in_its_source_at_its_place(world: Path, packed: bytes) -> None:
    texts = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path.read_bytes().decode()
        for path in (world / "texts").glob("*.txt")
    }
    quotes = rows(packed, "quotes.csv")
    assert len(quotes) == 9
    for quote in quotes:
        content = texts[quote["source_sha256"]]
        assert content[int(quote["start"]) : int(quote["end"])] == quote["text"]


def test_every_row_leads_to_its_quote_and_its_source(packed: bytes) -> None:
    quotes = {q["quote"]: q for q in rows(packed, "quotes.csv")}
    sources = {s["name"] for s in rows(packed, "sources.csv")}
    found = rows(packed, "rows.csv")
    assert len(found) == 10
    assert all(quotes[row["quote"]]["source"] == row["source"] for row in found)
    assert {row["source"] for row in found} == sources
    (against,) = (r for r in found if r["relation"] == "opposes" and r["who"] == SPEAKER)
    assert against["what"] == FUND
    assert "drains the laboratories" in quotes[against["quote"]]["text"]


def test_the_hashes_are_those_of_the_files(packed: bytes) -> None:
    files = opened(packed)
    lines = files["SHA256SUMS"].decode().splitlines()
    listed = {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}
    assert listed.keys() == files.keys() - {"SHA256SUMS"}
    for name, sha256 in listed.items():
        assert hashlib.sha256(files[name]).hexdigest() == sha256


def test_the_page_of_explanation_names_every_file_the_question_and_the_state(
    packed: bytes,
) -> None:
    files = opened(packed)
    text = files["README.txt"].decode()
    assert all(f"- {name}: " in text for name in files if name != "README.txt")
    assert LINK in text
    assert json.loads(files["manifest.json"])["data_version"] in text
    assert "10 facts, 9 sentences, 4 sources" in text
    assert max(map(len, text.splitlines())) <= 100


def test_nothing_in_a_pack_comes_from_a_clock_or_a_place(world: Path, tmp_path: Path) -> None:
    small_world.store(tmp_path)
    with open_reader(world) as first, open_reader(tmp_path) as second:
        assert made(first, ALL) == made(second, ALL)
    with zipfile.ZipFile(io.BytesIO(written({"b": b"2", "a": b"1"}))) as archive:
        assert archive.namelist() == ["a", "b"]
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_a_picture_is_packed_with_the_sentences_its_filters_leave(
    world_store: Store, world_network: "nx.MultiDiGraph[str]", world_index: SearchIndex
) -> None:
    seed = world_index.named(BASIC).iri
    spec = ViewSpec(
        seeds=(seed,), steps=(Step(expand=seed),), filters=Filters(since=2024, confidence=0.7)
    )
    question = pack.Picture(view=spec)
    packed = made(world_store, question, pack.on_network(world_network, question))
    view = make_view(world_network, spec)
    found = rows(packed, "rows.csv")
    assert {r["relation"] for r in found} >= {e.relation for e in view.edges} - {"addressee"}
    assert all(float(r["confidence"]) >= 0.7 for r in found)
    assert {q["date"][:4] for q in rows(packed, "quotes.csv")} == {"2024"}
    assert [n["iri"] for n in rows(packed, "things.csv")] == [n.iri for n in view.nodes]
    assert len(rows(packed, "relations.csv")) == len(view.edges)
    assert b"<svg" in opened(packed)["view.svg"]


def test_ways_say_to_which_step_a_fact_belongs(
    world_store: Store, world_network: "nx.MultiDiGraph[str]", world_index: SearchIndex
) -> None:
    ends = world_index.named(SPEAKER).iri, world_index.named("Ministry of Science of Norland").iri
    question = pack.Paths(start=ends[0], end=ends[1], most=3, steps=4)
    part = pack.on_network(world_network, question)
    parts = "; ".join(r["part"] for r in rows(made(world_store, question, part), "rows.csv"))
    for number, way in enumerate(part.ways, 1):
        assert all(f"way {number} step {s}" in parts for s in range(1, len(way.steps) + 1))


def test_a_comparison_says_whose_a_fact_is(world_store: Store, world_index: SearchIndex) -> None:
    known = {d.name: d.iri for d in pack_documents(world_store)}
    question = pack.Comparison(a=known["north-law"], b=known["south-speech"])
    parts = {r["source"]: r["part"] for r in rows(made(world_store, question), "rows.csv")}
    assert parts == {"north-law": "first", "south-speech": "second"}


def pack_documents(store: Store) -> list[contents.queries.DocumentAnswer]:
    return contents.queries.documents(store)


def test_hostile_names_stay_what_they_are(packed: bytes) -> None:
    assert HOSTILE in {row["what"] for row in rows(packed, "rows.csv")}


def test_an_answer_without_facts_is_a_pack_too(world_store: Store) -> None:
    nothing = pack.Statements(conditions=StatementFilter(confidence=1.0))
    packed = made(world_store, nothing)
    assert rows(packed, "rows.csv") == []
    assert "0 facts, 0 sentences, 0 sources" in opened(packed)["README.txt"].decode()


def test_more_facts_than_a_pack_holds_are_refused(
    world_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "MOST_FACTS", 3)
    with pytest.raises(pack.PackTooLarge, match="10 facts; a pack holds 3"):
        made(world_store, ALL)


def test_equal_packs_are_found_equal(packed: bytes, world_store: Store) -> None:
    report = pack.compared(packed, made(world_store, ALL))
    assert report.same
    assert not report.differences
    assert report.sha256 == hashlib.sha256(packed).hexdigest()


@pytest.mark.parametrize("name", ["rows.csv", "quotes.csv", "question.json", "README.txt"])
def test_one_changed_letter_is_found(packed: bytes, world_store: Store, name: str) -> None:
    files = opened(packed)
    files[name] = files[name].replace(b"e", b"a", 1)
    if name == "question.json":
        files[name] = opened(packed)[name] + b" "
    report = pack.compared(written(files), packed)
    assert not report.same
    assert report.damaged == (name,)
    assert name in {one.file for one in report.differences}


def test_a_changed_row_is_shown_from_both_sides(packed: bytes) -> None:
    files = opened(packed)
    files["rows.csv"] = files["rows.csv"].replace(b"opposes", b"endorses", 1)
    report = pack.compared(written(files), packed)
    (one,) = (d for d in report.differences if d.file == "rows.csv")
    assert one.what == "1 row only in the pack, 1 row only in the data"
    assert "endorses" in one.only_in_pack[0]
    assert "opposes" in one.only_in_data[0]


def test_files_that_are_missing_or_too_many_are_named(packed: bytes) -> None:
    files = opened(packed)
    del files["sources.csv"]
    files["more.csv"] = b"1"
    report = pack.compared(written(files), packed)
    assert report.damaged == ("more.csv", "sources.csv")
    whats = {d.file: d.what for d in report.differences}
    assert whats["sources.csv"] == "is missing in the pack"
    assert whats["more.csv"] == "is only in the pack"


def test_the_same_files_packed_otherwise_are_not_the_same_pack(packed: bytes) -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in opened(packed).items():
            archive.writestr(name, content)
    report = pack.compared(output.getvalue(), packed)
    assert not report.same
    assert not report.damaged
    assert "packed in another way" in report.differences[0].what


@pytest.mark.parametrize(
    "content", [b"", b"no zip", written({"a.txt": b"1"}), written({"question.json": b"[]"})]
)
def test_what_is_no_pack_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(DataError, match="no evidence pack"):
        pack.link_in(content)
