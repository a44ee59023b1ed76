"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_DATA = Path("scipol-data")

DataOption = Annotated[
    Path,
    typer.Option("--data", envvar="SCIPOL_DATA", help="The data directory.", show_envvar=True),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print CSV instead of a table.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many rows.")]

ExtractorOption = Annotated[
    str | None,
    typer.Option(
        "--extractor",
        help="Which extractor: learned, rules, llm, spacy:MODEL. Without it learned, or rules "
        "where that cannot be used.",
        show_default=False,
    ),
]
LlmUrlOption = Annotated[
    str | None, typer.Option("--llm-url", help="Address of the language model, up to /v1.")
]
LlmModelOption = Annotated[
    str | None, typer.Option("--llm-model", help="Name of the language model.")
]
LlmTokensOption = Annotated[
    str | None,
    typer.Option("--llm-max-tokens", help="Stop before the language model uses more tokens."),
]
LlmCostOption = Annotated[
    str | None,
    typer.Option("--llm-max-cost", help="Stop before the language model costs more."),
]


def extractor_settings(
    url: str | None, model: str | None, max_tokens: str | None, max_cost: str | None
) -> dict[str, str]:
    """The settings of the extractor that were given as options."""
    given = {"url": url, "model": model, "max_tokens": max_tokens, "max_cost": max_cost}
    return {name: value for name, value in given.items() if value is not None}
