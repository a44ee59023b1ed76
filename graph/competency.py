"""The competency questions of the ontology, asked of a store."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import NamedTuple

import pyoxigraph as ox

from graph.errors import NotFound, QueryError
from graph.queries import Thing, local_name, text_of, things, value
from graph.records import Record
from graph.search import SearchIndex
from graph.sparql_text import bind, standalone
from graph.store import Store
from graph.terms import Term
from ontology.competency import Parameter, Question, load_questions
from ontology.vocabulary import PREFIXES, VOC

Cell = str | int | float | None

# Classes that parameters name besides those of `graph.queries.TYPES`: what may stand for them.
_WIDER: Mapping[str, tuple[str, ...]] = {
    "Thing": (),
    "Actor": ("Person", "Post", "Organization", "Country", "ActorGroup"),
    "PolicyElement": ("Goal", "Target", "Instrument"),
    "Goal": ("Goal", "Target"),
    "Field": ("Concept",),
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LABEL = "_label"


class Answer(Record):
    """A question with its parameters filled in, and the rows that answer it.

    `columns` are those to show; rows hold besides them the IRIs, under names that end in `_iri`.
    `open` names the parameters whose default is not in this graph, and which were left open.
    """

    number: int
    question: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, Cell], ...]
    sparql: str
    open: tuple[str, ...] = ()


def questions() -> tuple[Question, ...]:
    """All competency questions by number."""
    return load_questions()


def question(which: str) -> Question:
    """The question with this number or short name. Raises NotFound with near names."""
    known = load_questions()
    for candidate in known:
        if which in (str(candidate.number), f"{candidate.number:02}", candidate.slug):
            return candidate
    near = get_close_matches(which, [q.slug for q in known], n=3)
    raise NotFound(f"there is no question {which!r}; see `scipol questions --list`", near)


def settings(asked: Question, given: Sequence[str]) -> dict[str, str]:
    """Values for the parameters from texts such as `speaker=Xi Jinping`. Raises QueryError."""
    values: dict[str, str] = {}
    names = {p.name: p.default for p in asked.parameters}
    for text in given:
        name, equals, chosen = text.partition("=")
        if not equals and name in names:
            raise QueryError(f"write {name}=… with a value, for instance {name}={names[name]}")
        if name not in names:
            known = ", ".join(f"{n}=…" for n in sorted(names)) or "none"
            raise QueryError(f"question {asked.number} has no parameter {name!r}; it has: {known}")
        values[name] = chosen
    return values


def answer(store: Store, index: SearchIndex, asked: Question, given: Mapping[str, str]) -> Answer:
    """Ask a question; parameters that are not given keep their defaults.

    Values for things are names as people type them, or IRIs; an empty value leaves a parameter
    open, as does a default that this graph knows nothing of. Raises NotFound and QueryError.
    """
    filled = _fill(store, index, asked, given)
    table = store.select(asked.sparql, filled.bindings)
    rows = [dict(zip(table.variables, row, strict=True)) for row in table.rows]
    return Answer(
        number=asked.number,
        question=filled.question,
        columns=_shown_columns(table.variables, rows, filled.bindings),
        rows=tuple(_readable(row) for row in rows),
        sparql=bind(asked.sparql, filled.bindings),
        open=filled.open,
    )


class Example(Record):
    """A question about things that the graph has, and its SPARQL, which any endpoint takes."""

    number: int
    question: str
    sparql: str


def examples(store: Store, index: SearchIndex) -> tuple[Example, ...]:
    """All questions about things of this graph: their defaults, or else what is often named.

    Nothing is asked yet. A parameter that nothing often named fits is left open.
    """
    iris = [value(row[0]) for row in store.select(text_of("often-named")).rows]
    known = things(store, iris)
    likely = [known[iri] for iri in iris if iri in known]
    found = []
    for asked in load_questions():
        filled = _fill(store, index, asked, {}, likely)
        text = bind(_body(asked.sparql), filled.bindings)
        sparql = f"# {filled.question}\n{standalone(text)}"
        found.append(Example(number=asked.number, question=filled.question, sparql=sparql))
    return tuple(found)


class _Filled(NamedTuple):
    """A question in words, the values of its parameters, and those that were left open."""

    question: str
    bindings: dict[str, Term]
    open: tuple[str, ...]


def _fill(
    store: Store,
    index: SearchIndex,
    asked: Question,
    given: Mapping[str, str],
    likely: Sequence[Thing] = (),
) -> _Filled:
    bindings: dict[str, Term] = {}
    words: dict[str, str] = {}
    unknown: list[str] = []
    for parameter in asked.parameters:
        chosen = given.get(parameter.name, parameter.default)
        words[parameter.name] = chosen or f"any {parameter.name}"
        if not chosen:
            continue
        try:
            term = bindings[parameter.name] = _term(index, parameter, chosen)
            words[parameter.name] = _label(store, term)
        except NotFound:
            if parameter.name in given:
                raise
            if other := _likely(parameter, likely, bindings):
                bindings[parameter.name] = ox.NamedNode(other.iri)
                words[parameter.name] = other.label
                continue
            unknown.append(parameter.name)
            words[parameter.name] = f"any {parameter.name}"
    return _Filled(asked.question.format(**words), bindings, tuple(unknown))


def _likely(
    parameter: Parameter, likely: Sequence[Thing], taken: Mapping[str, Term]
) -> Thing | None:
    """The first likely thing of the parameter's type that no other parameter has."""
    types = _WIDER.get(parameter.type, (parameter.type,))
    used = {value(term) for term in taken.values()}
    return next((t for t in likely if (not types or t.type in types) and t.iri not in used), None)


def _body(sparql: str) -> str:
    """A question's SPARQL without the lines that describe it."""
    lines = sparql.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(("# question:", "# parameter:")))


def _term(index: SearchIndex, parameter: Parameter, text: str) -> Term:
    """The term that a text stands for, by the type of the parameter."""
    match parameter.type:
        case "date":
            return _typed(text, "date", parameter, date.fromisoformat)
        case "decimal":
            return _typed(text, "decimal", parameter, Decimal)
        case "language":
            if not _LANGUAGE.fullmatch(text):
                raise QueryError(f"{parameter.name}: {text!r} is not a language tag such as en")
            return ox.Literal(text.lower())
        case kind if kind[0].isupper():
            return ox.NamedNode(index.named(text, _WIDER.get(kind, (kind,))).iri)
        case scheme:
            try:
                return ox.NamedNode(VOC(scheme, text))
            except KeyError as error:
                raise QueryError(f"{parameter.name}: {error.args[0]}") from None


def _typed(
    text: str, datatype: str, parameter: Parameter, check: Callable[[str], object]
) -> ox.Literal:
    try:
        check(text)
    except (ValueError, InvalidOperation):
        raise QueryError(f"{parameter.name}: {text!r} is not a {datatype}") from None
    return ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + datatype))


def _label(store: Store, term: Term) -> str:
    """What the question calls a term: things by their label, values as they are."""
    known = things(store, [value(term)]) if isinstance(term, ox.NamedNode) else {}
    if value(term) not in known:
        return local_name(value(term))
    thing = known[value(term)]
    # A goal is called by what is to be done, which would read as a part of the sentence.
    return f"“{thing.label}”" if thing.type in _WIDER["PolicyElement"] else thing.label


def _shown_columns(
    variables: Sequence[str], rows: Sequence[Mapping[str, Term | None]], bound: Mapping[str, Term]
) -> tuple[str, ...]:
    """Columns that tell a reader something: no IRIs, and not what was given in the question."""
    shown = []
    for name in variables:
        plain = name.removesuffix(_LABEL)
        identifies = name == plain and any(isinstance(row[name], ox.NamedNode) for row in rows)
        empty = rows and not any(row[name] for row in rows)
        if plain not in bound and not identifies and not empty and plain not in shown:
            shown.append(plain)
    return tuple(shown)


def _readable(row: Mapping[str, Term | None]) -> dict[str, Cell]:
    """One row with labels under the plain names and IRIs under names in `_iri`."""
    cells: dict[str, Cell] = {}
    for name, term in row.items():
        if isinstance(term, ox.NamedNode):
            cells[f"{name}_iri"] = term.value
            if not row.get(f"{name}{_LABEL}"):
                cells[name] = local_name(term.value)
        elif name.endswith(_LABEL) or f"{name}{_LABEL}" not in row:
            cells[name.removesuffix(_LABEL)] = _cell(term)
    return cells


def _cell(term: Term | None) -> Cell:
    if not isinstance(term, ox.Literal):
        return value(term) or None
    kind = local_name(term.datatype.value)
    if kind == "integer":
        return int(term.value)
    return float(term.value) if kind in ("decimal", "double", "float") else term.value
