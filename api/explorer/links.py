"""The address of a page as a question, and as the one spelling of it that packs hold.

/explore?…  /v/…  /id/…  /documents/…  /paths?…  /compare?…  /timeline?about_id=…
/api/v1/statements?…  /api/v1/evidence?edge=…
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit

from pydantic import ValidationError
from starlette.datastructures import QueryParams

from api.errors import BadRequest
from api.explorer.kept import NoViews, Views
from api.explorer.state import view_of
from api.ids import edge_id, edge_of, id_of, iri_of
from graph import pack
from graph.network import Avoid
from graph.queries import StatementFilter, Thing

# Finds a thing by its id or as people call it. Raises NotFound.
Meant = Callable[[str], Thing]
WAYS, STEPS = 10, 4
_NAMED = ("about", "speaker", "goal", "instrument", "addressee", "field", "document", "country")
_PATHS_OF_STATEMENTS = ("/api/v1/statements", "/timeline")


class Asked(NamedTuple):
    """A question, and the link that asks it whoever reads it."""

    link: str
    question: pack.Question


def read_link(link: str, meant: Meant, views: Views | None = None) -> Asked:
    """The question behind the address of a page; host and what is not the question do not count.

    Raises BadRequest for an address that asks nothing, NotFound for a thing that is not there.
    """
    try:
        parts = urlsplit(link)
    except ValueError:
        raise BadRequest(f"This is no address of a page: {link[:80]!r}.") from None
    path, given = unquote(parts.path), QueryParams(parts.query)
    if path in ("/explore", "/api/v1/view") or path.startswith("/v/"):
        return _picture(path, given, views or NoViews())
    if path.startswith("/id/"):
        return of_thing(meant(path.removeprefix("/id/")))
    if path.startswith("/documents/"):
        name = path.removeprefix("/documents/")
        return of_thing(meant(name if name.startswith("document/") else f"document/{name}"))
    if path in ("/paths", "/api/v1/paths"):
        return _paths(given, meant)
    if path in ("/compare", "/compare.csv", "/api/v1/compare"):
        return of_comparison(*_ends(given, ("a", "b"), meant))
    if path in _PATHS_OF_STATEMENTS:
        return _statements(given, meant, others=() if path.startswith("/api/") else ("unit",))
    if path == "/api/v1/evidence" and given.get("edge"):
        return of_edge(*edge_of(given["edge"]))
    raise BadRequest(
        f"There is no pack of {link[:80]!r}; there is one of a view, a thing, a document, paths, "
        "a comparison, statements, or an edge."
    )


def of_thing(thing: Thing) -> Asked:
    """What is known of a thing, or what rests on a document."""
    if thing.type == "Document":
        slug = id_of(thing.iri).removeprefix("document/")
        return Asked(f"/documents/{quote(slug)}", pack.Document(iri=thing.iri))
    return Asked(f"/id/{quote(id_of(thing.iri))}", pack.Entity(iri=thing.iri))


def of_paths(start: Thing, end: Thing, steps: int, most: int, avoid: Avoid) -> Asked:
    """The best ways between two things."""
    pairs: list[tuple[str, object]] = [("from_id", id_of(start.iri)), ("to_id", id_of(end.iri))]
    pairs += [("max", steps), ("k", most)]
    pairs += [("avoid_type", name) for name in avoid.types]
    pairs += [("avoid", id_of(iri)) for iri in avoid.things]
    pairs += [("avoid_hubs", avoid.hubs)] * (avoid.hubs is not None)
    question = pack.Paths(start=start.iri, end=end.iri, most=most, steps=steps, avoid=avoid)
    return Asked(f"/paths?{urlencode(pairs, safe='/')}", question)


def of_comparison(a: Thing, b: Thing) -> Asked:
    """Two things compared."""
    query = urlencode({"a": id_of(a.iri), "b": id_of(b.iri)}, safe="/")
    return Asked(f"/compare?{query}", pack.Comparison(a=a.iri, b=b.iri))


def of_edge(source: str, relation: str, target: str) -> Asked:
    """A relation between two things (IRIs)."""
    query = urlencode({"edge": edge_id(source, relation, target)}, safe="/|")
    question = pack.Edge(source=source, relation=relation, target=target)
    return Asked(f"/api/v1/evidence?{query}", question)


def of_statements(conditions: StatementFilter) -> Asked:
    """The statements that meet conditions."""
    given = conditions.model_dump(mode="json", exclude_none=True)
    pairs = {k: id_of(v) if k in _NAMED else v for k, v in given.items()}
    query = urlencode(pairs, safe="/")
    link = f"/api/v1/statements?{query}" if query else "/api/v1/statements"
    return Asked(link, pack.Statements(conditions=conditions))


def _picture(path: str, given: QueryParams, views: Views) -> Asked:
    kept = path.removeprefix("/v/") if path.startswith("/v/") else given.get("v")
    view = view_of(given, views.find(kept) if kept else None)
    # The whole of it, however long: a pack is complete without the place where views are kept.
    return Asked(f"/explore?{view.query()}", pack.Picture(view=view.spec()))


def _paths(given: QueryParams, meant: Meant) -> Asked:
    start, end = _ends(given, ("from", "to"), meant)
    hubs = _number(given, "avoid_hubs", -1, 1_000_000)
    avoid = Avoid(
        types=tuple(given.getlist("avoid_type")),
        things=tuple(iri_of(one, "avoid") for one in given.getlist("avoid")),
        hubs=hubs if hubs >= 0 else None,
    )
    most, steps = _number(given, "k", WAYS, 50), _number(given, "max", STEPS, 6)
    return of_paths(start, end, max(steps, 1), max(most, 1), avoid)


def _number(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise BadRequest(f"The parameter {name!r} is {text[:40]!r}; it is a number.")
    return min(int(text), most)


def _ends(given: Mapping[str, str], names: tuple[str, str], meant: Meant) -> tuple[Thing, Thing]:
    texts = [given.get(f"{name}_id") or given.get(name, "") for name in names]
    for name, text in zip(names, texts, strict=True):
        if not text.strip():
            raise BadRequest(f"The address names nothing as {name!r}.")
    return meant(texts[0]), meant(texts[1])


def _statements(given: Mapping[str, str], meant: Meant, others: Sequence[str]) -> Asked:
    known = {*StatementFilter.model_fields, "about_id", "limit", "cursor", *others}
    if unknown := sorted(set(given) - known):
        # A condition that is passed over would make a pack of something else.
        raise BadRequest(f"There is no condition {unknown[0][:60]!r} of statements.")
    about = given.get("about_id") or given.get("about")
    conditions: dict[str, str] = {
        k: v for k, v in given.items() if v and k in StatementFilter.model_fields
    }
    if about:
        conditions["about"] = about
    for name in _NAMED:
        if name in conditions:
            conditions[name] = meant(conditions[name]).iri
    try:
        return of_statements(StatementFilter.model_validate(conditions))
    except ValidationError as error:
        first = error.errors()[0]
        raise BadRequest(f"The address is not understood at {first['loc'][0]!r}.") from None
