"""Commands that check: validate, verify, repack, evaluate, info."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.learn import AlsoOption, learner
from api.cli.options import (
    DEFAULT_DATA,
    CsvOption,
    DataOption,
    ExtractorOption,
    JsonOption,
    LlmCostOption,
    LlmModelOption,
    LlmTokensOption,
    LlmUrlOption,
    extractor_settings,
)
from api.cli.output import Cell, chosen, console, loaded_extractor, note, print_json, print_rows
from api.words import counted

if TYPE_CHECKING:
    from graph.evaluate import Report
    from graph.pack import PackReport

FOUND_WRONG = 3
# A table shows of a genre what tells genres apart; JSON and CSV have the rest.
_OF_A_GENRE = ("/entities", "/entities/strict", "/statements/pair", "/relations")


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (validate, verify, repack, evaluate, info):
        app.command(rich_help_panel="Check")(command)


def validate(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Check the graph against the SHACL shapes.

    The exit code is 3 when it violates one.

    Example: scipol validate
    """
    from graph.check import conformance
    from graph.stores import open_store

    with open_store(data) as store, _waiting("Checking against the shapes"):
        report = conformance(store)
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        rows: list[Mapping[str, Cell]] = [
            {"severity": v.severity, "message": v.message, "number": v.number, "example": v.example}
            for v in report.results
        ]
        print_rows(rows, ["severity", "message", "number", "example"], "table", None, "")
        console().print(
            f"{counted(report.triples, 'triple')}: {counted(report.violations, 'violation')}."
        )
    if report.violations:
        raise typer.Exit(FOUND_WRONG)


def verify(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Compare every quote with the stored text.

    By hash and offset; the exit code is 3 when a single character differs.

    Example: scipol verify
    """
    from graph.verify import verify as compare

    report = compare(data)
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        rows: list[Mapping[str, Cell]] = [
            {"where": f.where, "problem": f.problem} for f in report.faults
        ]
        print_rows(rows, ["where", "problem"], "table", None, "")
        console().print(
            f"{counted(report.texts, 'text')} and {counted(report.spans, 'quote')} compared: "
            f"{report.verdict}"
        )
    if report.faults:
        raise typer.Exit(FOUND_WRONG)


def repack(
    file: Annotated[Path, typer.Argument(help="An evidence pack.")],
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
) -> None:
    """Make an evidence pack anew and compare it with the given one, bit by bit.

    The exit code is 3 when a single byte differs; what differs is listed.

    Example: scipol repack opposed.zip
    """
    from api.cli.take import packed
    from graph.pack import compared, link_in

    given = file.read_bytes()
    report = compared(given, packed(link_in(given), data)[0])
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        for line in _in_words(report):
            console().print(line, markup=False, soft_wrap=True)
    if not report.same:
        raise typer.Exit(FOUND_WRONG)


def _in_words(report: PackReport) -> Iterator[str]:
    if report.same:
        yield f"The same, bit by bit: SHA-256 {report.sha256}, data version {report.data_version}."
        return
    yield f"Not the same. Asked was {report.link}"
    if report.damaged:
        yield f"Changed since the pack was made: {', '.join(report.damaged)}."
    for what, given, here in (
        ("data version", report.data_version, report.made_data_version),
        ("software", report.software, report.made_software),
    ):
        if given != here:
            yield f"The {what} of the pack is {given or 'unknown'}, here it is {here}."
    for one in report.differences:
        yield f"{one.file}: {one.what}"
        yield from (f"  only in the pack: {line}" for line in one.only_in_pack)
        yield from (f"  only in the data: {line}" for line in one.only_in_data)


def evaluate(
    gold: Annotated[Path, typer.Argument(help="Folder of annotations, NAME.json each.")],
    texts: Annotated[
        Path | None, typer.Option(help="Folder of NAME.txt or .md; else beside the gold.")
    ] = None,
    extractor: ExtractorOption = None,
    cross_validate: Annotated[
        bool,
        typer.Option(
            "--cross-validate",
            help="Train the learned extractor fold by fold and score it on what it has not seen.",
        ),
    ] = False,
    card: Annotated[
        Path | None, typer.Option(help="Cross-validate and write the quality card to this file.")
    ] = None,
    also: AlsoOption = None,
    data: DataOption = DEFAULT_DATA,
    llm_url: LlmUrlOption = None,
    llm_model: LlmModelOption = None,
    llm_max_tokens: LlmTokensOption = None,
    llm_max_cost: LlmCostOption = None,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Score an extractor on annotated documents.

    Per type, predicate, modality and genre, as the annotation guidelines say.

    Example: scipol evaluate data/gold
    """
    from graph.evaluate import evaluate as score_all

    form = chosen(as_json, as_csv)
    settings = extractor_settings(llm_url, llm_model, llm_max_tokens, llm_max_cost)
    if cross_validate or card is not None:
        report = _cross_validated(gold, texts, card, also or ())
    else:
        with (
            loaded_extractor(extractor, data, settings) as loaded,
            _waiting("Extracting and scoring"),
        ):
            report = score_all(gold, texts, loaded)
    if form == "json":
        print_json(report.model_dump(mode="json"))
        return
    rows: list[Mapping[str, Cell]] = [
        {
            "measure": name,
            "precision": count.precision,
            "recall": count.recall,
            "f1": count.f1,
            "right": count.right,
            "wrong": count.wrong,
            "missed": count.missed,
        }
        for name, count in report.scores.items()
        if form == "csv" or not name.startswith("genre/") or name.endswith(_OF_A_GENRE)
    ]
    columns = ["measure", "precision", "recall", "f1", "right", "wrong", "missed"]
    print_rows(rows, columns, form, counted(report.documents, "document"))
    if form == "table":
        for line in report.remarks:
            console().print(line, markup=False)


def _cross_validated(
    gold: Path, texts: Path | None, card: Path | None, also: Sequence[Path]
) -> Report:
    training = learner()
    trial = training.cross_validate(training.lessons_of([gold], texts, also), note)
    if card is not None:
        from graph.learn.card import write_card

        write_card(trial, card)
        note(f"the quality card is in {card}")
    report: Report = trial.report()
    return report


def info(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Say what is in the graph.

    Example: scipol info
    """
    from graph import queries
    from graph.store import data_version, graph_hash
    from graph.stores import open_store

    with open_store(data) as store:
        documents = queries.documents(store)
        found: dict[str, Cell] = {
            "data directory": str(data),
            "documents": len(documents),
            "quads": len(store),
            **queries.counts(store),
            "data version": data_version(store),
            "graph hash": graph_hash(store),
        }
    if as_json:
        print_json({**found, "names": [d.name for d in documents]})
        return
    rows: list[Mapping[str, Cell]] = [{"what": k, "value": v} for k, v in found.items()]
    print_rows(rows, ["what", "value"], "table")
    listing: list[Mapping[str, Cell]] = [
        {
            "name": d.name,
            "title": d.title,
            "issued": d.issued.isoformat() if d.issued else None,
            "statements": d.statements,
        }
        for d in documents
    ]
    print_rows(listing, list(listing[0]) if listing else ["name"], "table", "Documents")


def _waiting(what: str) -> AbstractContextManager[object]:
    from rich.console import Console

    return Console(stderr=True).status(what)
