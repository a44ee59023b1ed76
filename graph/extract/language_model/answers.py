"""What a model is asked to answer with, and what is made of what it does answer.

An answer is either whole JSON or useless; a single item in it that makes no sense is left out and
counted. Nothing here looks at the text.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.records import EntityType, Modality, Predicate

# Why something is left out, in the words that the user reads.
UNKNOWN_TYPE = "entities of a type that the ontology does not have"
UNKNOWN_MODALITY = "statements of a modality that the ontology does not have"
UNKNOWN_PREDICATE = "relations that the ontology does not have"
MALFORMED = "items without the asked form"

# Beyond this, an answer is nonsense whatever it says.
_MOST_ITEMS = 5000
_FENCED = re.compile(r"```[\w-]*\s*\n(.*?)(?:\n\s*```|\Z)", re.DOTALL)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)


class BadAnswer(Exception):
    """The answer is no JSON of the asked form; the message is for the model, which may mend it."""


class _Item(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class SaidEntity(_Item):
    """An entity, as a model answers it."""

    id: str = Field(description="a name of your own for it, used only inside this answer")
    type: EntityType
    mentions: list[str] = Field(description="every different wording that names it, copied")


class SaidStatement(_Item):
    """A statement, as a model answers it."""

    speaker: str | None = Field(description="id of the actor, or null")
    modality: Modality
    content: list[str] = Field(description="ids of goals and instruments")
    addressee: list[str] = Field(description="ids of the actors called on")
    evidence: str = Field(description="the sentence, copied")


class SaidRelation(_Item):
    """A relation, as a model answers it."""

    subject: str = Field(description="id of an entity")
    predicate: Predicate
    object: str = Field(description="id of an entity")
    evidence: str = Field(description="the sentence, copied")


class Form(BaseModel):
    """The form of a whole answer."""

    entities: list[SaidEntity]
    statements: list[SaidStatement]
    relations: list[SaidRelation]


class _Loose(BaseModel):
    """The least an answer has to be."""

    entities: list[Any] = Field(max_length=_MOST_ITEMS)
    statements: list[Any] = Field(default=[], max_length=_MOST_ITEMS)
    relations: list[Any] = Field(default=[], max_length=_MOST_ITEMS)


@dataclass(frozen=True, slots=True)
class Answer:
    """The items that have the asked form, and how many of which kind were left out."""

    entities: tuple[SaidEntity, ...]
    statements: tuple[SaidStatement, ...]
    relations: tuple[SaidRelation, ...]
    dropped: Counter[str]


def schema() -> dict[str, Any]:
    """The form as JSON schema, as strictly as services ask for it."""
    made = Form.model_json_schema()
    for part in (made, *made["$defs"].values()):
        part["additionalProperties"] = False
        part.pop("title", None)
        part.pop("description", None)
        for field in part["properties"].values():
            field.pop("title", None)
    return made


def read(content: str) -> Answer:
    """Read an answer, whatever stands around the JSON. Raises BadAnswer."""
    loose = _loose(content)
    dropped: Counter[str] = Counter()
    return Answer(
        tuple(_valid(SaidEntity, loose.entities, dropped)),
        tuple(_valid(SaidStatement, _completed(loose.statements), dropped)),
        tuple(_valid(SaidRelation, loose.relations, dropped)),
        dropped,
    )


def _loose(content: str) -> _Loose:
    try:
        return _Loose.model_validate(json.loads(_json_in(content), strict=False))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise BadAnswer(f"{where}: {first['msg']}") from None
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"it is no JSON ({str(error)[:100]})") from None


def _json_in(content: str) -> str:
    """The JSON in an answer: without thoughts, fences and words around it."""
    text = _THOUGHT.sub("", content)
    if fenced := _FENCED.search(text):
        text = fenced.group(1)
    first, last = text.find("{"), text.rfind("}")
    return text[first : last + 1] if first >= 0 else text


def _completed(statements: Iterable[Any]) -> Iterator[Any]:
    for item in statements:
        yield {"speaker": None, "addressee": [], **item} if isinstance(item, dict) else item


_Said = TypeVar("_Said", bound=_Item)
_UNKNOWN: dict[str, str] = {
    "type": UNKNOWN_TYPE,
    "modality": UNKNOWN_MODALITY,
    "predicate": UNKNOWN_PREDICATE,
}


def _valid(form: type[_Said], items: Iterable[Any], dropped: Counter[str]) -> Iterator[_Said]:
    for item in items:
        try:
            yield form.model_validate(item)
        except ValidationError as error:
            at = {str(e["loc"][0]) for e in error.errors() if e["loc"]}
            known = next((_UNKNOWN[name] for name in _UNKNOWN if at == {name}), MALFORMED)
            dropped[known] += 1
