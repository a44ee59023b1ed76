"""Finds entities of type Person, Post, Organization, Country and ActorGroup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from graph.authority import load_authority
from graph.extract import coreference, groups, known, organizations, people, shapes, territories
from graph.extract.cues import word_set
from graph.extract.draft import Draft
from graph.extract.known import Hit
from graph.extract.mention import Mention, text_of
from graph.extract.passages import Prose
from graph.extract.subject import is_of_public_affairs
from graph.records import Document, EntityType

_PEOPLE = (people.people, people.name_lines, people.cited, people.unusual, people.described)


def find(prose: Prose, document: Document) -> list[Draft]:
    """Actors in the order of their first mention."""
    hits = [
        hit
        for hit in known.find(prose, "Country", "Organization", "Person")
        if prose.text[hit.start].isupper()
    ]
    hits = _believed(hits, document)
    states = _of_type(prose, hits, "Country")
    shape = shapes.read(
        prose, (h for h in hits if h.type == "Country"), frozenset(load_authority().demonyms)
    )
    bodies = _longest(
        [
            *organizations.find(prose, shape),
            *organizations.firms(prose, shape),
            *(m for m in _of_type(prose, hits, "Organization") if not _is_common(prose, m)),
        ]
    )
    bodies = [m for m in bodies if not organizations.is_law(shape, m.last)]
    covered = _by_token(bodies)
    known_people = [_without_title(prose, shape, m) for m in _of_type(prose, hits, "Person")]
    full = _by_token(m for m in known_people if m.last - m.first > 1)
    others = [
        m
        for finder in _PEOPLE
        for m in finder(prose, shape)
        if m.first not in covered and m.first not in full and m.last - 1 not in full
    ]
    persons = _longest([*known_people, *others])
    named = _by_token(persons)
    offices = _longest(
        [
            *people.posts(prose, shape, covered),
            *people.lower_posts(prose, shape, covered, named),
        ]
    )
    acronyms = [
        m
        for m in organizations.acronyms(prose, shape)
        if m.first not in covered and m.first not in named
    ]
    states = [m for m in states if m.first not in covered]
    states += (m for m in territories.find(prose, shape) if m.first not in covered)
    found = _by_token((*bodies, *persons, *acronyms, *states))
    surnames = {prose.lowers[m.last - 1] for m in persons}
    bodies += [
        m
        for m in organizations.by_context(prose, shape, found)
        if prose.lowers[m.first] not in surnames
    ]
    names = (*bodies, *persons, *offices, *acronyms, *states)
    # Where nothing is called for, "players" and "settlers" are no actors of policy.
    about_policy = is_of_public_affairs(prose)
    collectives = groups.find(prose, shape, _by_token(names)) if about_policy else ()
    founded = {text_of(prose, m).lower() for m in bodies if organizations.is_founded(prose, m)}

    return coreference.resolve(
        prose,
        shape,
        document,
        (
            m
            for m in (*names, *collectives)
            if m.type != "Organization" or text_of(prose, m).lower() not in founded
        ),
    )


def _believed(hits: list[Hit], document: Document) -> list[Hit]:
    """Of ambiguous names keep the record whose country is the document's or is named in it."""
    records = load_authority().records
    places = {records[key].country for h in hits if h.type == "Country" for key in h.keys}
    places = (places | {document.country}) - {None}
    surely = {key for h in hits if h.sure for key in h.keys}
    result: list[Hit] = []
    for hit in hits:
        keys = hit.keys
        if not hit.sure and hit.type == "Organization":
            near = [k for k in keys if k in surely or records[k].country in places]
            keys = tuple(near) if len(near) == 1 else ()
        result.append(replace(hit, keys=keys))
    return result


def _of_type(prose: Prose, hits: Iterable[Hit], type_: EntityType) -> list[Mention]:
    found = []
    for hit in hits:
        if hit.type != type_:
            continue
        first, last = prose.token_at(hit.start), prose.token_at(hit.end - 1) + 1
        whole = prose.starts[first] == hit.start and prose.ends[last - 1] == hit.end
        if whole or (type_ == "Country" and not _is_adjective(prose, hit)):
            key = hit.keys[0] if len(hit.keys) == 1 else None
            found.append(Mention(first, last, hit.start, hit.end, type_, "authority", key))
    return found


def _is_adjective(prose: Prose, hit: Hit) -> bool:
    """Whether the name opens a compound adjective ("Kenya-based") or a part of the world."""
    behind = prose.text[hit.end : hit.end + 2]
    return len(behind) == 2 and behind[0] in "-‐‑" and behind[1].islower()


def _is_common(prose: Prose, mention: Mention) -> bool:
    """A lone word such as "Commission", which any body of the kind is called by."""
    return mention.last - mention.first == 1 and prose.lowers[mention.first] in word_set(
        "organizations", "described"
    )


def _without_title(prose: Prose, shape: str, mention: Mention) -> Mention:
    """The name itself where the authority knows it with the office ("President Lincoln")."""
    while mention.first < mention.last - 1 and shape[mention.first] in "PQT.":
        mention.first += 1
    mention.start = prose.starts[mention.first]
    return mention


def _longest(mentions: list[Mention]) -> list[Mention]:
    """Of overlapping mentions the longest; it takes the authority of one that ends like it."""
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
