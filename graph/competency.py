"""The competency questions of the ontology, asked of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from ontology.competency import Question, load_questions

from graph.errors import NotFound, QueryError
from graph.records import Record
from graph.search import SearchIndex
from graph.store import Store


class Answer(Record):
    """A question with its parameters filled in, and the rows that answer it."""

    number: int
    question: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    sparql: str


def questions() -> tuple[Question, ...]:
    """All competency questions by number."""
    return load_questions()


def question(which: str) -> Question:
    """The question with this number or short name. Raises NotFound with near names."""
    known = load_questions()
    for candidate in known:
        if which in (str(candidate.number), candidate.slug):
            return candidate
    near = get_close_matches(which, [q.slug for q in known], n=3)
    raise NotFound(f"there is no question {which!r}; see `scipol questions --list`", near)


def settings(asked: Question, given: Sequence[str]) -> dict[str, str]:
    """Values for the parameters from texts such as `speaker=Xi Jinping`. Raises QueryError."""
    values: dict[str, str] = {}
    names = {p.name for p in asked.parameters}
    for text in given:
        name, equals, chosen = text.partition("=")
        if not equals or name not in names:
            known = ", ".join(sorted(names)) or "none"
            raise QueryError(f"question {asked.number} has no parameter {text!r}; it has: {known}")
        values[name] = chosen
    return values


def answer(store: Store, index: SearchIndex, asked: Question, given: Mapping[str, str]) -> Answer:
    """Ask a question; parameters that are not given keep their defaults.

    Values for things are names as people type them or IRIs. Raises NotFound.
    """
    raise NotImplementedError
