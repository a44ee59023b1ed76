"""A build that is killed at any moment loses no finished document and leaves no half one."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph.build import BuildOptions, build
from graph.layout import CATALOGUE
from graph.store import open_reader
from graph.verify import verify
from graph.writer import open_writer

DOCUMENTS = 60
# Commits after every document, so that many of the moments are in the middle of one.
PROGRAM = """
import sys
from pathlib import Path
from graph import build
build._STAGE_QUADS, build._COMMIT_SECONDS, build._PUBLISH_SECONDS = 300, 0.0, 0.2
told = lambda news: print(news.done, flush=True)
if __name__ == "__main__":
    options = build.BuildOptions(extractor="rules", workers=int(sys.argv[3]))
    build.build([sys.argv[1]], Path(sys.argv[2]), options, told)
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    verbs = ("strengthen", "support", "expand", "reform")
    bodies = ("European Commission", "National Science Foundation", "Academy of Sciences")
    for number in range(DOCUMENTS):
        dice = random.Random(number)
        sentences = (
            f"The {dice.choice(bodies)} will {dice.choice(verbs)} research programme {number} "
            f"and invest ${dice.randint(1, 99)} million to {dice.choice(verbs)} basic research.\n"
            for _ in range(dice.randint(1, 12))
        )
        (folder / f"{number:02}.txt").write_text("".join(sentences))
    return folder


@pytest.fixture(scope="module")
def undisturbed(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The graphs of a build that nobody disturbs, by name."""
    data_dir = tmp_path_factory.mktemp("undisturbed")
    build([sources], data_dir, BuildOptions(extractor="rules"))
    with open_reader(data_dir) as store:
        return {name: store.dump_graph(name) for name in store.graphs()}


def killed(sources: Path, data_dir: Path, workers: int, moment: float) -> int:
    """Kill a build that many seconds after its first document; how many it said are finished."""
    command = [sys.executable, "-c", PROGRAM, str(sources), str(data_dir), str(workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(moment)
        os.kill(process.pid, signal.SIGKILL)
        told = [first, *process.stdout]
    return int([line for line in told if line.endswith(b"\n")][-1])


@pytest.mark.parametrize("seed", range(4))
def test_what_was_finished_is_whole_and_the_next_build_completes_it(
    tmp_path: Path, sources: Path, undisturbed: dict[str, bytes], seed: int
) -> None:
    dice = random.Random(seed)
    finished = 0
    for _ in range(2):
        finished = killed(sources, tmp_path, 2 if seed == 0 else 1, dice.uniform(0, 0.8))
        with open_writer(tmp_path) as store:
            texts = [name for name in store.graphs() if store.fingerprint(name)]
            assert all(store.dump_graph(name) == undisturbed[name] for name in texts)
            documents = store.document_names()
            # In the order of the sources; one more may be stored than was told in time.
            assert documents == [f"{n:02}" for n in range(len(documents))]
            assert finished <= len(documents)
            marked = len(store.dump_graph(CATALOGUE).splitlines())
            assert marked == len(texts) == len(documents) + 1
            store.publish()
        assert verify(tmp_path).faults == ()
    report = build([sources], tmp_path, BuildOptions(extractor="rules"))
    assert report.unchanged >= finished
    assert report.added + report.unchanged == DOCUMENTS
    with open_reader(tmp_path) as store:
        assert {name: store.dump_graph(name) for name in store.graphs()} == undisturbed
