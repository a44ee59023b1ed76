"""Builds with a language model: what lies in the graph, what is kept, what the user is told."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from graph.build import BuildOptions, BuildReport, build
from graph.check import conformance
from graph.extract import load_extractor
from graph.extract.base import Setup
from graph.store import open_reader
from graph.verify import verify
from tests.graph.extract.peer import MODEL, Handler, Peer, peer, read_it, settings

RULES = BuildOptions(extractor="rules")
AGENCIES = ("Reef", "Ocean", "River", "Forest", "Ice", "Desert", "Soil", "Air")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in AGENCIES:
        content = (
            f"The {name} Agency will establish a {name} Research Programme of $5 million to "
            f"strengthen basic research. It calls on universities to train young scientists.\n"
        )
        (folder / f"{name}.txt").write_text(content)
    return folder


def run(sources: Path, data: Path, running: Peer, workers: int = 1, **more: object) -> BuildReport:
    given = settings(running, **more)
    options = BuildOptions(extractor="llm", settings=given, workers=workers)
    return build([sources], data, options)


def dump(data: Path) -> bytes:
    with open_reader(data) as store:
        return store.dump()


def test_the_graph_conforms_and_says_which_model_and_instruction_it_is_from(
    sources: Path, tmp_path: Path
) -> None:
    with peer() as running:
        report = run(sources, tmp_path / "data", running)
        extractor = load_extractor("llm", Setup(settings=settings(running)))
    assert (report.added, report.refused, report.stopped) == (len(AGENCIES), (), None)
    with open_reader(tmp_path / "data") as store:
        rows = store.select(
            "SELECT DISTINCT ?model ?hash { ?r a scip:ExtractionRun ; scip:model ?model ; "
            "scip:promptHash ?hash . ?s a scip:Statement ; prov:wasGeneratedBy ?r }"
        ).rows
        assert [[term.value for term in row] for row in rows] == [
            [f"llm {extractor.version}", extractor.prompt_hash]  # type: ignore[attr-defined]
        ]
        found = conformance(store)
    assert not [r for r in found.results if r.severity == "Violation"]
    assert verify(tmp_path / "data").faults == ()


def test_the_user_is_told_what_it_took_and_what_was_left_out(sources: Path, tmp_path: Path) -> None:
    def lie(handler: Handler) -> None:
        handler.answer({"entities": [{"id": "1", "type": "Goal", "mentions": ["win"]}]})

    with peer(lie) as running:
        report = run(sources, tmp_path / "data", running)
    first, second = report.remarks
    assert first.startswith(f"{MODEL} at 127.0.0.1:")
    assert "8 requests, 0 answers kept from before, 8,000 tokens sent, 1,600 answered." in first
    assert "wordings that are not in the text (1)" in second


def test_several_processes_give_the_same_graph_and_share_one_cap(
    sources: Path, tmp_path: Path
) -> None:
    with peer() as running:
        run(sources, tmp_path / "one", running)
        run(sources, tmp_path / "two", running, workers=2)
        assert len(running.seen) == 2 * len(AGENCIES)
    assert dump(tmp_path / "one") == dump(tmp_path / "two")
    with peer() as running:
        capped = run(
            sources, tmp_path / "three", running, workers=2, max_tokens=12_000, answer_tokens=500
        )
        assert len(running.seen) * 1200 <= 12_000
    assert "cap of 12,000 tokens" in str(capped.stopped)


def test_a_cap_keeps_what_is_read_and_the_next_build_goes_on(sources: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    limits = {"max_tokens": 10_000, "answer_tokens": 500}
    with peer() as running:
        first = run(sources, data, running, **limits)
        assert "begin again to go on" in str(first.stopped)
        assert 0 < first.added < len(AGENCIES)
        second = run(sources, data, running, **limits)
        assert (second.added, second.unchanged) == (len(AGENCIES) - first.added, first.added)
        assert second.stopped is None
        assert len(running.seen) == len(AGENCIES)
        run(sources, tmp_path / "whole", running, answer_tokens=500)
    assert dump(data) == dump(tmp_path / "whole")


def test_a_killed_build_pays_for_nothing_twice(sources: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-m", "api.cli", "build", str(sources), "--extractor", "llm"]
    with peer() as running:
        told = {f"SCIPOL_LLM_{k.upper()}": v for k, v in settings(running).items()}
        environment = {**os.environ, **told, "SCIPOL_DATA": str(data)}
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            while len(running.seen) < 4 and process.poll() is None:
                time.sleep(0.001)
            process.kill()
        before = len(running.seen)
        subprocess.run(command, env=environment, check=True, capture_output=True)
        parts = Counter(asked.part for asked in running.seen)
        run(sources, tmp_path / "whole", running)
    assert before >= 4
    # What was under way when the process died is asked again, and nothing else.
    assert len(parts) == len(AGENCIES)
    assert parts.total() <= len(AGENCIES) + 1
    assert dump(data) == dump(tmp_path / "whole")


def test_one_text_that_is_refused_costs_only_itself(sources: Path, tmp_path: Path) -> None:
    def refuse(handler: Handler) -> None:
        handler.answer("", refusal="I cannot help with that")

    with peer(read_it, refuse) as running:
        report = run(sources, tmp_path / "data", running)
    assert report.added == len(AGENCIES) - 1
    (refusal,) = report.refused
    assert "refuses this text: I cannot help with that" in refusal.reason
    assert "ExtractorError" not in refusal.reason


def test_rules_stay_usable_where_the_model_is_not(sources: Path, tmp_path: Path) -> None:
    def closed(handler: Handler) -> None:
        handler.say(401, b"no")

    data = tmp_path / "data"
    with peer(always=closed) as running:
        stopped = run(sources, data, running)
        assert "SCIPOL_LLM_KEY" in str(stopped.stopped)
        assert (stopped.added, len(running.seen)) == (0, 1)
    assert build([sources], data, RULES).added == len(AGENCIES)


def test_a_graph_of_the_model_replaces_one_of_the_rules(sources: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    build([sources], data, RULES)
    with peer() as running:
        assert run(sources, data, running).replaced == len(AGENCIES)
