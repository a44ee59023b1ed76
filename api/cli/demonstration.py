"""The main job on the sample corpus: each step is a command that a user can type."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from api.cli.output import console

# Number and slug of the competency questions are those of `ontology/questions`.
QUESTIONS: tuple[tuple[str, str], ...] = (
    (
        "What did the Politburo's study session on basic research call for, and on whom?",
        "statements --document cn-politburo-basic-research-2023 --modality calls-for",
    ),
    (
        "Which instruments serve scientific and technological self-reliance?",
        'questions instruments-for-goal --set goal="self-reliance"',
    ),
    (
        "How are two actors of different countries connected?",
        'related "National Natural Science Foundation of China" "National Science Foundation"',
    ),
    ("Which goals are shared by most countries?", "questions goals-shared-by-countries"),
    ("Which goals have no instrument?", "questions goals-without-instrument"),
    ("Who opposes what?", "statements --modality opposes --limit 6"),
    ("Which budgets are the largest, and who runs them?", "questions largest-budgets"),
    ("Which targets are due, and when?", "questions targets-by-deadline"),
)


def run(data: Path, output: Path) -> None:
    """Build, check, ask, draw; then say what to try next."""
    page = output / "network.html"
    _step("Read the sample corpus into a graph", ["build"], data)
    _step("Check it against the SHACL shapes", ["validate"], data)
    _step("Compare every quote with the text it stands in", ["verify"], data)
    for number, (question, command) in enumerate(QUESTIONS, start=1):
        _step(f"Question {number}: {question}", shlex.split(command), data)
    _step("Draw the network", ["draw", "--output", str(page)], data)
    _say_next(data, page)


def _step(title: str, command: Sequence[str], data: Path) -> None:
    from api.cli.app import app

    out = console()
    out.print()
    out.rule(title, align="left", characters="─")
    out.print(f"$ scipol {shlex.join(command)}", style="dim", markup=False, soft_wrap=True)
    app([*command, "--data", str(data)], standalone_mode=False)


def _say_next(data: Path, page: Path) -> None:
    out = console()
    out.print()
    out.rule("Try next", align="left", characters="─")
    for line in (
        f"Open {page} in a browser: every line of the picture has its sentences.",
        "scipol search quantum                      things and sentences with this word",
        'scipol show "European Commission"          all that is known of one thing',
        'scipol related "Xi Jinping" "China"        how two things are connected',
        "scipol questions --list                    what the graph was made to answer",
        "scipol export --format graphml -o policy.graphml     for Gephi and others",
        "scipol build YOUR-FOLDER                   your own documents into the same graph",
    ):
        out.print(f"  {line}", markup=False, soft_wrap=True)
    out.print(f"  The graph lies in {data}.", markup=False, soft_wrap=True)
