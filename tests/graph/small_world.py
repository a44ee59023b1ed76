"""Four invented documents with what is to be found in them, stored as a build stores them.

They do not depend on what the extractor finds. There are two countries, a goal that both want, an
instrument that one opposes, a post, an amount, a text in Chinese, and a text full of markup.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from graph.authority import load_authority
from graph.layout import DataDirectory
from graph.link.registry import Registry
from graph.records import Extraction, Relation, Statement, Text
from graph.runs import extraction_path, keep_text, to_json
from graph.weave import Weaver
from graph.writer import TextGraph, open_writer
from tests.graph.sample import RUN, entity, span, text_of

BASIC = "strengthen basic research"
FUND = "Aurora Research Fund"
MINISTRY = "Ministry of Science of Norland"
SPEAKER = "José Núñez"
HOSTILE = '<script>window.PWN=1</script><img src=x onerror="window.PWN=2"> href="javascript:0"'

_NORTH = f"""\
Norland will {BASIC} by law.
The {MINISTRY} sets up the {FUND} of 2 billion euros to {BASIC}.
Ada Möller, Minister of Science, called on universities to attract talent.
"""
_SOUTH = f"""\
{SPEAKER} said that Sudland must {BASIC}.
He rejects the {FUND}, which drains the laboratories of Sudland.
Sudland will attract talent.
"""
_CHINESE = "王小明表示，要加强基础研究。\n"
_MARKUP = f"Eve Hacker wants to {HOSTILE} soon.\nEve Hacker wants to \u202eesrever\u202c it.\n"

Stance = tuple[str, str, Sequence[str], Sequence[str], str]
Link = tuple[str, str, str, str]


def _found(
    text: Text,
    entities: Mapping[str, tuple[str, ...]],
    stances: Sequence[Stance],
    links: Sequence[Link] = (),
) -> tuple[Text, Extraction]:
    return text, Extraction(
        document=text.document.name,
        entities=tuple(entity(text, i, type_, *names) for i, (type_, *names) in entities.items()),
        statements=tuple(
            Statement.model_validate(
                {
                    "speaker": speaker,
                    "modality": modality,
                    "content": tuple(content),
                    "addressee": tuple(addressee),
                    "evidence": span(text, words),
                    "confidence": 0.8,
                }
            )
            for speaker, modality, content, addressee, words in stances
        ),
        relations=tuple(
            Relation.model_validate(
                {
                    "subject": subject,
                    "predicate": predicate,
                    "object": object_,
                    "evidence": span(text, words),
                    "confidence": 0.6,
                }
            )
            for subject, predicate, object_, words in links
        ),
    )


def documents() -> list[tuple[Text, Extraction]]:
    """The documents, each with what is to be found in it."""
    first, second, third = _NORTH.splitlines()
    says, rejects, will = _SOUTH.splitlines()
    north = _found(
        text_of(_NORTH, "north-law", title="Norland passes a law", issued=date(2023, 3, 1)),
        {
            "norland": ("Country", "Norland"),
            "basic": ("Goal", BASIC),
            "ministry": ("Organization", MINISTRY),
            "fund": ("Instrument", FUND),
            "money": ("Quantity", "2 billion euros"),
            "ada": ("Person", "Ada Möller"),
            "minister": ("Post", "Minister of Science"),
            "universities": ("ActorGroup", "universities"),
            "talent": ("Goal", "attract talent"),
            "field": ("Field", "basic research"),
        },
        [
            ("norland", "commits-to", ["basic"], [], first),
            ("ministry", "carries-out", ["fund", "basic"], [], second),
            ("ada", "calls-for", ["talent"], ["universities"], third),
        ],
        [
            ("fund", "servesGoal", "basic", second),
            ("fund", "implementedBy", "ministry", second),
            ("fund", "amount", "money", second),
            ("basic", "field", "field", first),
            ("ada", "holdsPost", "minister", third),
            ("minister", "postIn", "ministry", third),
        ],
    )
    south = _found(
        text_of(_SOUTH, "south-speech", title="A speech in Sudland", issued=date(2024, 9, 9)),
        {
            "jose": ("Person", SPEAKER),
            "sudland": ("Country", "Sudland"),
            "basic": ("Goal", BASIC),
            "fund": ("Instrument", FUND),
            "talent": ("Goal", "attract talent"),
        },
        [
            ("jose", "calls-for", ["basic"], ["sudland"], says),
            ("jose", "opposes", ["fund"], [], rejects),
            ("sudland", "commits-to", ["talent"], [], will),
            ("sudland", "endorses", ["talent"], [], will),
        ],
    )
    chinese = _found(
        text_of(_CHINESE, "zh-note", title="一条消息", language="zh", issued=date(2024, 1, 1)),
        {"wang": ("Person", "王小明"), "goal": ("Goal", "加强基础研究")},
        [("wang", "calls-for", ["goal"], [], _CHINESE.strip())],
    )
    line, other = _MARKUP.splitlines()
    markup = _found(
        text_of(_MARKUP, "markup", title=f"Title {HOSTILE}", issued=date(2024, 2, 2)),
        {
            "eve": ("Person", "Eve Hacker"),
            "goal": ("Goal", HOSTILE),
            "reverse": ("Goal", "\u202eesrever\u202c it"),
        },
        [("eve", "calls-for", ["goal"], [], line), ("eve", "opposes", ["reverse"], [], other)],
    )
    return [north, south, chinese, markup]


def woven(data_dir: Path) -> list[TextGraph]:
    """The graphs of the documents; texts, extractions and names go to a data directory."""
    places = DataDirectory(data_dir)
    registry = Registry(places.registry)
    weaver = Weaver(load_authority(), registry)
    graphs = []
    for text, extraction in documents():
        keep_text(places, text)
        path = extraction_path(places, RUN, text.sha16)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(to_json(extraction, RUN, text))
        graphs.append(weaver.weave(text, extraction, RUN, text.sha256))
    return graphs


def store(data_dir: Path) -> None:
    """Store the documents in a data directory, with texts and extractions beside."""
    graphs = woven(data_dir)
    with open_writer(data_dir) as writer:
        writer.stage(graphs, ())
        writer.commit()
        writer.publish()
