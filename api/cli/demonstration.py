"""The main job on the sample corpus: each step is a command that a user can type."""

from __future__ import annotations

import shlex
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import typer

from api.cli.options import DEFAULT_DATA
from api.cli.output import console

QUESTIONS: tuple[tuple[str, str], ...] = (
    (
        "What did the Politburo's study session on basic research call for, and on whom?",
        "statements --document cn-politburo-basic-research-2023 --modality calls-for --limit 6",
    ),
    (
        "Which instruments serve self-reliance in science and technology?",
        "questions instruments-for-goal --limit 6",
    ),
    (
        "How are two actors of different countries connected?",
        'related "Xi Jinping" "European Commission" --paths 2',
    ),
    ("Which goals are shared by most countries?", "questions goals-shared-by-countries"),
    ("Which goals have no instrument?", "questions goals-without-instrument --limit 6"),
    ("Who opposes what?", "statements --modality opposes --limit 5"),
    ("Where do actors disagree?", "questions disagreements --limit 6"),
    (
        "Which instruments have the largest budgets, and who runs them?",
        "questions largest-budgets --limit 6",
    ),
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
    from rich.text import Text

    from api.cli.app import app

    out = console()
    out.print()
    out.rule(Text(title), align="left", characters="─")
    out.print(f"$ scipol {shlex.join(command)}", style="dim", markup=False, soft_wrap=True)
    # What was printed here must come before what the command prints.
    sys.stdout.flush()
    if code := app([*command, "--data", str(data)], standalone_mode=False):
        raise typer.Exit(code)


def _say_next(data: Path, page: Path) -> None:
    out = console()
    out.print()
    out.rule("Try next", align="left", characters="─")
    scipol = str(_command())
    served = f"--data {shlex.quote(str(data))} " if data != DEFAULT_DATA else ""
    for line in (
        f"Open {page} in a browser: every line of the picture has its sentences.",
        f"Say {scipol} serve {served}and click through all of it at http://localhost:8000.",
        "",
        "scipol search quantum                      things and sentences with this word",
        'scipol show "European Commission"          all that is known of one thing',
        'scipol related "Xi Jinping" Germany        how two things are connected',
        "scipol questions --list                    what the graph was made to answer",
        "scipol export -f graphml -o policy.graphml   for Gephi and others",
        "scipol build YOUR-FOLDER                   your own documents into the same graph",
    ):
        out.print(f"  {line}" if line else "", markup=False, soft_wrap=True)
    where = f"  The graph lies in {data}; the command scipol is {scipol}."
    out.print(where, markup=False, soft_wrap=True)


def _command() -> Path:
    """Where the command lies, seen from here."""
    path = Path(sysconfig.get_path("scripts")) / "scipol"
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
