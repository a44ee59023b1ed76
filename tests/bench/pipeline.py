"""From text to store: words a second on one core, stage by stage, and memory by corpus size."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from graph.authority import load_authority
from graph.build import BuildOptions, build
from graph.documents import read_sources
from graph.extract import load_extractor
from graph.link.registry import Registry
from graph.link.resolve import Linker
from graph.records import Text
from graph.resources import data_path
from tests.bench.figure import Figure, seconds

_WORDS = re.compile(r"\w+")
# Enough that what is done once, and the merging of batches, weigh as in a large corpus.
_DOCUMENTS = 800
_LEAST = 20_000


def figures() -> Iterator[Figure]:
    """Speed of each stage and of the whole, then peak memory for one and for four corpora."""
    briefs = [t for t in read_sources([data_path("corpus")]) if isinstance(t, Text)]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        words = write_corpus(briefs, corpus, _DOCUMENTS)
        texts = [t for t in read_sources([corpus]) if isinstance(t, Text)]
        yield from _stages(texts, words)
        yield from _whole(corpus, Path(folder) / "data", texts, words)
        yield _memory(briefs, Path(folder))


def write_corpus(briefs: list[Text], folder: Path, size: int) -> int:
    """Write so many different documents made from the briefs; returns the number of words.

    Paragraphs of several briefs are mixed, so that no two documents are equal.
    """
    folder.mkdir(parents=True)
    paragraphs = [p for brief in briefs for p in brief.content.split("\n\n")]
    words = 0
    for number in range(size):
        chosen = [
            paragraphs[(number * 7 + i * (number % 11 + 1)) % len(paragraphs)] for i in range(8)
        ]
        text = f"Document {number}\n\n" + "\n\n".join(chosen)
        (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
        words += len(text.split())
    return words


def _stages(texts: list[Text], words: int) -> Iterator[Figure]:
    reference = seconds(lambda: [_WORDS.findall(t.content) for t in texts])
    extractor = load_extractor("rules")
    extracting = seconds(lambda: [extractor.extract(t) for t in texts], runs=1)
    found = [extractor.extract(t) for t in texts]

    def link() -> None:
        linker = Linker(load_authority(), Registry())
        for text, extraction in zip(texts, found, strict=True):
            linker.link(text, extraction)

    linking = seconds(link, runs=1)
    for name, taken in (("extracting", extracting), ("linking", linking)):
        yield Figure(
            f"{name}, one core",
            f"{words / taken:,.0f} words/s",
            f"splitting into words: {words / reference:,.0f} words/s",
            taken / reference,
            "",
        )


def _whole(corpus: Path, data: Path, texts: list[Text], words: int) -> Iterator[Figure]:
    """By the clock, as whoever waits sees it, and by processor time, the engine's threads in it."""
    reference = seconds(lambda: [_WORDS.findall(t.content) for t in texts])
    begin, busy = time.perf_counter(), time.process_time()
    build([corpus], data, BuildOptions(extractor="rules"))
    taken = {
        "by the clock": time.perf_counter() - begin,
        "processor time": time.process_time() - busy,
    }
    for how, lasted in taken.items():
        yield Figure(
            f"text to store, one process, {how} ({words:,} words)",
            f"{words / lasted:,.0f} words/s",
            f"splitting into words: {words / reference:,.0f} words/s",
            lasted / reference,
            f">= {_LEAST:,} words/s",
            words / lasted >= _LEAST,
        )


_PEAK = """
import resource, sys
from pathlib import Path
from graph.build import BuildOptions, build
build([Path(sys.argv[1])], Path(sys.argv[2]), BuildOptions(extractor="rules"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _memory(briefs: list[Text], folder: Path) -> Figure:
    peaks = []
    for size in (_DOCUMENTS // 4, _DOCUMENTS):
        corpus, data = folder / f"corpus-{size}", folder / f"data-{size}"
        write_corpus(briefs, corpus, size)
        command = [sys.executable, "-c", _PEAK, str(corpus), str(data)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout) / 1024)
    return Figure(
        f"peak memory, {_DOCUMENTS} documents",
        f"{peaks[1]:.0f} MB",
        f"{_DOCUMENTS // 4} documents: {peaks[0]:.0f} MB",
        peaks[1] / peaks[0],
        "bounded by the document",
    )
