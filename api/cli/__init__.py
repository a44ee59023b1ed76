"""The command `scipol`. Each command is a few lines that call `graph` and print records.

What a command needs is imported when it runs, so that `scipol --help` answers at once.
"""

from api.cli.app import main

__all__ = ["main"]
