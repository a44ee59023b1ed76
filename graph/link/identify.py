"""What each entity of an extraction is: one rule for each type.

Every decision rests on the one text, the authority list and nothing else, so that neither the
order of documents nor the number of processes matters. Likeness of names never decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from graph.authority import AuthorityRecord
from graph.identifiers import normalise, normalise_phrase, normalise_wording
from graph.link.acronyms import is_acronym_of
from graph.link.knowledge import Knowledge, without_name
from graph.link.naming import (
    is_acronym,
    is_deictic,
    is_full_title,
    is_proper,
    is_state_post,
    strip_titles,
    strip_year,
    without_inline_acronym,
)
from graph.records import ACTOR_TYPES, Entity, EntityType, Extraction, Text


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes an entity this one: the key its IRI is made from.

    `label` makes the IRI readable and follows from the key alone; `record` is the authority
    record, if the entity is a known one.
    """

    type: str
    key: str
    label: str
    record: AuthorityRecord | None = None


# Beside the local ids: what the metadata of the document name.
ISSUER: Final = "metadata:issuer"
COUNTRY: Final = "metadata:country"


def own_key(document: str) -> str:
    """The key of a document that is read, by its name."""
    return f"document|{document}"


def identify(knowledge: Knowledge, text: Text, extraction: Extraction) -> dict[str, Identity]:
    """What each entity of an extraction is, by its local id, with ISSUER and COUNTRY if named.

    Quantities have none: what they are follows from where they stand.
    """
    resolver = _Resolver(knowledge, text, extraction)
    found = {
        entity.id: resolver.identity(entity.id)
        for entity in extraction.entities
        if entity.type != "Quantity"
    }
    return found | resolver.metadata()


_DEFINITION: Final = re.compile(r"\s?\(\s?[\"“'‘]?([A-Za-z0-9*&./\-]{2,12})[\"”'’]?\s?[);,]")
_GOVERNMENTS: Final = frozenset(("government", "administration"))
_AIM_NOUNS: Final = frozenset(
    ("goal", "aim", "objective", "target", "vision", "priority", "ambition", "purpose")
)
# Fewer mentions of a country do not make it the country of the text.
_ENOUGH_MENTIONS: Final = 3
_BODIES: Final = ("Organization", "Country")


class _Resolver:
    """The resolution of one extraction; an entity may be asked for before its turn."""

    def __init__(self, knowledge: Knowledge, text: Text, extraction: Extraction) -> None:
        self._knowledge = knowledge
        self._authority = knowledge.authority
        self._naming = knowledge.naming
        self._content = text.content
        self._metadata = text.document
        self._extraction = extraction
        self._entities = {entity.id: entity for entity in extraction.entities}
        self._found: dict[str, Identity] = {}
        self._recognised = self._recognised_records()
        issuer = self._issuer()
        self._country = self._home_country(issuer)
        self._known = {issuer.key} if issuer is not None else set()
        for id_, record in list(self._recognised.items()):
            if self._is_elsewhere(record, self._adjacent_country(self._entities[id_])):
                del self._recognised[id_]
        self._known.update(record.key for record in self._recognised.values())
        self._acronyms = self._defined_acronyms()
        self._rules: Mapping[EntityType, Callable[[Entity], Identity]] = {
            "Person": self._person,
            "Post": self._post,
            "Organization": self._organization,
            "Country": self._country_entity,
            "ActorGroup": self._group,
            "Goal": self._goal,
            "Instrument": self._measure_or_event,
            "Event": self._measure_or_event,
            "Document": self._document,
            "Field": self._field,
        }

    def identity(self, id_: str) -> Identity:
        if id_ not in self._found:
            entity = self._entities[id_]
            record = self._recognised.get(id_)
            self._found[id_] = (
                self._rules[entity.type](entity) if record is None else _known(record)
            )
        return self._found[id_]

    def _recognised_records(self) -> dict[str, AuthorityRecord]:
        """The records the extractor found, by id, unless a closer look says otherwise."""
        found: dict[str, AuthorityRecord] = {}
        for entity in self._extraction.entities:
            record = self._authority.records.get(entity.authority or "")
            if record is not None and record.type == entity.type:
                believed = {"Person": _may_be, "Organization": self._is_unmistakable}
                if entity.type not in believed or believed[entity.type](entity, record):
                    found[entity.id] = record
        return found

    def _is_unmistakable(self, body: Entity, record: AuthorityRecord) -> bool:
        """Whether the body is not only called what others are called too.

        Names of the record that need a cue are judged by the rules; that the extractor saw no
        name of the record at all means that it knew by other signs.
        """
        folded = set(map(normalise, record.names))
        names = {span.text for span in body.mentions if normalise(span.text) in folded}
        return not names or any(not self._authority.needs_cue(name, record) for name in names)

    # What the document says about itself and its names

    def metadata(self) -> dict[str, Identity]:
        """What the document's issuer and country are, where it has them."""
        found: dict[str, Identity] = {}
        if self._metadata.issuer:
            found[ISSUER] = self._issuer_identity(self._metadata.issuer)
        if name := self._metadata.country:
            place = self._naming.place(name)
            unlisted = _everywhere(_named("Country", name), normalise(name))
            found[COUNTRY] = unlisted if place is None else _known(place)
        return found

    def _issuer_identity(self, issuer: str) -> Identity:
        if (record := self._issuer()) is not None:
            return _known(record)
        for entity in self._extraction.entities:
            is_text = entity.id != ISSUER and entity.type in ACTOR_TYPES
            if is_text and normalise(entity.name) == normalise(issuer):
                return self.identity(entity.id)
        is_post = is_state_post(self._naming.split_country(issuer)[0])
        named = _named("Post" if is_post else "Organization", issuer)
        return self._rules[named.type](named)

    def _issuer(self) -> AuthorityRecord | None:
        """The record of the issuer; that a document names it as such is cue enough."""
        records = [
            record
            for record in self._authority.lookup(self._metadata.issuer or "")
            if record.type in ACTOR_TYPES
        ]
        code = self._metadata.country and self._naming.country(self._metadata.country)
        if len(records) > 1:
            records = [record for record in records if record.country == code]
        return records[0] if len(records) == 1 else None

    def _home_country(self, issuer: AuthorityRecord | None) -> str | None:
        if self._metadata.country is not None:
            return self._naming.country(self._metadata.country)
        if issuer is not None:
            return issuer.country
        named = self._naming.split_country(self._metadata.issuer or "")[1]
        return named or self._country_spoken_of()

    def _country_spoken_of(self) -> str | None:
        """The country that three of four mentions with a country are about, if there is one."""
        mentions: Counter[str] = Counter()
        for entity in self._extraction.entities:
            record = self._recognised.get(entity.id)
            code = record.country if record is not None else None
            if record is None and entity.type == "Country":
                code = self._naming.country(entity.name)
            if code is not None:
                mentions[code] += len(entity.mentions)
        code, most = max(mentions.items(), key=lambda item: item[1], default=("", 0))
        return code if most >= _ENOUGH_MENTIONS and 4 * most >= 3 * mentions.total() else None

    def _defined_acronyms(self) -> Mapping[tuple[str, str], str]:
        """(type, acronym) to the id of the entity whose full name it follows in brackets."""
        found: dict[tuple[str, str], str] = {}
        for entity in self._extraction.entities:
            for span in entity.mentions:
                match = _DEFINITION.match(self._content, span.end)
                if match is not None and is_acronym_of(match[1], span.text):
                    found.setdefault((entity.type, normalise(match[1])), entity.id)
        return found

    def _definer(self, entity: Entity) -> str | None:
        id_ = self._acronyms.get((entity.type, normalise(entity.name)))
        return None if id_ == entity.id else id_

    def _adjacent_country(self, entity: Entity) -> str | None:
        for span in entity.mentions:
            country = self._naming.adjacent_country(self._content, span.start, span.end)
            if country is not None:
                return country
        return None

    # One rule for each type

    def _organization(self, entity: Entity) -> Identity:
        if (definer := self._definer(entity)) is not None:
            return self.identity(definer)
        if (known := self._by_authority(entity)) is not None:
            return known
        if is_deictic(entity.name):
            return self._here(entity, normalise(entity.name))
        return self._by_country(entity)

    def _by_authority(self, entity: Entity) -> Identity | None:
        """The only record that the name can mean here, if there is one."""
        records = self._authority.lookup(entity.name, entity.type)
        if not records:
            return None
        adjacent = self._adjacent_country(entity)
        # A word of its own, of this type: the text has said enough.
        is_own = not is_acronym(entity.name) and self._naming.is_distinctive(
            normalise(entity.name), entity.name
        )
        fitting = [
            record
            for record in records
            if not self._is_elsewhere(record, adjacent)
            and (
                is_own
                or not self._authority.needs_cue(entity.name, record)
                or not self._known.isdisjoint((record.key, record.part_of))
                or record.country == (adjacent or self._country or "")
            )
        ]
        return _known(fitting[0]) if len(fitting) == 1 else None

    def _is_elsewhere(self, record: AuthorityRecord, adjacent: str | None) -> bool:
        """Whether the text speaks of another country than the record's.

        Ministries are named alike everywhere: one without a country is of the document's own.
        """
        if record.key in self._known or record.country is None:
            return False
        where = adjacent or (self._country if "ministry" in record.kinds else None)
        return where not in (None, record.country)

    def _by_country(self, entity: Entity) -> Identity:
        """A name of its own anywhere; a generic one within its country, or else its document."""
        written = without_inline_acronym(entity.name)
        rest, country = self._naming.split_country(written)
        is_own = self._naming.is_distinctive(rest, entity.name) and not is_acronym(entity.name)
        if not is_own:
            country = country or self._adjacent_country(entity) or self._country
        scoped = self._knowledge.scoped.get((entity.type, rest, country or ""))
        if scoped is not None:
            return _known(scoped)
        if is_own:
            return _everywhere(entity, normalise(written))
        is_one = is_acronym(entity.name) or (
            self._naming.is_one_in_a_country(rest)
            if entity.type == "Organization"
            else is_full_title(rest)
        )
        if country is None or not is_one:
            return self._here(entity, rest)
        return self._in(country, entity, rest)

    def _country_entity(self, entity: Entity) -> Identity:
        rest, country = self._naming.split_country(entity.name)
        key = self._authority.capitals.get(entity.name)
        if country is not None and rest in _GOVERNMENTS:
            key = f"country/{country}"
        if (code := self._naming.country(entity.name)) is not None:
            key = f"country/{code}"
        if key is not None:
            return _known(self._authority.records[key])
        return _everywhere(entity, normalise(entity.name))

    def _person(self, entity: Entity) -> Identity:
        name = strip_titles(entity.name)
        for known_as in (entity.name, name):
            records = self._authority.lookup(known_as, "Person")
            if len(records) == 1 and (
                records[0].key in self._known or not self._authority.needs_cue(known_as, records[0])
            ):
                return _known(records[0])
        if " " in name:
            return _everywhere(entity, name)
        namesakes = [
            other.id
            for other in self._extraction.entities
            if other.type == "Person"
            and other.id != entity.id
            and " " in strip_titles(other.name)
            and name in strip_titles(other.name).split()
        ]
        return self.identity(namesakes[0]) if len(namesakes) == 1 else self._here(entity, name)

    def _post(self, entity: Entity) -> Identity:
        if (known := self._by_authority(entity)) is not None:
            return known
        name = normalise(entity.name)
        if (body := self._body_of(entity)) is not None:
            owner = self.identity(body.id)
            names = self._knowledge.owner_names.get(owner.key, ())
            return self._post_of(owner, without_name(name, (body.name, *names)))
        rest, country = self._naming.split_country(entity.name)
        if self._naming.is_distinctive(rest, entity.name):
            return _everywhere(entity, name)
        if country is None and is_state_post(rest):
            country = self._adjacent_country(entity) or self._country
        if country is None:
            return self._here(entity, name)
        if (scoped := self._knowledge.scoped.get(("Post", rest, country))) is not None:
            return _known(scoped)
        return self._post_of(_known(self._authority.records[f"country/{country}"]), rest)

    def _body_of(self, post: Entity) -> Entity | None:
        """The one body or country that the text says the post is in."""
        bodies = {
            relation.object
            for relation in self._extraction.relations
            if relation.predicate == "postIn"
            and relation.subject == post.id
            and relation.object in self._entities
            and self._entities[relation.object].type in _BODIES
        }
        return self._entities[bodies.pop()] if len(bodies) == 1 else None

    def _post_of(self, owner: Identity, name: str) -> Identity:
        record = self._knowledge.posts.get((name, owner.key))
        if record is not None:
            return _known(record)
        return Identity("post", f"post|{name}|{owner.key}", f"{name} {owner.label}")

    def _group(self, entity: Entity) -> Identity:
        wording = normalise_phrase(entity.name)
        if is_deictic(entity.name):
            return self._here(entity, wording)
        return _everywhere(entity, wording)

    def _goal(self, entity: Entity) -> Identity:
        wording = normalise_wording(entity.name)
        if normalise_phrase(entity.name) in _AIM_NOUNS:
            return self._here(entity, wording)
        return _everywhere(entity, wording)

    def _measure_or_event(self, entity: Entity) -> Identity:
        """Proper names go as those of bodies do; a description belongs to its document."""
        if (definer := self._definer(entity)) is not None:
            return self.identity(definer)
        if not _is_proper(entity):
            return self._here(entity, normalise_phrase(entity.name))
        name = strip_year(normalise(without_inline_acronym(entity.name)))
        if self._naming.is_distinctive(name, entity.name) and not is_acronym(entity.name):
            return _everywhere(entity, name)
        return self._by_country(entity)

    def _document(self, entity: Entity) -> Identity:
        name = normalise(entity.name)
        if name == normalise(self._metadata.title or ""):
            return Identity("document", own_key(self._metadata.name), self._metadata.name)
        is_title = " " in name and _is_proper(entity)
        if is_title and self._naming.is_distinctive(name, entity.name):
            return _everywhere(entity, name)
        return self._here(entity, name)

    def _field(self, entity: Entity) -> Identity:
        wording = normalise_phrase(entity.name)
        record = self._knowledge.fields.get(wording)
        return _everywhere(entity, wording) if record is None else _known(record)

    # How far a name reaches, beside everywhere

    def _in(self, country: str, entity: Entity, name: str) -> Identity:
        kind = entity.type.lower()
        label = f"{name} {self._authority.records[f'country/{country}'].label}"
        return Identity(kind, f"{kind}|{name}|{country}", label)

    def _here(self, entity: Entity, name: str) -> Identity:
        kind = entity.type.lower()
        return Identity(kind, f"{kind}|{name}|document:{self._metadata.name}", name)


def _named(type_: EntityType, name: str) -> Entity:
    """An entity that the metadata name and the text need not mention."""
    return Entity.model_construct(id="", type=type_, name=name, mentions=(), authority=None)


def _is_proper(entity: Entity) -> bool:
    return is_proper(entity.name, (span.text for span in entity.mentions))


def _everywhere(entity: Entity, name: str) -> Identity:
    kind = entity.type.lower()
    return Identity(kind, f"{kind}|{name}", name)


def _may_be(entity: Entity, record: AuthorityRecord) -> bool:
    """Whether a person's full name is the record's: a surname alone misleads."""
    words = set(strip_titles(entity.name).split())
    if entity.type != "Person" or len(words) == 1:
        return True
    names = [set(normalise(name).split()) for name in record.names]
    return any(words <= name or words >= name for name in names if len(name) > 1)


def _known(record: AuthorityRecord) -> Identity:
    return Identity(record.type.lower(), record.key, record.label, record)
