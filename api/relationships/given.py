"""The parameters that several questions take, checked once."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Path, Query
from pydantic import AfterValidator

from api.ids import iri_of
from graph.queries import StatementFilter
from graph.records import Modality

# Control characters, and halves of characters, name nothing.
_BROKEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LONGEST = 500


def _clean(text: str) -> str:
    if _BROKEN.search(text):
        raise ValueError("it holds control characters")
    return text


def _with_words(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return _clean(text)


def _this_age(day: date) -> date:
    if not 1000 <= day.year <= 2999:
        raise ValueError("the year lies outside 1000 to 2999")
    return day


_Id = Annotated[str, AfterValidator(_clean)]
Words = Annotated[
    str,
    Query(min_length=1, max_length=_LONGEST, examples=["basic research"]),
    AfterValidator(_with_words),
]
ThingPath = Annotated[
    str,
    Path(
        max_length=2000,
        description="Id or IRI of a thing.",
        examples=["goal/strengthen-basic-research-w5ytjun7zw"],
    ),
    AfterValidator(_clean),
]
JobPath = Annotated[
    str, Path(max_length=40, description="Id of a job.", examples=["0f3c9a1e5b7d2468"])
]
ThingParameter = Annotated[
    str,
    Query(
        max_length=2000,
        description="Id or IRI of a thing.",
        examples=["organization/european-commission-rsuf2itmgb"],
    ),
    AfterValidator(_clean),
]
OptionalThing = Annotated[_Id | None, Query(max_length=2000, description="Id or IRI of a thing.")]
Limit = Annotated[int, Query(ge=1, le=500, description="Items on a page.", examples=[50])]
Cursor = Annotated[
    _Id | None, Query(max_length=300, description="Where the next page begins, from `next`.")
]
Day = Annotated[
    date, AfterValidator(_this_age), Query(description="A day that counts as well, YYYY-MM-DD.")
]
Confidence = Annotated[
    float,
    Query(
        ge=0,
        le=1,
        description="Least confidence of a fact; `/api/v1/reliability` says what it is worth.",
    ),
]
Type = Annotated[
    list[
        Literal[
            "Person",
            "Post",
            "Organization",
            "Country",
            "ActorGroup",
            "Target",
            "Goal",
            "Instrument",
            "Event",
            "Document",
            "Concept",
            "Quantity",
        ]
    ]
    | None,
    Query(description="Only things of these types.", examples=[["Goal"]]),
]
_Code = Annotated[_Id | None, Query(max_length=60)]


def _filter(
    about: Annotated[
        _Id | None, Query(max_length=2000, description="Speaks, is spoken to or spoken of.")
    ] = None,
    speaker: OptionalThing = None,
    goal: Annotated[
        _Id | None, Query(max_length=2000, description="A goal; its sub-goals count.")
    ] = None,
    instrument: Annotated[
        _Id | None, Query(max_length=2000, description="An instrument; its parts count.")
    ] = None,
    addressee: OptionalThing = None,
    field: Annotated[
        _Id | None, Query(max_length=2000, description="The field of a goal or instrument.")
    ] = None,
    document: OptionalThing = None,
    country: Annotated[
        _Id | None, Query(max_length=2000, description="The country of the document.")
    ] = None,
    genre: _Code = None,
    modality: Annotated[Modality | None, Query(examples=["calls-for"])] = None,
    attribution: _Code = None,
    status: _Code = None,
    since: Day | None = None,
    until: Day | None = None,
    confidence: Confidence | None = None,
) -> StatementFilter:
    """The statements that are meant."""
    things = {
        "about": about,
        "speaker": speaker,
        "goal": goal,
        "instrument": instrument,
        "addressee": addressee,
        "field": field,
        "document": document,
        "country": country,
    }
    return StatementFilter(
        **{name: iri_of(given, name) for name, given in things.items() if given is not None},
        genre=genre,
        modality=modality,
        attribution=attribution,
        status=status,
        since=since,
        until=until,
        confidence=confidence,
    )


Which = Annotated[StatementFilter, Depends(_filter)]
