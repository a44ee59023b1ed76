"""Commands that take the graph away: draw, export, pack."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.ask import opened
from api.cli.options import DEFAULT_DATA, DataOption
from api.cli.output import console
from api.words import counted
from graph.errors import ScipolError


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (draw, export, pack):
        app.command(rich_help_panel="Take away")(command)


def draw(
    output: Annotated[Path, typer.Option("--output", "-o", help="The page to write.")],
    around: Annotated[str | None, typer.Option(help="Only the surroundings of this thing.")] = None,
    steps: Annotated[int, typer.Option(min=1, max=4, help="How far around.")] = 2,
    most: Annotated[int, typer.Option(min=2, max=2000, help="At most so many things.")] = 80,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Draw the network as a page that works offline.

    Example: scipol draw --around "basic research" -o basic-research.html
    """
    from graph.draw import draw as drawn
    from graph.network import around_node, load_network, most_connected
    from graph.view import ViewSpec

    with opened(data) as (store, index):
        network = load_network(store)
        if around:
            centre = index.named(around)
            part = around_node(network, centre.iri, steps, most)
            title = f"Around {centre.label}"
        else:
            part = most_connected(network, most)
            title = "The most connected things"
    picture = drawn(network, ViewSpec(seeds=tuple(part), most=most), title)
    _write(output, picture.page().encode())
    nodes, total = part.number_of_nodes(), network.number_of_nodes()
    console().print(f"{nodes} of {total} things drawn: {output}", markup=False, soft_wrap=True)


def export(
    form: Annotated[
        str, typer.Option("--format", "-f", help="nquads, trig, turtle, graphml, gexf, csv, …")
    ] = "nquads",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File; for csv a folder.")
    ] = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Write the whole graph in another format.

    Example: scipol export --format graphml -o policy.graphml
    """
    from graph.export import CSV, export_csv, export_graph
    from graph.stores import open_store

    with open_store(data) as store:
        if form == CSV:
            folder = output or Path("scipol-csv")
            if folder.suffix == ".csv" and not folder.is_dir():
                raise ScipolError(
                    f"{CSV} is a folder of several tables, {folder} looks like a file; say for "
                    f"instance: -o {folder.with_suffix('')}"
                )
            for path in export_csv(store, folder):
                console().print(str(path), markup=False, soft_wrap=True)
            return
        content = export_graph(store, form)
    if output:
        _write(output, content)
        size = f"{len(content) / 1000:,.0f} kB"
        console().print(f"{output}: {size} of {form}", markup=False, soft_wrap=True)
    else:
        sys.stdout.buffer.write(content)


def pack(
    of: Annotated[
        str, typer.Argument(help="Address of a page, or the name of a thing or document.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file; a name by its hash otherwise.")
    ] = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Write an answer with its rows, sentences and sources as a zip that can be rebuilt.

    The address is that of a view, thing, document, comparison or paths in the explorer, or of
    /api/v1/statements with any conditions.

    Example: scipol pack "/api/v1/statements?modality=opposes" -o opposed.zip
    """
    from graph.pack import digest

    content, facts = packed(of, data)
    sha256 = digest(content)
    path = output or Path(f"scipol-pack-{sha256[:12]}.zip")
    _write(path, content)
    console().print(f"{facts}: {path}\nSHA-256 {sha256}", markup=False, soft_wrap=True)


def packed(of: str, data: Path) -> tuple[bytes, str]:
    """The pack of a page or a name, and how much is in it."""
    import json

    from api.explorer.kept import KeptViews
    from api.explorer.links import of_thing, read_link
    from api.explorer.packs import meant
    from graph.network import load_network
    from graph.pack import NetworkPart, made, on_network, written
    from graph.pack.questions import needs_network

    with opened(data) as (store, index):
        if of.startswith(("/", "http://", "https://")):
            asked = read_link(of, lambda text: meant(store, index, text), KeptViews(data))
        else:
            asked = of_thing(meant(store, index, of))
        part = NetworkPart()
        if needs_network(asked.question):
            part = on_network(load_network(store), asked.question)
        files = made(store, asked.question, part, asked.link)
    about = json.loads(files["manifest.json"])
    facts, sources = counted(about["facts"], "fact"), counted(about["sources"], "source")
    return written(files), f"{facts}, {sources}"


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise ScipolError(f"{path} cannot be written: {error.strerror}") from error
