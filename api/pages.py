"""HTML pages: rendered on the server, complete without any script."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.responses import HTMLResponse, Response

from api.ids import reader_of
from api.prose import seen_in
from api.security import PAGE_POLICY
from api.words import counted
from graph.reliability import plain

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
STATIC = HERE / "static"
# What we name begins so, wherever the service runs.
BASE = "https://w3id.org/scipol"
_KINDS = {
    "ActorGroup": "Group",
    "Concept": "Field",
    "Organization": "Organisation",
    "Quantity": "Figure",
}
_NOUNS = {
    "EvidenceSpan": "passage quoted",
    "Claim": "relation with a sentence",
    "Tenure": "term of office",
    "Classification": "sorting by likeness of meaning",
}
_PLURALS = {
    "person": "people",
    "country": "countries",
    "passage quoted": "passages quoted",
    "relation with a sentence": "relations with their sentences",
    "term of office": "terms of office",
    "sorting by likeness of meaning": "sortings by likeness of meaning",
}
_OURS = tuple(f"{BASE}/{part}" for part in ("id/", "ns", "voc", "graph/"))


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Render a template of `api/templates`; everything in it is escaped."""
    content = _environment().get_template(template).render(**values)
    headers = {"Content-Security-Policy": PAGE_POLICY, "Vary": "Accept"}
    return HTMLResponse(content, status, headers)


def address(iri: str) -> str | None:
    """Where a link to an IRI leads: to this service for what is ours, to the web for the rest.

    None for what no browser should follow.
    """
    if iri.startswith(_OURS):
        return quote(iri.removeprefix(BASE), safe="/#=,")
    return iri if iri.startswith(("https://", "http://")) else None


def sparql_link(query: str, form: str | None = None) -> str:
    """The address of the answer to a query, in a format, or as a page."""
    return f"/sparql?{urlencode({'query': query} | ({'format': form} if form else {}))}"


def kinds(type_: str, number: int) -> str:
    """What people call things of a type that are so many."""
    word = _NOUNS.get(type_) or kind(type_).lower()
    return word if number == 1 else _PLURALS.get(word, f"{word}s")


def kind(type_: str) -> str:
    """What people call a type: `ActorGroup` is a group."""
    return _KINDS.get(type_, type_)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"address": address, "kind": kind}
    environment.globals |= {
        "sparql_link": sparql_link,
        "kind": kind,
        "kinds": kinds,
        "reader_of": reader_of,
        "seen_in": seen_in,
        "words": plain,
        "counted": counted,
    }
    return environment
