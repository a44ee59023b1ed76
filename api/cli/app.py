"""Puts the commands together, and turns errors into one line and an exit code."""

from __future__ import annotations

import os
import sys
from typing import Annotated, NoReturn

import typer

from api.cli import ask, check, ingest, learn, serving, take
from api.cli.output import INTERRUPTED, note
from api.plain import plainly

MISSPELT = 2

HELP = """A knowledge graph of science policy in which every fact shows the sentence it rests on.

Try `scipol demo` first: it reads the sample corpus, answers questions and draws a picture.
Then `scipol build YOUR-FOLDER`, `scipol show NAME`, `scipol related A B`.

Exit codes: 0 done, also where nothing was found, or where a build refused some documents and read
others; 1 it could not be done, the last line says why; 2 the command was misspelt;
3 validate, verify or repack found something wrong; 130 interrupted.
"""

app = typer.Typer(
    name="scipol",
    help=HELP,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"scipol {version('scipol')}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Options that come before any command."""


for module in (ingest, ask, take, check, learn, serving):
    module.add_commands(app)


def main() -> NoReturn:
    """Run the command line and exit with its code. No traceback reaches a user."""
    from graph.errors import ScipolError

    code = 0
    try:
        # Out of standalone mode, the code of a typer.Exit is returned.
        code = app(standalone_mode=False) or 0
        sys.stdout.flush()
    except ScipolError as error:
        _fail(str(error))
    except (KeyboardInterrupt, typer.Abort):
        note("Interrupted.")
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe (head, less) went away: nobody is left to tell, and Python must not
        # find that out again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _fail(f"{error.filename or 'the system'}: {error.strerror or error}")
    except Exception as error:
        if hasattr(error, "format_message"):
            _usage(error)
        raise
    sys.exit(code)


def _usage(error: Exception) -> NoReturn:
    """A misspelt command or option: click's message, and where to read more."""
    message = plainly(error.format_message())  # type: ignore[attr-defined]
    if not message.endswith((".", "?", "!")):
        message += "."
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "scipol"
    if not sys.argv[1:]:
        # No command at all: the message is the whole help.
        _fail(message, MISSPELT)
    _fail(f"{message} See `{path} --help`.", MISSPELT)


def _fail(message: str, code: int = 1) -> NoReturn:
    note(message)
    sys.exit(code)
