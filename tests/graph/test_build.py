import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest

from graph import extract
from graph.build import BuildOptions, BuildReport, Progress, build, extract_only, forget
from graph.check import conformance
from graph.documents import ReadOptions
from graph.errors import ExtractorError, NotFound, QueryError, StoreError
from graph.extract.learned import weights
from graph.records import Extraction, Text
from graph.store import data_version, graph_hash, open_reader
from graph.verify import verify

TEXTS = {
    "alpha": "The National Science Foundation will establish a quantum research centre to "
    "strengthen basic research. It plans to invest $25 million in the centre by 2027.\n",
    "beta": "China calls on universities to strengthen basic research and to train young "
    "scientists. The Ministry of Science and Technology launched a talent programme.\n",
    "gamma": "The European Commission proposes a regulation on artificial intelligence. Member "
    "States must support small businesses.\n",
}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, content in TEXTS.items():
        head = f"---\ntitle: The {name} paper\ndate: 2024-03-01\nissuer: Royal Society\n---\n"
        (folder / f"{name}.md").write_text(head + content)
    return folder


def run(sources: Path, data_dir: Path, **options: object) -> BuildReport:
    """A build with the rules, which are loaded sooner; how it is built does not depend on them."""
    return build([sources], data_dir, BuildOptions.model_validate({"extractor": "rules"} | options))


def files(data_dir: Path) -> dict[str, bytes]:
    """Texts and extractions that a data directory keeps."""
    kept = [*data_dir.glob("texts/*"), *data_dir.glob("runs/*/*")]
    return {str(path.relative_to(data_dir)): path.read_bytes() for path in kept}


def dump(data_dir: Path) -> bytes:
    with open_reader(data_dir) as store:
        return store.dump()


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.added, report.replaced, report.unchanged, len(report.refused)


def test_documents_become_a_graph_that_conforms_and_verifies(tmp_path: Path, sources: Path) -> None:
    report = run(sources, tmp_path / "data")
    assert counts(report) == (3, 0, 0, 0)
    assert report.read == 3
    assert report.words == sum(len(content.split()) for content in TEXTS.values())
    with open_reader(tmp_path / "data") as store:
        assert store.ask(
            "ASK { ?i scip:evidence/scip:inVersion/scip:versionOf/dct:title 'The alpha paper'@en }"
        )
        found = conformance(store)
    assert found.triples > 5000
    assert not [r for r in found.results if r.severity == "Violation"]
    checked = verify(tmp_path / "data")
    assert (checked.texts, checked.faults, checked.leftover) == (3, (), ())
    assert checked.spans > 10


def test_unchanged_documents_are_passed_over(tmp_path: Path, sources: Path) -> None:
    data = tmp_path / "data"
    run(sources, data)
    before = dump(data), files(data)
    assert counts(run(sources, data)) == (0, 0, 3, 0)
    assert (dump(data), files(data)) == before


def test_the_number_of_processes_changes_nothing(tmp_path: Path, sources: Path) -> None:
    (sources / "table.csv").write_text('id,text\n1,"Japan will fund 500 fellowships."\n2,\n')
    (sources / "bad.pdf").write_bytes(b"rubbish")
    one = run(sources, tmp_path / "one")
    several = run(sources, tmp_path / "several", workers=3)
    assert several.model_copy(update={"seconds": one.seconds}) == one
    assert len(one.refused) == 2
    assert dump(tmp_path / "one") == dump(tmp_path / "several")
    assert files(tmp_path / "one") == files(tmp_path / "several")
    assert not multiprocessing.active_children()


def test_the_graph_does_not_depend_on_place_or_time(tmp_path: Path, sources: Path) -> None:
    elsewhere = sources.rename(tmp_path / "else where")
    run(elsewhere, tmp_path / "data one")
    program = (
        "import sys; from graph.build import *; from pathlib import Path\n"
        "build([sys.argv[1]], Path(sys.argv[2]), BuildOptions(extractor='rules'))"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(elsewhere), str(tmp_path / "data two")],
        env=os.environ | {"PYTHONHASHSEED": "3", "TZ": "Asia/Tokyo", "LANG": "C"},
        check=True,
    )
    assert dump(tmp_path / "data one") == dump(tmp_path / "data two")


@pytest.mark.parametrize("change", ["words", "metadata"])
def test_a_changed_document_replaces_exactly_its_graph(
    tmp_path: Path, sources: Path, change: str
) -> None:
    data = tmp_path / "data"
    run(sources, data)
    with open_reader(data) as store:
        before = {name: store.dump_graph(name) for name in store.graphs()}
        version = data_version(store)
    path = sources / "beta.md"
    old, new = {"words": ("China", "India"), "metadata": ("2024-03-01", "2024-03-02")}[change]
    path.write_text(path.read_text().replace(old, new))
    assert counts(run(sources, data)) == (0, 1, 2, 0)
    with open_reader(data) as store:
        after = {name: store.dump_graph(name) for name in store.graphs()}
        assert data_version(store) != version
    changed = {n for n in before.keys() | after.keys() if before.get(n) != after.get(n)}
    texts = {n for n in changed if n.rpartition("/")[2] not in ("entities", "catalogue")}
    assert len(texts) == (2 if change == "words" else 1)
    run(sources, tmp_path / "fresh")
    assert dump(data) == dump(tmp_path / "fresh")
    assert files(data) == files(tmp_path / "fresh")


def test_documents_may_swap_their_texts(tmp_path: Path, sources: Path) -> None:
    data = tmp_path / "data"
    run(sources, data)
    alpha, beta = sources / "alpha.md", sources / "beta.md"
    beta.write_bytes(alpha.read_bytes())
    alpha.write_text("Entirely new words about open science in Brazil.")
    assert counts(run(sources, data)) == (0, 2, 1, 0)
    run(sources, tmp_path / "fresh")
    assert dump(data) == dump(tmp_path / "fresh")
    assert files(data) == files(tmp_path / "fresh")


def test_a_forgotten_document_leaves_nothing_behind(tmp_path: Path, sources: Path) -> None:
    data = tmp_path / "data"
    run(sources, data)
    (data / "search.db").write_text("sentences of all documents")
    forget(data, "beta")
    (sources / "beta.md").unlink()
    run(sources, tmp_path / "fresh")
    assert dump(data) == dump(tmp_path / "fresh")
    assert files(data) == files(tmp_path / "fresh")
    assert not (data / "search.db").exists()
    assert b"train young" not in dump(data)


def test_to_forget_an_unknown_document_names_near_ones(tmp_path: Path, sources: Path) -> None:
    run(sources, tmp_path / "data")
    with pytest.raises(NotFound, match="Did you mean: gamma") as caught:
        forget(tmp_path / "data", "gama")
    assert caught.value.near[0] == "gamma"


def test_the_same_text_under_another_name_is_refused(tmp_path: Path, sources: Path) -> None:
    data = tmp_path / "data"
    (sources / "zeta.md").write_bytes((sources / "alpha.md").read_bytes())
    report = run(sources, data)
    assert counts(report) == (3, 0, 0, 1)
    (refusal,) = report.refused
    assert refusal.where == "zeta"
    assert refusal.reason == "has the same text as alpha, read before"
    # What was made of it is still that of the first document.
    before = files(data)
    assert counts(run(sources, data)) == (0, 0, 3, 1)
    assert files(data) == before
    abouts = [json.loads(made)["about"]["name"] for n, made in before.items() if "runs/" in n]
    assert sorted(abouts) == ["alpha", "beta", "gamma"]
    (sources / "alpha.md").unlink()
    assert counts(run(sources, data)) == (0, 0, 2, 1)
    assert verify(data).faults == ()


def test_an_extraction_is_not_made_twice(
    tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counting:
        name, version = "counting", "1"
        read: ClassVar[list[str]] = []

        def extract(self, text: Text) -> Extraction:
            self.read.append(text.document.name)
            return Extraction(document=text.document.name)

    monkeypatch.setattr(extract, "EXTRACTORS", {"counting": Counting})
    data = tmp_path / "data"
    run(sources, data, extractor="counting")
    assert Counting.read == ["alpha", "beta", "gamma"]
    # Without the store, everything comes from the files; a damaged one is made again.
    damaged = sorted(data.glob("runs/*/*.json"))[0]
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-5])
    before = dump(data)
    for path in sorted((data / "store").iterdir()):
        path.unlink()
    assert counts(run(sources, data, extractor="counting")) == (3, 0, 0, 0)
    assert len(Counting.read) == 4
    assert damaged.read_bytes() == whole
    assert dump(data) == before


def test_another_extractor_takes_the_place_of_the_first(tmp_path: Path, sources: Path) -> None:
    data = tmp_path / "data"
    run(sources, data, extractor="dummy")
    assert counts(run(sources, data)) == (0, 3, 0, 0)
    assert len(list((data / "runs").iterdir())) == 2
    run(sources, tmp_path / "fresh")
    assert dump(data) == dump(tmp_path / "fresh")


def test_a_document_that_ends_its_process_is_refused(tmp_path: Path, sources: Path) -> None:
    for number in range(6):
        (sources / f"more{number}.txt").write_text(f"Text number {number}.")
    plug = tmp_path / "sitecustomize.py"
    plug.write_text(
        "from graph import extract\nfrom tests.graph.failing import Failing\n"
        "extract.EXTRACTORS = {'failing': Failing}\n"
    )
    program = (
        "import sys; from pathlib import Path; from tests.graph.failing import report_of_build\n"
        "if __name__ == '__main__': report_of_build(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-c", program, str(sources), str(tmp_path / "data")],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}:{root}"},
        check=True,
        timeout=60,
    )
    report = BuildReport.model_validate_json((tmp_path / "data" / "report.json").read_text())
    assert report.added == 7
    assert [(r.where.rpartition("/")[2], r.reason) for r in report.refused] == [
        ("alpha", "the extractor 'failing' failed on it (ZeroDivisionError: a bug)"),
        ("beta.md", "the process that read it was killed"),
    ]


def test_an_interrupt_leaves_a_good_store_and_no_process(tmp_path: Path) -> None:
    sources = tmp_path / "documents"
    sources.mkdir()
    for number in range(100):
        (sources / f"{number}.txt").write_text(TEXTS["alpha"] * 8 + f"Number {number}.\n")
    program = (
        "import sys, time; from pathlib import Path; from graph.build import *\n"
        # It waits for the interrupt, or a fast machine has read everything before it comes.
        "def told(p):\n    if p.done: print('go', flush=True); time.sleep(20)\n"
        "if __name__ == '__main__':\n"
        "    options = BuildOptions(extractor='rules', workers=2)\n"
        "    build([sys.argv[1]], Path(sys.argv[2]), options, told)"
    )
    command = [sys.executable, "-c", program, str(sources), str(tmp_path / "data")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert b"KeyboardInterrupt" in errors
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _group_lives(process.pid):
        time.sleep(0.05)
    assert not _group_lives(process.pid)
    report = run(sources, tmp_path / "data")
    assert report.added + report.unchanged == 100
    assert report.unchanged > 0
    assert verify(tmp_path / "data").faults == ()


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_data_directory_among_the_documents_is_not_read(tmp_path: Path, sources: Path) -> None:
    data_dir = sources / "data"
    assert counts(run(sources, data_dir)) == (3, 0, 0, 0)
    assert counts(run(sources, data_dir)) == (0, 0, 3, 0)


def test_a_file_of_the_same_name_does_not_replace_another_document(
    tmp_path: Path, sources: Path
) -> None:
    data_dir = tmp_path / "data"
    run(sources, data_dir)
    other = tmp_path / "other"
    other.mkdir()
    (other / "alpha.txt").write_text(TEXTS["beta"] + TEXTS["gamma"])
    report = run(other, data_dir)
    assert counts(report) == (0, 0, 0, 1)
    assert "would replace the document 'alpha', read from" in report.refused[0].reason
    forget(data_dir, "alpha")
    assert counts(run(other, data_dir)) == (1, 0, 0, 0)


def test_a_moved_file_is_the_same_document(tmp_path: Path, sources: Path) -> None:
    data_dir = tmp_path / "data"
    run(sources, data_dir)
    moved = sources.rename(tmp_path / "moved")
    (moved / "alpha.md").write_text(TEXTS["alpha"] + "It must train engineers.\n")
    assert counts(run(moved, data_dir)) == (0, 1, 2, 0)


def test_a_build_says_who_read(tmp_path: Path, sources: Path) -> None:
    assert build([sources], tmp_path / "data").extractor == "learned"
    assert run(sources, tmp_path / "other").extractor == "rules"


def test_more_documents_are_read_as_those_before(tmp_path: Path, sources: Path) -> None:
    run(sources / "alpha.md", tmp_path / "data")
    more = run(sources / "beta.md", tmp_path / "data", extractor=None, as_before=True)
    assert (more.extractor, more.fallback) == ("rules", None)
    first = run(sources / "beta.md", tmp_path / "new", extractor=None, as_before=True)
    assert first.extractor == "learned"


@pytest.fixture
def without_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Takes the weights of the learned extractor away."""

    def take() -> None:
        (tmp_path / "none").mkdir()
        monkeypatch.setattr(weights, "default_folder", lambda: tmp_path / "none")

    return take


@pytest.mark.parametrize("workers", [1, 2])
def test_who_stands_in_leaves_unchanged_documents_as_they_were_read(
    tmp_path: Path, sources: Path, without_weights: Callable[[], None], workers: int
) -> None:
    data_dir = tmp_path / "data"
    run(sources, data_dir, extractor=None)
    before, kept = dump(data_dir), files(data_dir)
    without_weights()
    report = run(sources, data_dir, extractor=None, workers=workers)
    assert (counts(report), report.left) == ((0, 0, 3, 0), 3)
    assert report.fallback
    assert dump(data_dir) == before
    assert files(data_dir) == kept


def test_who_stands_in_reads_what_is_new_or_changed(
    tmp_path: Path, sources: Path, without_weights: Callable[[], None]
) -> None:
    data_dir = tmp_path / "data"
    run(sources, data_dir, extractor=None)
    without_weights()
    (sources / "alpha.md").write_text(TEXTS["alpha"] + "It must train engineers.\n")
    (sources / "delta.txt").write_text("Norway will fund basic research.\n")
    report = run(sources, data_dir, extractor=None)
    assert (counts(report), report.left) == ((1, 1, 2, 0), 2)
    # Those are its own from now on, and kept as such.
    again = run(sources, data_dir, extractor=None)
    assert (counts(again), again.left) == ((0, 0, 4, 0), 2)


def test_who_is_named_reads_again_what_another_one_read(
    tmp_path: Path, sources: Path, without_weights: Callable[[], None]
) -> None:
    data_dir = tmp_path / "data"
    run(sources, data_dir, extractor=None)
    without_weights()
    report = run(sources, data_dir, extractor="rules")
    assert (counts(report), report.left) == ((0, 3, 0, 0), 0)


def test_what_is_known_of_a_document_is_part_of_it(
    tmp_path: Path, sources: Path, without_weights: Callable[[], None]
) -> None:
    data_dir = tmp_path / "data"
    run(sources, data_dir, extractor=None)
    without_weights()
    path = sources / "alpha.md"
    path.write_text(path.read_text().replace("The alpha paper", "The first paper"))
    report = run(sources, data_dir, extractor=None)
    assert (counts(report), report.left) == ((0, 1, 2, 0), 2)


def test_documents_in_other_languages_are_named(tmp_path: Path, sources: Path) -> None:
    (sources / "plan.txt").write_text(
        "Le ministère annonce un plan de 40 millions d'euros pour attirer des chercheurs en France."
    )
    for workers in (1, 2):
        report = run(sources, tmp_path / str(workers), workers=workers)
        assert report.foreign == ("plan",)


def test_what_is_not_known_of_the_metadata_is_said(tmp_path: Path, sources: Path) -> None:
    (sources / "alpha.meta.yaml").write_text("genre: zzz\ncountry: Norway\n")
    (sources / "beta.meta.yaml").write_text("genre: news\ncountry: Velmora\n")
    country, genre = run(sources, tmp_path / "data").remarks
    assert "'Velmora' of beta" in country
    assert "'zzz' of alpha" in genre
    assert "news, official-document" in genre
    with open_reader(tmp_path / "data") as store:
        assert store.ask(
            "ASK { ?d dct:identifier 'beta' ; scip:kind <https://w3id.org/scipol/voc/doc-kind/news>"
            " ; scip:jurisdiction [ a scip:Country ; skos:prefLabel 'Velmora'@en ] }"
        )


def test_progress_goes_up_to_all_documents(tmp_path: Path, sources: Path) -> None:
    news: list[Progress] = []
    found = [sources, tmp_path / "none.txt"]
    build(found, tmp_path / "data", BuildOptions(extractor="rules"), news.append)
    assert [n.done for n in news] == sorted(n.done for n in news)
    assert (news[-1].done, news[-1].total) == (4, 4)
    assert news[-1].words == sum(len(content.split()) for content in TEXTS.values())


def test_where_everything_is_refused_there_is_still_an_empty_graph(tmp_path: Path) -> None:
    report = run(tmp_path / "nowhere", tmp_path / "data")
    assert counts(report) == (0, 0, 0, 1)
    with open_reader(tmp_path / "data") as store:
        assert not store.ask("ASK { ?x a scip:Document }")


def test_an_unknown_extractor_touches_nothing(tmp_path: Path, sources: Path) -> None:
    with pytest.raises(ExtractorError, match="there are: dummy, learned, llm, rules"):
        run(sources, tmp_path / "data", extractor="magic")
    with pytest.raises(StoreError):
        open_reader(tmp_path / "data")


def test_what_is_found_can_be_had_without_a_store(sources: Path) -> None:
    plain = json.loads(extract_only(sources / "alpha.md", "rules", "json"))
    assert plain["document"] == "alpha"
    assert plain["entities"]
    assert [d["document"] for d in json.loads(extract_only(sources, "dummy", "json"))] == [*TEXTS]
    nquads = extract_only(sources / "alpha.md", "rules", "nquads")
    assert b"prefLabel" in nquads
    assert b"scip:quote" in extract_only(sources / "alpha.md", "rules", "turtle")
    with pytest.raises(QueryError, match="turtle"):
        extract_only(sources, "rules", "xml")


def test_read_options_reach_the_readers(tmp_path: Path, sources: Path) -> None:
    small = ReadOptions(max_bytes=100)
    report = build([sources], tmp_path / "data", BuildOptions(read=small))
    assert len(report.refused) == 3
    with open_reader(tmp_path / "data") as store:
        assert len(graph_hash(store)) == 64
