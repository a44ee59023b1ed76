"""The competency questions: what analysts ask, as SPARQL with parameters.

A question file begins with comment lines: one `# question:`, and a `# parameter:` (name, type,
default, description) for each parameter. A parameter is a variable of the query, and a column:
whoever asks binds it. Left unbound, one that stands for a thing or concept is open and the answer
covers everything. A column that ends in `_label` names what the column without that ending holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_PARAMETER = re.compile(
    r'(?P<name>\w+) (?P<type>[\w-]+) (?:"(?P<quoted>[^"]*)"|(?P<bare>\S+)) (?P<description>.+)'
)


@dataclass(frozen=True)
class Parameter:
    """A variable of a question that is to be bound.

    `type` is the name of a class (`Goal`; `Thing` for any), whose value is the name or IRI of a
    thing; the code of a scheme (`metric`), whose value is the code of a concept; or `date`,
    `decimal` or `language`, whose value is written as in RDF.
    """

    name: str
    type: str
    default: str
    description: str


@dataclass(frozen=True)
class Question:
    """A question in words, with `{name}` for each parameter, and its SPARQL text."""

    number: int
    slug: str
    question: str
    parameters: tuple[Parameter, ...]
    sparql: str


@cache
def load_questions() -> tuple[Question, ...]:
    """All questions by number. Raises ValueError, naming the file, where one is malformed."""
    folder = files("ontology").joinpath("questions")
    found = [_read(file) for file in folder.iterdir() if file.name.endswith(".rq")]
    return tuple(sorted(found, key=lambda question: question.number))


def _read(file: Traversable) -> Question:
    sparql = file.read_text(encoding="utf-8")
    number, _, slug = file.name.removesuffix(".rq").partition("-")
    comments = [line.removeprefix("# ") for line in sparql.splitlines() if line.startswith("# ")]
    questions = [c.removeprefix("question: ") for c in comments if c.startswith("question: ")]
    if len(questions) != 1 or not number.isdigit():
        raise ValueError(f"{file.name}: needs a number in its name and one '# question:' line")
    parameters = [
        _parameter(file.name, c.removeprefix("parameter: "))
        for c in comments
        if c.startswith("parameter: ")
    ]
    return Question(int(number), slug, questions[0], tuple(parameters), sparql)


def _parameter(file: str, line: str) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if match is None:
        raise ValueError(f"{file}: a parameter is 'name type default description', not {line!r}")
    default = match["quoted"] if match["quoted"] is not None else match["bare"]
    return Parameter(match["name"], match["type"], default, match["description"])
