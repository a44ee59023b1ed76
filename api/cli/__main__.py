"""Lets `python -m api.cli` run the command."""

from api.cli.app import main

main()
