"""The command that learns: train."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from api.cli.output import console, note
from api.words import counted

AlsoOption = Annotated[
    list[Path] | None,
    typer.Option(help="A folder of annotated documents to learn from, but not to measure on."),
]


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(rich_help_panel="Check")(train)


def train(
    gold: Annotated[
        list[Path], typer.Argument(help="Folders of annotations, NAME.json each, as for evaluate.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the weights.")],
    texts: Annotated[
        Path | None,
        typer.Option(help="Texts of the first folder; else, and for the others, beside the gold."),
    ] = None,
    also: AlsoOption = None,
) -> None:
    """Train the learned extractor on annotated documents.

    Needs the extra `train`. The scores it prints are of documents that were not learned from.

    Example: scipol train data/gold --also data/exercises -o my-model
    """
    trial = learner().train(gold, texts, output, note, also or ())
    scores = trial.report().scores
    shown = ("entities", "entities/strict", "relations", "statements/pair", "statements/full")
    for name in shown:
        console().print(f"{name}: F1 {scores[name].f1:.2f}" if name in scores else name)
    console().print(f"weights of {counted(len(trial.names), 'document')} in {output}", markup=False)


def learner() -> ModuleType:
    """The module that trains. Raises ExtractorError naming the extra to install."""
    from graph.errors import ExtractorError

    try:
        from graph.learn import training
    except ImportError as error:
        raise ExtractorError(
            f"training needs the extra `train` ({error}); install it with: "
            "pip install 'scipol[train]'"
        ) from error
    return training
