"""Commands of the service: serve, token, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import DEFAULT_DATA, DataOption
from api.cli.output import console, note

if TYPE_CHECKING:
    from api.tokens import TokenFile

token_app = typer.Typer(
    no_args_is_help=True, help="Make, list and revoke tokens that let their holders write."
)


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (serve, backup, restore):
        app.command(rich_help_panel="Service")(command)
    app.add_typer(token_app, name="token", rich_help_panel="Service")


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that answer queries; one per core if not given.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="The data directory.")] = None,
    store: Annotated[
        str | None, typer.Option(help="A SPARQL endpoint that holds the graph instead.")
    ] = None,
    tokens: Annotated[Path | None, typer.Option(help="File of token hashes.")] = None,
    query_timeout: Annotated[
        float | None, typer.Option(help="Longest time of a query, in seconds.")
    ] = None,
    plain_default_graph: Annotated[
        bool,
        typer.Option(help="Query the default graph alone, not the union of all graphs."),
    ] = False,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error.")] = None,
) -> None:
    """Answer over HTTP: SPARQL, linked data, relationship questions.

    Further settings are environment variables, see the README.

    Example: scipol serve --port 8000
    """
    from api.server import check_address, prepare, run
    from api.settings import load_settings

    settings = load_settings(
        host=host,
        port=port,
        workers=workers,
        data=data,
        store=store,
        tokens=tokens,
        query_timeout=query_timeout,
        union_default_graph=False if plain_default_graph else None,
        log_level=log_level,
    )
    check_address(settings.host, settings.port)
    if prepare(settings):
        note(f"There was no graph in {settings.data}: an empty one was made.")
    if settings.port:
        note(f"http://{settings.host}:{settings.port}/  Stop with Ctrl-C.")
    run(settings)


def backup(
    target: Annotated[Path, typer.Argument(help="The folder to make.")],
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Copy the whole graph, also while it is served.

    The copy is a data directory itself.

    Example: scipol backup backups/monday
    """
    from graph.backup import backup as copy

    count = copy(data, target)
    console().print(f"{count:,} quads copied to {target}", markup=False, soft_wrap=True)


def restore(
    source: Annotated[Path, typer.Argument(help="A folder that `scipol backup` made.")],
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Put a backup in the place of the graph, also while it is served.

    Example: scipol restore backups/monday
    """
    from graph.backup import restore as put_back

    restored = put_back(source, data)
    told = f"{restored.quads:,} quads restored to {data}, in the place of {restored.before:,}"
    console().print(told, markup=False, soft_wrap=True)


TokensOption = Annotated[
    Path | None, typer.Option("--tokens", help="File of token hashes, if not in the directory.")
]


@token_app.command("new")
def new_token(
    role: Annotated[str, typer.Option(help="curator or administrator.")] = "curator",
    data: DataOption = DEFAULT_DATA,
    tokens: TokensOption = None,
) -> None:
    """Make a token and print it, once; only a hash of it is kept.

    Example: scipol token new --role curator
    """
    from api.tokens import ROLES

    known = {str(r): r for r in ROLES}
    if role not in known:
        raise typer.BadParameter(f"there is no role {role!r}; choose {' or '.join(known)}")
    print(_token_file(data, tokens).new(known[role]))
    note("Keep it now: it cannot be shown again.")


@token_app.command("list")
def list_tokens(data: DataOption = DEFAULT_DATA, tokens: TokensOption = None) -> None:
    """List the names and roles of tokens."""
    for entry in _token_file(data, tokens).entries().values():
        print(f"{entry.name}  {entry.role}")


@token_app.command("revoke")
def revoke_token(
    name: Annotated[str, typer.Argument(help="The name: what stands between the underscores.")],
    data: DataOption = DEFAULT_DATA,
    tokens: TokensOption = None,
) -> None:
    """Let a token count no more; a running service notices at once."""
    _token_file(data, tokens).revoke(name)


def _token_file(data: Path, tokens: Path | None) -> TokenFile:
    from api.settings import load_settings
    from api.tokens import TokenFile

    return TokenFile(load_settings(data=data, tokens=tokens).tokens_file)
