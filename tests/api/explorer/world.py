"""Fixture A: the small world, and beside it a hub, parallel relations, hostile names, an island."""

from pathlib import Path

from graph.authority import load_authority
from graph.layout import DataDirectory
from graph.link.registry import Registry
from graph.records import Extraction, Relation, Statement, Text
from graph.runs import extraction_path, keep_text, to_json
from graph.weave import Weaver
from graph.writer import open_writer
from tests.graph import small_world
from tests.graph.sample import RUN, entity, span, text_of
from tests.graph.small_world import HOSTILE

BUREAUS = 28
TELESCOPES = "build telescopes"
AGENCY = "Agency for Tides"
TIDES = "Tide Programme"
_HUB = "".join(f"Bureau of Region {n:03} wants to {TELESCOPES}.\n" for n in range(BUREAUS))
_PAIR = f"""\
The {AGENCY} carries out the {TIDES}.
The {AGENCY} endorses the {TIDES} again.
The {TIDES} is run by the {AGENCY}.
The {AGENCY} carries on with the {TIDES} as before.
"""
_ISLAND = "Ursula Lone is a member of the Guild of Keepers.\n"
# Names by which the order of suggestions is seen, and one with an accent.
_NAMES = "Ode, the Ode Centre and the Board of Verse (Ode Board) met at Universität Nordstadt.\n"
_EUROPE = "The European Commission is a partner of China.\n"
LONG = "reach " + "further " * 1250
_EVIL = f"The agency {HOSTILE} and Dr {HOSTILE} of {HOSTILE} want to {LONG} now."


def _statement(
    text: Text, speaker: str, modality: str, content: str, words: str, confidence: float = 0.7
) -> Statement:
    return Statement.model_validate(
        {
            "speaker": speaker,
            "modality": modality,
            "content": (content,),
            "addressee": (),
            "evidence": span(text, words),
            "confidence": confidence,
        }
    )


def _relation(text: Text, subject: str, predicate: str, object_: str, words: str) -> Relation:
    return Relation.model_validate(
        {
            "subject": subject,
            "predicate": predicate,
            "object": object_,
            "evidence": span(text, words),
            "confidence": 0.9,
        }
    )


def _hub() -> tuple[Text, Extraction]:
    text = text_of(_HUB, "bureaus", title="What the bureaus want", issued=None)
    names = {f"b{n:03}": f"Bureau of Region {n:03}" for n in range(BUREAUS)}
    lines = _HUB.splitlines()
    return text, Extraction(
        document=text.document.name,
        entities=(
            entity(text, "goal", "Goal", TELESCOPES),
            *(entity(text, key, "Organization", name) for key, name in names.items()),
        ),
        statements=tuple(
            _statement(text, key, "calls-for", "goal", line)
            for key, line in zip(names, lines, strict=True)
        ),
        relations=(),
    )


def _pair() -> tuple[Text, Extraction]:
    text = text_of(_PAIR, "tides", title="On the tides", issued=None)
    first, second, third, fourth = _PAIR.splitlines()
    return text, Extraction(
        document=text.document.name,
        entities=(
            entity(text, "agency", "Organization", AGENCY),
            entity(text, "tides", "Instrument", TIDES),
        ),
        statements=(
            _statement(text, "agency", "carries-out", "tides", first),
            _statement(text, "agency", "endorses", "tides", second),
            _statement(text, "agency", "carries-out", "tides", fourth, confidence=0.9),
        ),
        relations=(_relation(text, "tides", "implementedBy", "agency", third),),
    )


def _island() -> tuple[Text, Extraction]:
    text = text_of(_ISLAND, "island", title="An island", issued=None)
    return text, Extraction(
        document=text.document.name,
        entities=(
            entity(text, "ursula", "Person", "Ursula Lone"),
            entity(text, "guild", "Organization", "Guild of Keepers"),
        ),
        statements=(),
        relations=(_relation(text, "ursula", "memberOf", "guild", _ISLAND.strip()),),
    )


def _names() -> tuple[Text, Extraction]:
    text = text_of(_NAMES, "names", title="On names", issued=None)
    return text, Extraction(
        document=text.document.name,
        entities=(
            entity(text, "ode", "Organization", "Ode"),
            entity(text, "centre", "Organization", "Ode Centre"),
            entity(text, "board", "Organization", "Board of Verse", "Ode Board"),
            entity(text, "university", "Organization", "Universität Nordstadt"),
        ),
        statements=(),
        relations=(
            _relation(text, "ode", "partnerOf", "centre", _NAMES.strip()),
            _relation(text, "board", "partnerOf", "university", _NAMES.strip()),
        ),
    )


def _europe() -> tuple[Text, Extraction]:
    """A body that the shipped list has names of in several languages."""
    text = text_of(_EUROPE, "europe", title="On Europe", issued=None)
    return text, Extraction(
        document=text.document.name,
        entities=(
            entity(text, "commission", "Organization", "European Commission"),
            entity(text, "china", "Country", "China"),
        ),
        statements=(),
        relations=(_relation(text, "commission", "partnerOf", "china", _EUROPE.strip()),),
    )


def _hostile() -> tuple[Text, Extraction]:
    """Every field that a document or a thing has, full of what must stay text."""
    text = text_of(_EVIL, "hostile", title=HOSTILE, issuer=HOSTILE, source=HOSTILE, genre=HOSTILE)
    named = {
        *(("body", "Organization"), ("person", "Person"), ("country", "Country")),
        *(("act", "Instrument"), ("event", "Event"), ("group", "ActorGroup")),
    }
    return text, Extraction(
        document=text.document.name,
        entities=(
            *(entity(text, key, type_, HOSTILE) for key, type_ in sorted(named)),
            entity(text, "goal", "Goal", LONG.strip()),
        ),
        statements=(
            _statement(text, "body", "calls-for", "goal", _EVIL),
            _statement(text, "person", "opposes", "act", _EVIL),
        ),
        relations=(_relation(text, "act", "implementedBy", "body", _EVIL),),
    )


def store(data: Path) -> None:
    """Store all of it in a data directory."""
    places = DataDirectory(data)
    registry = Registry(places.registry)
    weaver = Weaver(load_authority(), registry)
    graphs = []
    own = [_hub(), _pair(), _island(), _names(), _europe(), _hostile()]
    for text, extraction in [*small_world.documents(), *own]:
        keep_text(places, text)
        path = extraction_path(places, RUN, text.sha16)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(to_json(extraction, RUN, text))
        graphs.append(weaver.weave(text, extraction, RUN, text.sha256))
    with open_writer(data) as writer:
        writer.stage(graphs, ())
        writer.commit()
        writer.publish()
