"""Commands that bring documents in and take them out: build, extract, forget, demo."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import (
    DEFAULT_DATA,
    DataOption,
    ExtractorOption,
    JsonOption,
    LlmCostOption,
    LlmModelOption,
    LlmTokensOption,
    LlmUrlOption,
    extractor_settings,
)
from api.cli.output import INTERRUPTED, console, loaded_extractor, note, print_json
from api.words import counted
from graph.errors import Interrupted, ScipolError

COUNTRY = "Country: English name or ISO 3166 code, or a body such as European Union."
GENRE = (
    "Genre: agreement, article, book, budget, executive-order, fact-sheet, guidance, law, news, "
    "official-document, opinion, press-release, report, speech, statement, strategy, web-page, or "
    "a word that ontology/schemes/doc-kind.ttl has for one of them."
)


if TYPE_CHECKING:
    from graph.build import BuildReport, Progress
    from graph.documents import ReadOptions


def _known_genre(genre: str | None) -> str | None:
    """The genre, if it is one: a slip here would replace what each document says of itself."""
    from graph.concepts import codes, cues

    if genre and not cues("doc-kind").named(genre):
        known = ", ".join(codes("doc-kind"))
        raise typer.BadParameter(f"there is no genre {genre!r}; there are: {known}")
    return genre


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (demo, build, extract, forget):
        app.command(rich_help_panel="Documents")(command)


def build(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders, addresses; the sample corpus when none is given."),
    ] = None,
    data: DataOption = DEFAULT_DATA,
    workers: Annotated[
        int, typer.Option("--workers", "-w", min=1, help="Processes that read and extract.")
    ] = 1,
    extractor: ExtractorOption = None,
    title: Annotated[str | None, typer.Option(help="Title, over what the document says.")] = None,
    issuer: Annotated[str | None, typer.Option(help="Who issued it.")] = None,
    date: Annotated[str | None, typer.Option(help="When it was issued, YYYY-MM-DD.")] = None,
    language: Annotated[str | None, typer.Option(help="Language tag, for example en.")] = None,
    country: Annotated[str | None, typer.Option(help=COUNTRY)] = None,
    genre: Annotated[str | None, typer.Option(help=GENRE, callback=_known_genre)] = None,
    source: Annotated[str | None, typer.Option(help="Address or citation of the source.")] = None,
    text_column: Annotated[str, typer.Option(help="Column of a table that holds texts.")] = "text",
    max_mb: Annotated[float, typer.Option(help="Refuse larger files.", min=0.001)] = 50.0,
    allow_private_hosts: Annotated[
        bool, typer.Option(help="Also read addresses inside your own network.")
    ] = False,
    llm_url: LlmUrlOption = None,
    llm_model: LlmModelOption = None,
    llm_max_tokens: LlmTokensOption = None,
    llm_max_cost: LlmCostOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read documents into the graph.

    What is there already and unchanged is not read again.

    Examples: scipol build speeches/ law.pdf  ·  scipol build https://example.org/strategy
    """
    from graph.build import BuildOptions
    from graph.build import build as run
    from graph.resources import data_path

    options = BuildOptions(
        extractor=extractor,
        settings=extractor_settings(llm_url, llm_model, llm_max_tokens, llm_max_cost),
        workers=workers,
        read=_read_options(
            {
                "title": title,
                "issuer": issuer,
                "date": date,
                "language": language,
                "country": country,
                "genre": genre,
                "source": source,
            },
            text_column,
            max_mb,
            allow_private_hosts,
        ),
    )
    if not paths:
        _refuse_own(data)
        note("No paths are given: this reads the sample corpus.")
    with progress_bar() as advance, _Watch(advance) as watch:
        report = run(paths or [data_path("corpus")], data, options, watch)
    if report.fallback:
        note(report.fallback)
    if report.left:
        note(
            f"{report.left} unchanged document{' is' if report.left == 1 else 's are'} left as "
            f"another extractor read {'it' if report.left == 1 else 'them'}; to read all again: "
            f"--extractor {report.extractor}"
        )
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        print_report(report)
        say_silent(report.silent)
    if watch.interrupted:
        of = "" if watch.total is None else f" of {watch.total}"
        note(
            f"Interrupted. Read, and in the graph: {report.read}{of} documents. Run the command "
            "again to read the others."
        )
        raise typer.Exit(INTERRUPTED)
    if report.stopped:
        raise ScipolError(report.stopped)
    if not (report.added or report.replaced or report.unchanged):
        raise typer.Exit(1)


def _refuse_own(data: Path) -> None:
    """The sample corpus is not mixed into somebody's own documents unless they say so."""
    from graph.errors import QueryError
    from graph.queries import documents
    from graph.resources import data_path
    from graph.stores import open_store

    try:
        with open_store(data) as store:
            names = {document.name for document in documents(store)}
    except ScipolError:
        return  # there is no graph yet, or the build says what is wrong with it
    corpus = data_path("corpus")
    if own := sorted(names - {path.stem for path in corpus.glob("*.md")}):
        raise QueryError(
            f"Say what to read: {data} holds documents of your own ({own[0]} …), and without a "
            f"path the sample corpus would be added to them. If you want that: scipol build "
            f"{corpus}"
        )


def extract(
    path: Annotated[str, typer.Argument(help="A file, folder or address.")],
    form: Annotated[
        str, typer.Option("--format", "-f", help="json, nquads, trig, turtle or jsonld.")
    ] = "json",
    extractor: ExtractorOption = None,
    data: DataOption = DEFAULT_DATA,
    llm_url: LlmUrlOption = None,
    llm_model: LlmModelOption = None,
    llm_max_tokens: LlmTokensOption = None,
    llm_max_cost: LlmCostOption = None,
) -> None:
    """Print what is found in a document; nothing is stored but answers of a language model.

    Example: scipol extract speech.txt --format trig
    """
    from graph.build import extract_only

    settings = extractor_settings(llm_url, llm_model, llm_max_tokens, llm_max_cost)
    with loaded_extractor(extractor, data, settings) as loaded:
        sys.stdout.buffer.write(extract_only(path, loaded, form, lambda name: say_foreign([name])))


def forget(
    document: Annotated[str, typer.Argument(help="Name of the document, as `scipol info` lists.")],
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Remove a document and what rests on it alone.

    Example: scipol forget speech-2023
    """
    from graph.build import forget as remove

    remove(data, document)
    console().print(f"Forgotten: {document}", markup=False)


def demo(
    data: DataOption = DEFAULT_DATA,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the picture.")] = Path(
        "demo-output"
    ),
) -> None:
    """Run the main job on the sample corpus.

    Reads it, checks the graph, answers eight questions and draws the network.

    Example: scipol demo
    """
    from api.cli.demonstration import run

    run(data, output)


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None]]:
    """Show how far a build is, on standard error; yields what takes the news."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.progress import (
        Progress as Bar,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("documents, {task.fields[words]:,} words"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=None, words=0)

        def advance(news: Progress) -> None:
            bar.update(task, completed=news.done, total=news.total, words=news.words)

        yield advance


class _Watch:
    """Takes the news of a build. The first Ctrl-C ends it after a document, the second at once."""

    def __init__(self, advance: Callable[[Progress], None]) -> None:
        self._advance = advance
        self.total: int | None = None
        self.interrupted = False

    def __enter__(self) -> _Watch:
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def __call__(self, news: Progress) -> None:
        self._advance(news)
        self.total = news.total
        if self.interrupted:
            raise Interrupted("interrupted")

    def _interrupt(self, *_: object) -> None:
        self.interrupted = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        note("Stopping after this document. Ctrl-C again stops at once.")


def print_report(report: BuildReport) -> None:
    """Say what a build did, and why documents were refused."""
    out = console()
    out.print(
        f"{report.added} added, {report.replaced} replaced, {report.unchanged} unchanged, "
        f"{len(report.refused)} refused; {report.words:,} words in {report.seconds:.1f} s, "
        f"extractor {report.extractor}.",
        soft_wrap=True,
    )
    for refusal in report.refused:
        out.print(f"  refused {refusal.where}: {refusal.reason}", markup=False, soft_wrap=True)
    say_foreign(report.foreign)
    for remark in report.remarks:
        out.print(remark, markup=False, soft_wrap=True)


def say_foreign(names: Sequence[str]) -> None:
    """Name documents in other languages: what is missing there was not looked for."""
    from graph.build import some

    if names:
        note(f"Not in English, so that only names and figures are looked for: {some(names)}")


def say_silent(names: Sequence[str]) -> None:
    """Name documents in which no statement was found: silence may be the extractor's."""
    from graph.build import some

    if names:
        line = f"No statement was found in {counted(len(names), 'document')}: {some(names)}"
        console().print(line, markup=False, soft_wrap=True)


def _read_options(
    metadata: dict[str, str | None], text_column: str, max_mb: float, allow_private_hosts: bool
) -> ReadOptions:
    from graph.documents import MetadataError, ReadOptions, from_mapping

    try:
        known = from_mapping({key: value for key, value in metadata.items() if value is not None})
    except MetadataError as error:
        raise typer.BadParameter(str(error)) from None
    return ReadOptions(
        metadata=known,
        text_column=text_column,
        max_bytes=int(max_mb * 1_000_000),
        allow_private_hosts=allow_private_hosts,
    )
