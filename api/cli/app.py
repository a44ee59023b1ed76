"""Puts the commands together, and turns errors into one line and an exit code."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from api.cli import ask, check, ingest, take

HELP = """A knowledge graph of science policy in which every fact shows the sentence it rests on.

Try `scipol demo` first: it reads the sample corpus, answers questions and draws a picture.
Then `scipol build YOUR-FOLDER`, `scipol show NAME`, `scipol related A B`.

Exit codes: 0 done; 1 it could not be done, the last line says why; 2 the command was misspelt;
3 validate or verify found something wrong; 130 interrupted, everything finished so far is kept.
"""

app = typer.Typer(
    name="scipol",
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (ingest, ask, take, check):
    module.add_commands(app)


def main() -> NoReturn:
    """Run the command line and exit with its code. No traceback reaches a user."""
    from graph.errors import ScipolError

    try:
        app(standalone_mode=False)
    except ScipolError as error:
        _fail(str(error))
    except typer.Exit as ending:
        sys.exit(ending.exit_code)
    except typer.Abort:
        sys.exit(130)
    except KeyboardInterrupt:
        _say("Interrupted. Everything finished so far is kept; run the command again to go on.")
        sys.exit(130)
    except BrokenPipeError:
        # The reader of a pipe (head, less) went away; there is nobody left to tell.
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if hasattr(error, "format_message"):
            _usage(error)
        raise
    sys.exit(0)


def _usage(error: Exception) -> NoReturn:
    """A misspelt command or option: click's message, and where to read more."""
    message = error.format_message()  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "scipol"
    _fail(f"{message} See `{path} --help`.", code=2)


def _fail(message: str, code: int = 1) -> NoReturn:
    _say(message)
    sys.exit(code)


def _say(message: str) -> None:
    from rich.console import Console

    Console(stderr=True, soft_wrap=True, highlight=False).print(message, markup=False)
