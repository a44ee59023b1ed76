"""Finds entities of type Field."""

from __future__ import annotations

from graph.extract.draft import Draft
from graph.extract.passages import Prose
from graph.records import Document


def find(prose: Prose, document: Document) -> list[Draft]:
    """Entities of type Field in the order of their first mention."""
    return []
