"""Finds entities of type Person, Post, Organization, Country and ActorGroup."""

from __future__ import annotations

from graph.extract.draft import Draft
from graph.extract.passages import Prose
from graph.records import Document


def find(prose: Prose, document: Document) -> list[Draft]:
    """Actors in the order of their first mention."""
    return []
