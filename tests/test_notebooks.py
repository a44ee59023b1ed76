import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests import notebooks

# What the prose says, as patterns of what the cell of this name shows.
CLAIMS = {
    "first-look.ipynb": {
        "ten-lines": ["<iframe", "srcdoc", "What the sample corpus speaks of most"],
        "modalities": [r"\[picture\]"],
        "goal": ["Politburo study session on basic research", "confidence"],
        "verify": ["every character agrees"],
        "connections": ["Way 1.*Xi Jinping — .*European Commission"],
    },
    "two-events.ipynb": {
        "build": ["2023-02-21", "2023-07-31"],
        "compare": [
            r"\|strengthen basic research\|1\|1",
            r"\|achieve self-reliance in science and technology\|",
            r"\|invest more in basic research\|",
            r"\|Party committees and governments\|",
            r"\|enterprises\|",
            r"\|schools\|",
        ],
        "wanted": [
            "REPEATED.*strengthen basic research.*global science fund.*REWORDED",
            "REPEATED.*invest more in basic research.*REWORDED",
            "REWORDED.*digital platforms for research  →  digital research platforms.*DROPPED",
            "REWORDED.*national laboratories.*DROPPED",
            "REWORDED.*dependence on foreign suppliers.*DROPPED",
            "REWORDED.*attract talent into basic research  →  attract talent.*DROPPED",
            "DROPPED.*raise its own spending.*ADDED",
            "DROPPED.*tax incentives.*ADDED",
            "DROPPED.*training platform for young scientists.*ADDED",
            "DROPPED.*Strong Foundation Plan.*ADDED",
            "DROPPED.*strengthen science education.*ADDED",
            "ADDED.*give scientists more freedom",
            "ADDED.*lead projects",
            "ADDED.*awaken curiosity in children",
            "ADDED.*steady funding",
        ],
        "slope": [r"\[picture\]"],
        "sentences": [r"\|nobody named\|"],
        "network": ["<iframe"],
    },
    "shared-goals.ipynb": {
        "favour": [r"[1-9]\d\d sentences"],
        "popular": [r"\[picture\]"],
        "shared": [
            r"OECD ministers\|Group of Seven\|2\|\d\|2\|"
            "promote open science; protect research security",
        ],
        "draw": ["<iframe"],
        "communities": [r"\[picture\]", "promote open science"],
        "central": [r"Xi Jinping\|Person\|", r"\|1\|"],
        "central-plot": [r"\[picture\]"],
    },
    "sparql-and-gephi.ipynb": {
        # The columns are requires, calls-for, commits-to, carries-out, endorses, assesses, opposes.
        "stances-query": [
            r"China\|0\|1\d\|\d\|\d\|",
            r"United States\|\d\|\d\|\d\|1\d\|",
            r"Netherlands\|\d\|\d\|\d\|\d\|\d\|\d\|[5-9]",
        ],
        "stances-plot": [r"\[picture\]"],
        "coverage": [r"China\|2"],
        "instruments-plot": [r"\[picture\]"],
        "timeline": [r"\[picture\]", "SELECT"],
        "gephi": ["open-science.gexf", "open-science.graphml", "sentence"],
        "csv": ["statements.csv", "relations.csv"],
    },
}


def _notebooks(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.notebooks", *map(str, arguments)]
    root = Path(__file__).parent.parent
    return subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)


@pytest.mark.parametrize("name", CLAIMS)
def test_a_notebook_runs_and_shows_what_its_prose_claims(name: str, tmp_path: Path) -> None:
    # In a process of its own, which takes the sockets of the kernel with it.
    done = _notebooks("--run", notebooks.FOLDER / name, tmp_path)
    assert done.returncode == 0, done.stderr
    ran = nbformat.reads(done.stdout, as_version=4)
    code = [cell for cell in ran.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in code)
    assert not any(
        output.name == "stderr" for c in code for output in c.outputs if "name" in output
    )
    seen = {cell.id: _seen(cell) for cell in code}
    for cell, claims in CLAIMS[name].items():
        for claim in claims:
            assert re.search(claim, seen[cell], re.DOTALL), f"{cell} does not show {claim!r}"


def _seen(cell: nbformat.NotebookNode) -> str:
    """What a cell shows, tables as lines with bars between their cells."""
    parts = []
    for output in cell.outputs:
        data = output.get("data", {})
        shown = data.get("text/html") or data.get("text/plain") or output.get("text", "")
        shown = re.sub(r"</t[dh]>\s*", "|", re.sub(r"</tr>\s*", "\n", shown))
        # A frame holds a page, which is shown as it is.
        parts.append(shown if "<iframe" in shown else re.sub(r"<[^>]+>", "", shown))
        parts += ["[picture]"] if "image/png" in data else []
    return "\n".join(parts)


@pytest.mark.parametrize("path", notebooks.paths(), ids=lambda p: p.name)
def test_a_notebook_is_stored_without_output(path: Path) -> None:
    assert path.read_text("utf-8") == notebooks.stripped(notebooks.read(path))


def test_the_claims_of_every_notebook_are_tested() -> None:
    assert [p.name for p in notebooks.paths()] == sorted(CLAIMS)
    for path in notebooks.paths():
        assert CLAIMS[path.name].keys() <= {cell.id for cell in notebooks.read(path).cells}


def test_the_first_look_takes_ten_lines() -> None:
    cells = {c.id: c.source for c in notebooks.read(notebooks.FOLDER / "first-look.ipynb").cells}
    assert len([line for line in cells["ten-lines"].splitlines() if line]) == 10


def test_stripping_removes_what_running_left(tmp_path: Path) -> None:
    clean = notebooks.paths()[0].read_text("utf-8")
    ran = notebooks.read(notebooks.paths()[0])
    for cell in ran.cells:
        if cell.cell_type == "code":
            cell.execution_count = 3
            cell.outputs = [nbformat.v4.new_output("stream", text="secret")]
    path = tmp_path / "ran.ipynb"
    nbformat.write(ran, path)
    assert "secret" in path.read_text("utf-8")
    assert _notebooks("--strip", path).returncode == 0
    assert path.read_text("utf-8") == clean
