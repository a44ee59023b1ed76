"""Finds entities of type Person, Post, Organization, Country and ActorGroup."""

from __future__ import annotations

from collections.abc import Iterable

from graph.authority import load_authority
from graph.extract import groups, known, organizations, people, shapes
from graph.extract.coreference import Actors
from graph.extract.draft import Draft
from graph.extract.known import Hit
from graph.extract.mention import Mention
from graph.extract.passages import Prose
from graph.records import Document, EntityType


def find(prose: Prose, document: Document) -> list[Draft]:
    """Actors in the order of their first mention."""
    authority = load_authority()
    hits = [
        h for h in known.find(prose, "Country", "Organization", "Person") if _has_capital(prose, h)
    ]
    countries = [h for h in hits if h.type == "Country"]
    shape = shapes.read(prose, countries, frozenset(authority.demonyms))

    bodies = _longest([*organizations.find(prose, shape), *_of_type(prose, hits, "Organization")])
    covered = _by_token(bodies)
    persons = _longest(
        [
            *_of_type(prose, hits, "Person"),
            *(m for m in people.people(prose, shape) if m.first not in covered),
        ]
    )
    named = _by_token(persons)
    offices = [m for m in people.posts(prose, shape, covered)]
    offices += people.lower_posts(prose, shape, covered, named)
    offices = _longest(offices)
    acronyms = [
        m
        for m in organizations.acronyms(prose, shape)
        if m.first not in covered and m.first not in named
    ]
    states = [m for m in _of_type(prose, countries, "Country") if m.first not in covered]
    taken = {t for m in (*bodies, *persons, *offices) for t in range(m.first, m.last)}
    collectives = list(groups.find(prose, taken))

    actors = Actors(prose, shape, document)
    for mention in sorted(
        (*bodies, *persons, *offices, *acronyms, *states, *collectives),
        key=lambda m: (m.start, -m.end),
    ):
        actors.add(mention)
    return actors.drafts()


def _has_capital(prose: Prose, hit: Hit) -> bool:
    return prose.text[hit.start].isupper()


def _of_type(prose: Prose, hits: Iterable[Hit], type_: EntityType) -> list[Mention]:
    found = []
    for hit in hits:
        if hit.type != type_:
            continue
        first, last = prose.token_at(hit.start), prose.token_at(hit.end - 1) + 1
        key = hit.keys[0] if len(hit.keys) == 1 and hit.sure else None
        found.append(Mention(first, last, hit.start, hit.end, type_, "authority", key))
    return found


def _longest(mentions: list[Mention]) -> list[Mention]:
    """Of overlapping mentions the longest; it takes the authority of one that ends or begins it."""
    at: dict[int, Mention] = {}
    for mention in sorted(mentions, key=lambda m: (m.first - m.last, m.first, m.rule)):
        clash = next((at[t] for t in range(mention.first, mention.last) if t in at), None)
        if clash is None:
            for token in range(mention.first, mention.last):
                at[token] = mention
        elif clash.last == mention.last and mention.first - clash.first <= 1:
            clash.authority = clash.authority or mention.authority
    return sorted({id(m): m for m in at.values()}.values(), key=lambda m: m.start)


def _by_token(mentions: Iterable[Mention]) -> dict[int, Mention]:
    return {token: m for m in mentions for token in range(m.first, m.last)}
