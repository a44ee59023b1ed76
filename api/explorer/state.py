"""A view as a link and as JSON: both name things by their ids, and either gives the other.

/explore?seed=ID&step=e|ID|RELATION|DIRECTION|COUNT|TYPE,TYPE&step=a|ID|ID&drop=ID&type=Goal&from=2020
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from starlette.datastructures import QueryParams

from api.errors import BadRequest
from api.ids import id_of, iri_of
from graph.view import DEFAULT_MOST, STRONGEST, Direction, Filters, Step, ViewSpec

_Id = Annotated[str, Field(min_length=1, max_length=2000)]
_Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z][A-Za-z0-9-]*$")]
Language = Literal["en", "de", "zh", "fr", "es"]
_Year = Annotated[int, Field(ge=0, le=9999)]
_Place = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
_MOST_IDS, _MOST_STEPS = 2000, 100
_SEPARATOR = "|"
_FILTERS = ("type", "relation", "document", "from", "to", "undated", "confidence", "support")


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class FiltersGiven(_Given):
    """What is shown of a view; empty conditions always hold."""

    types: list[_Name] = Field(default=[], max_length=50)
    relations: list[_Name] = Field(default=[], max_length=200)
    documents: list[_Id] = Field(default=[], max_length=500)
    since: _Year | None = Field(default=None, alias="from")
    until: _Year | None = Field(default=None, alias="to")
    undated: bool = True
    confidence: float = Field(default=0.0, ge=0, le=1)
    support: int = Field(default=1, ge=1, le=1_000_000)


class StepGiven(_Given):
    """How a view grew: things that were added, or one that was expanded."""

    add: list[_Id] = Field(default=[], max_length=_MOST_IDS)
    expand: _Id | None = None
    relation: _Name | None = None
    direction: Direction | None = None
    types: list[_Name] = Field(default=[], max_length=50)
    count: int = Field(default=STRONGEST, ge=1, le=2000)


def _known_place(given: object) -> object:
    if isinstance(given, (list, tuple)) and any(isinstance(g, bool) for g in given):
        raise ValueError("a place is two numbers")
    return given


class ViewGiven(_Given):
    """A view: things to begin with, how it grew, what is filtered, and what was put elsewhere."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "seeds": ["country/china-ykyg7alqu5"],
                    "steps": [{"expand": "country/china-ykyg7alqu5", "count": 25}],
                    "filters": {"types": ["Goal", "Country"], "confidence": 0.5},
                }
            ]
        },
    )

    seeds: list[_Id] = Field(default=[], max_length=_MOST_IDS)
    top: int = Field(default=0, ge=0, le=1_000_000)
    steps: list[StepGiven] = Field(default=[], max_length=_MOST_STEPS)
    drop: list[_Id] = Field(default=[], max_length=_MOST_IDS)
    filters: FiltersGiven = FiltersGiven()
    moved: dict[_Id, Annotated[tuple[_Place, _Place], BeforeValidator(_known_place)]] = Field(
        default={}, max_length=_MOST_IDS
    )
    most: int = Field(default=DEFAULT_MOST, ge=1, le=1_000_000)
    statements: Literal["lines", "nodes"] = Field(
        default="lines", description="How statements are drawn: as lines, or as nodes."
    )

    language: Language = Field(
        default="en", description="Language of names, for things that have one in it."
    )

    def spec(self) -> ViewSpec:
        """The view with IRIs. Raises BadRequest."""
        chosen = self.filters
        return ViewSpec(
            seeds=_iris(self.seeds),
            top=self.top,
            steps=tuple(
                Step(
                    add=_iris(step.add),
                    expand=iri_of(step.expand) if step.expand else None,
                    relation=step.relation,
                    direction=step.direction,
                    types=tuple(step.types),
                    count=step.count,
                )
                for step in self.steps
            ),
            drop=_iris(self.drop),
            filters=Filters(
                types=tuple(chosen.types),
                relations=tuple(chosen.relations),
                documents=_iris(chosen.documents),
                since=chosen.since,
                until=chosen.until,
                undated=chosen.undated,
                confidence=chosen.confidence,
                support=chosen.support,
            ),
            moved={iri_of(id_): place for id_, place in self.moved.items()},
            most=self.most,
            statements=self.statements,
        )

    def query(self) -> str:
        """The query string that brings this view back."""
        chosen = self.filters
        pairs: list[tuple[str, object]] = [("seed", id_) for id_ in self.seeds]
        pairs += [("top", self.top)] * bool(self.top)
        pairs += [("step", _step_text(step)) for step in self.steps]
        pairs += [("drop", id_) for id_ in self.drop]
        pairs += [("type", name) for name in chosen.types]
        pairs += [("relation", name) for name in chosen.relations]
        pairs += [("document", id_) for id_ in chosen.documents]
        pairs += [("from", chosen.since)] * (chosen.since is not None)
        pairs += [("to", chosen.until)] * (chosen.until is not None)
        pairs += [("undated", "no")] * (not chosen.undated)
        pairs += [("confidence", f"{chosen.confidence:g}")] * bool(chosen.confidence)
        pairs += [("support", chosen.support)] * (chosen.support > 1)
        pairs += [
            ("moved", _SEPARATOR.join((id_, f"{x:g}", f"{y:g}")))
            for id_, (x, y) in self.moved.items()
        ]
        pairs += [("most", self.most)] * (self.most != DEFAULT_MOST)
        pairs += [("statements", self.statements)] * (self.statements != "lines")
        pairs += [("lang", self.language)] * (self.language != "en")
        return urlencode(pairs, safe="|/,")


def view_of(query: QueryParams, kept: ViewGiven | None = None) -> ViewGiven:
    """The view that a query string names; parameters of the page alone do not count.

    `kept` is a view that the link names by its hash; filters in the query string replace its own.
    Raises BadRequest naming the parameter that has no meaning.
    """
    filters: dict[str, object] = {
        "types": query.getlist("type"),
        "relations": query.getlist("relation"),
        "documents": query.getlist("document"),
        "undated": query.get("undated") != "no",
    }
    # Without a script, a box that is not ticked is only known by the form that it is missing in.
    if "form" in query:
        filters["undated"] = "dated" in query
    for name in ("from", "to", "confidence", "support"):
        if query.get(name):
            filters[name] = query[name]
    given: dict[str, object] = {
        "seeds": query.getlist("seed"),
        "steps": [_step_of(text) for text in query.getlist("step")],
        "drop": query.getlist("drop"),
        "filters": filters,
        "moved": dict(_moved_of(text) for text in query.getlist("moved")),
    }
    given |= {name: query[name] for name in ("top", "most", "statements") if query.get(name)}
    if query.get("lang"):
        given["language"] = query["lang"]
    if kept:
        given = kept.model_dump(by_alias=True)
        if not {"form", *_FILTERS}.isdisjoint(query):
            given["filters"] = filters
        if "form" in query:
            given["statements"] = query.get("statements") or "lines"
            given["language"] = query.get("lang") or "en"
    try:
        return ViewGiven.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BadRequest(f"The link is not understood at {name!r}: {first['msg']}.") from None


def _iris(ids: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(iri_of(id_) for id_ in ids))


def _step_text(step: StepGiven) -> str:
    if step.expand is None:
        return _SEPARATOR.join(("a", *step.add))
    parts = (
        *("e", step.expand, step.relation or "", step.direction or ""),
        *(str(step.count), ",".join(step.types)),
    )
    return _SEPARATOR.join(parts)


def _step_of(text: str) -> Mapping[str, object]:
    kind, *parts = text.split(_SEPARATOR)
    if kind == "a" and parts:
        return {"add": parts}
    if kind == "e" and 1 <= len(parts) <= 5:
        names = ("expand", "relation", "direction", "count", "types")
        step: dict[str, object] = {n: p for n, p in zip(names, parts, strict=False) if p}
        if "types" in step:
            step["types"] = str(step["types"]).split(",")
        return step
    raise BadRequest(f"The link is not understood: {text[:80]!r} is no step of a view.")


def _moved_of(text: str) -> tuple[str, tuple[float, float]]:
    id_, *place = text.split(_SEPARATOR)
    try:
        x, y = map(float, place)
    except ValueError:
        raise BadRequest(f"The link is not understood: {text[:80]!r} is no place.") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise BadRequest(f"The link is not understood: {text[:80]!r} is no place.")
    return id_, (x, y)


def ids_of(iris: tuple[str, ...]) -> list[str]:
    """Short names of IRIs."""
    return [id_of(iri) for iri in iris]
