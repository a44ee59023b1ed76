"""Commands that ask: query, show, search, related, statements, questions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import DEFAULT_DATA, CsvOption, DataOption, JsonOption, LimitOption
from api.cli.output import Cell, chosen, console, note, print_json, print_rows
from api.words import counted

if TYPE_CHECKING:
    from graph.queries import EntityAnswer, StatementAnswer, Thing
    from graph.search import SearchIndex
    from graph.store import Store


def _day(month_and_day: str) -> Callable[[str], date]:
    """What reads a day; a year stands for this day of it."""

    def read(text: str) -> date:
        try:
            return date.fromisoformat(f"{text}-{month_and_day}" if len(text) == _YEAR else text)
        except ValueError:
            raise typer.BadParameter(
                f"{text!r} is neither a day like 2024-05-31 nor a year"
            ) from None

    return read


_YEAR = 4
SinceOption = Annotated[
    date | None, typer.Option(parser=_day("01-01"), metavar="DAY", help="From this day or year on.")
]
UntilOption = Annotated[
    date | None,
    typer.Option(
        parser=_day("12-31"), metavar="DAY", help="Up to this day, or the end of the year."
    ),
]
# Names of types as people write them on the command line.
TypeOption = Annotated[
    list[str] | None, typer.Option("--type", "-t", help="Only this type, for example Goal.")
]
GOALS = ("Goal", "Target")
# So many statements of a document are shown with it.
_SAID = 10
_NAMES = {"prefLabel": "name", "altLabel": "other name"}
_OTHERS = 3


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module."""
    panel = "Ask"
    for command in (show, search, statements, related, questions, query):
        app.command(rich_help_panel=panel)(command)


@contextmanager
def opened(data: Path) -> Iterator[tuple[Store, SearchIndex]]:
    """The graph and the index of names, for the length of a command."""
    from graph.search import open_index
    from graph.stores import open_store

    with open_store(data) as store, open_index(data, store) as index:
        yield store, index


def meant(index: SearchIndex, name: str, types: Sequence[str] = ()) -> Thing:
    """The thing that is meant by a name; others of the same name are mentioned beside the answer.

    Raises NotFound with near names, QueryError for a type that there is not.
    """
    found = index.meant(name, checked_types(types))
    if not found.exact:
        note(f"{name!r} is taken as {found.thing.type} {found.thing.label}.")
    if found.others:
        others = "; ".join(f"{t.type} {t.label} <{t.iri}>" for t in found.others[:_OTHERS])
        note(
            f"{name!r} is taken as {found.thing.type} {found.thing.label}. There is also: {others}"
        )
    return found.thing


def checked_types(types: Sequence[str]) -> list[str]:
    """Names of types as the graph spells them. Raises QueryError naming those there are."""
    from graph.errors import QueryError
    from graph.queries import TYPES

    spelt = {t.lower(): t for t in TYPES} | {"field": "Concept", "organisation": "Organization"}
    for given in types:
        if given.lower() not in spelt:
            raise QueryError(f"there is no type {given!r}; choose one of: {', '.join(TYPES)}")
    return [spelt[t.lower()] for t in types]


def show(
    name: Annotated[str, typer.Argument(help="A name as you would type it, or an IRI.")],
    types: TypeOption = None,
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
) -> None:
    """Show what is known of one thing, with sentences.

    Example: scipol show "national laboratory system"
    """
    from graph import queries

    with opened(data) as (store, index):
        thing = meant(index, name, types or ())
        answer = queries.entity(store, thing.iri)
        inside = queries.StatementFilter(document=thing.iri)
        said = queries.statements(store, inside) if thing.type == "Document" else []
    if as_json:
        of_document = {"inside": [s.model_dump(mode="json") for s in said]} if said else {}
        print_json(answer.model_dump(mode="json") | of_document)
    else:
        _print_entity(answer, said)


def search(
    text: Annotated[str, typer.Argument(help="Words; case and accents do not count.")],
    types: TypeOption = None,
    limit: LimitOption = 15,
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Find things by name and sentences by their words.

    Example: scipol search "self-reliance"
    """
    form = chosen(as_json, as_csv)
    with opened(data) as (_, index):
        names = index.names(text, checked_types(types or ()), limit)
        sentences = [] if types else index.sentences(text, limit)
    found: list[Mapping[str, Cell]] = [
        {"type": h.thing.type, "name": h.thing.label, "matched": h.name, "iri": h.thing.iri}
        for h in names
    ]
    quotes: list[Mapping[str, Cell]] = [
        {"sentence": h.marked, "document": h.evidence.title, "span": h.evidence.span}
        for h in sentences
    ]
    if form == "json":
        print_json({"things": found, "sentences": quotes})
    elif form == "csv":
        print_rows([*found, *quotes], ["type", "name", "iri", "sentence", "document", "span"], form)
    else:
        print_rows(found, ["type", "name", "matched"], form, "Things", f"No name like {text!r}.")
        if not types:
            print_rows(quotes, ["sentence"], form, "Sentences", f"No sentence has {text!r}.")


def statements(
    speaker: Annotated[str | None, typer.Option(help="Who takes the stance.")] = None,
    goal: Annotated[str | None, typer.Option(help="On which goal, or a sub-goal of it.")] = None,
    instrument: Annotated[str | None, typer.Option(help="On which instrument.")] = None,
    addressee: Annotated[str | None, typer.Option(help="Who is called on.")] = None,
    document: Annotated[str | None, typer.Option(help="Name of the document it is in.")] = None,
    modality: Annotated[
        str | None, typer.Option(help="calls-for, requires, commits-to, carries-out, …")
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: LimitOption = 100,
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """List who takes what stance on what.

    Example: scipol statements --modality opposes --since 2010-01-01
    """
    from graph import queries

    form = chosen(as_json, as_csv)
    with opened(data) as (store, index):

        def iri(name: str | None, *types: str) -> str | None:
            return meant(index, name, types).iri if name else None

        conditions = queries.StatementFilter(
            speaker=iri(speaker),
            goal=iri(goal, *GOALS),
            instrument=iri(instrument, "Instrument"),
            addressee=iri(addressee),
            document=queries.document_named(store, document).iri if document else None,
            modality=modality,
            since=since,
            until=until,
        )
        answers = queries.statements(store, conditions)
    if form == "json":
        print_json([a.model_dump(mode="json") for a in answers[:limit]])
        return
    # What was asked for is the same in every row of a table.
    given = {"speaker": speaker, "modality": modality, "addressee": addressee}
    columns = ["date", "speaker", "modality", "content", "addressee", "sentence"]
    if form == "csv":
        columns += ["document", "confidence", "span"]
    else:
        columns = [c for c in columns if not given.get(c)]
    print_rows([_row(a) for a in answers[:limit]], columns, form)
    if form == "table" and len(answers) > limit:
        note(f"{limit} of {len(answers)} statements; --limit shows more.")


def related(
    first: Annotated[str, typer.Argument(help="A name or an IRI.")],
    second: Annotated[str, typer.Argument(help="Another one.")],
    paths: Annotated[int, typer.Option(min=1, help="At most so many connections.")] = 3,
    steps: Annotated[int, typer.Option(min=1, max=8, help="Of at most so many steps.")] = 5,
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Show how two things are connected, step by step.

    Example: scipol related "Xi Jinping" "talent"
    """
    from graph.network import connections, load_network

    form = chosen(as_json, as_csv)
    with opened(data) as (store, index):
        start, end = meant(index, first), meant(index, second)
        network = load_network(store)
        alone = [thing for thing in (start, end) if thing.iri not in network]
        found = () if alone else connections(network, start.iri, end.iri, paths, steps)
    if form == "json":
        print_json([path.model_dump(mode="json") for path in found])
        return
    rows: list[Mapping[str, Cell]] = [
        {
            "path": number,
            "from": step.source.label,
            "relation": f"{_words(step.label)} →" if step.forward else f"← {_words(step.label)}",
            "to": step.target.label,
            "sentence": step.evidence[0].quote,
            "document": step.evidence[0].title,
            "confidence": step.confidence,
            "span": step.evidence[0].span,
        }
        for number, path in enumerate(found, start=1)
        for step in path.steps
    ]
    columns = ["path", "from", "relation", "to", "sentence"]
    if form == "csv":
        columns += ["document", "confidence", "span"]
    nothing = f"No connection of at most {steps} steps between {start.label} and {end.label}."
    if alone:
        nothing = f"Nothing in the graph is related to {alone[0].label} ({alone[0].type})."
    shown = rows if form == "csv" else [*_unrepeated(rows)]
    print_rows(shown, columns, form, f"{start.label} — {end.label}", nothing)


def questions(
    which: Annotated[
        str | None, typer.Argument(help="Answer only this one: its number or its short name.")
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", "-s", help="Give a parameter a value: --set speaker='Xi Jinping'."),
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the questions.")] = False,
    limit: LimitOption = 8,
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Answer the questions the graph was made for.

    Example: scipol questions 2 --set goal="strengthen basic research"
    """
    from graph.competency import answer, question, settings
    from graph.competency import questions as all_questions

    form = chosen(as_json, as_csv)
    if listing:
        rows: list[Mapping[str, Cell]] = [
            {
                "number": q.number,
                "name": q.slug,
                "question": q.question,
                "parameters": ", ".join(p.name for p in q.parameters),
            }
            for q in all_questions()
        ]
        print_rows(rows, ["number", "name", "question", "parameters"], form)
        return
    if values and not which:
        raise typer.BadParameter("--set needs the number or name of a question")
    asked = [question(which)] if which else all_questions()
    with opened(data) as (store, index):
        answers = [answer(store, index, q, settings(q, values or ())) for q in asked]
    if form == "json":
        print_json([a.model_dump(mode="json") for a in answers])
        return
    if form == "csv" and len(answers) != 1:
        raise typer.BadParameter("--csv holds one table: name a question")
    for a in answers:
        title = f"{a.number}. {a.question}"
        shown = a.rows if form == "csv" else a.rows[:limit]
        print_rows(shown, a.columns, form, title, f"{title}\n  Nothing found.\n")
        if form == "table" and len(a.rows) > limit:
            note(f"  {limit} of {len(a.rows)} rows; --limit shows more.")


def query(
    sparql: Annotated[str, typer.Argument(help="SPARQL, a file that holds it, or - for input.")],
    form: Annotated[
        str, typer.Option("--format", "-f", help="table, csv, tsv, json, xml, turtle, …")
    ] = "table",
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Ask in SPARQL; the usual prefixes are declared.

    Example: scipol query "SELECT ?g ?l { ?g a scip:Goal ; skos:prefLabel ?l } LIMIT 5"
    """
    from graph.serialise import serialise, table_of
    from graph.stores import open_store

    form = chosen(as_json, as_csv) if as_json or as_csv else form
    with open_store(data) as store:
        found = store.query(_sparql_text(sparql))
        if form == "table":
            columns, rows = table_of(found)
            print_rows(rows, columns, "table")
        else:
            sys.stdout.buffer.write(serialise(found, form))


def _unrepeated(rows: Sequence[Mapping[str, Cell]]) -> Iterator[Mapping[str, Cell]]:
    """The rows, with no sentence said twice in a row."""
    before: Cell = None
    for row in rows:
        if row["sentence"] == before:
            yield {k: v for k, v in row.items() if k != "document"} | {"sentence": "(the same)"}
        else:
            yield row
        before = row["sentence"]


def _sparql_text(given: str) -> str:
    from graph.errors import QueryError

    if given == "-":
        return sys.stdin.read()
    # What has a space and is no file is meant as a query; the engine says what is wrong with it.
    if "{" in given or (" " in given.strip() and not Path(given).is_file()):
        return given
    try:
        return Path(given).read_text("utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise QueryError(
            f"{given!r} is no query, and as a file it cannot be read: {reason}"
        ) from error


def _row(answer: StatementAnswer) -> dict[str, Cell]:
    return {
        "date": answer.stated_on.isoformat() if answer.stated_on else None,
        "speaker": answer.speaker.label if answer.speaker else "(the document)",
        "modality": answer.modality,
        "content": "; ".join(t.label for t in answer.content),
        "addressee": "; ".join(t.label for t in answer.addressee),
        "sentence": answer.evidence.quote,
        "document": answer.evidence.title,
        "confidence": answer.confidence,
        "span": answer.evidence.span,
    }


def _words(property_: str) -> str:
    """What people call a property or relation; modalities are options, and stay as they are."""
    from graph.reliability import plain

    return _NAMES.get(property_) or (property_ if "-" in property_ else plain(property_))


def _print_entity(answer: EntityAnswer, said: Sequence[StatementAnswer]) -> None:
    out = console()
    out.print(f"[bold]{answer.thing.type}[/bold]", end=" ")
    out.print(answer.thing.label, markup=False)
    out.print(answer.thing.iri, markup=False, style="dim", soft_wrap=True)
    facts: list[Mapping[str, Cell]] = [
        {"property": _words(f.property), "value": f.value, "language": f.language}
        for f in answer.facts
        if f.property != "type"
    ]
    print_rows(facts, ["property", "value", "language"], "table", "Facts", "")
    links: list[Mapping[str, Cell]] = [
        {
            "subject": r.subject.label,
            "relation": _words(r.predicate),
            "object": r.object.label,
            "sentence": r.evidence.quote,
            "document": r.evidence.title,
        }
        for r in answer.relations
    ]
    columns = ["subject", "relation", "object", "sentence"]
    print_rows(links, columns, "table", "Relations", "No relations.")
    stances = [_row(s) for s in answer.statements]
    columns = ["date", "speaker", "modality", "content", "sentence"]
    nothing = "" if said else "No statements."
    print_rows(stances, columns, "table", "Statements", nothing)
    if said:
        columns = ["speaker", "modality", "content", "addressee", "sentence"]
        print_rows([_row(s) for s in said[:_SAID]], columns, "table", "Statements in it")
        if len(said) > _SAID:
            note(f"{_SAID} of {len(said)}; all: scipol statements --document {answer.thing.iri}")
    documents = {m.document for m in answer.mentions}
    if said and not documents:
        return
    times, where = counted(len(answer.mentions), "time"), counted(len(documents), "document")
    out.print(f"Named {times} in {where}.")
