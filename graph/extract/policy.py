"""Finds goals and instruments."""

from __future__ import annotations

from collections.abc import Sequence

from graph.extract.draft import Draft
from graph.extract.passages import Prose
from graph.records import Document


def find(prose: Prose, document: Document, named: Sequence[Draft]) -> list[Draft]:
    """Goals and instruments in the order of their first mention.

    `named` are the entities found before (actors, events, documents, fields, quantities).
    """
    return []
