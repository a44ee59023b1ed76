"""A text with its extraction, made from names: offsets are looked up, not counted by hand."""

from datetime import date
from typing import Any

from graph.records import Document, Entity, Extraction, Relation, Span, Statement, Text
from graph.runs import Run

RUN = Run("0123456789ab", "sample", "7")

PLAN = """\
The Research Council will build a national laboratory network to strengthen basic research.
It will spend $1.5 billion on the network. “We need more young scientists”, said Ada Lind,
Director of the Research Council. R&D spending is to reach at least 3 per cent of GDP by 2030.
"""


def text_of(content: str = PLAN, name: str = "plan", **metadata: Any) -> Text:
    metadata = {"language": "en", "issued": date(2024, 5, 2), "title": "The plan"} | metadata
    return Text(document=Document(name=name, **metadata), content=content)


def span(text: Text, words: str) -> Span:
    start = text.content.index(words)
    return Span(start=start, end=start + len(words), text=words)


def entity(text: Text, id_: str, type_: str, *names: str, confidence: float = 0.9) -> Entity:
    mentions = tuple(span(text, name) for name in names)
    return Entity.model_validate(
        {"id": id_, "type": type_, "name": names[0], "mentions": mentions, "confidence": confidence}
    )


def extraction_of(text: Text) -> Extraction:
    """What is to be found in PLAN."""

    def relation(subject: str, predicate: str, object_: str, words: str) -> Relation:
        return Relation.model_validate(
            {
                "subject": subject,
                "predicate": predicate,
                "object": object_,
                "evidence": span(text, words),
                "confidence": 0.75,
            }
        )

    return Extraction(
        document=text.document.name,
        entities=(
            entity(text, "council", "Organization", "Research Council"),
            entity(text, "network", "Instrument", "national laboratory network", "network"),
            entity(text, "basic", "Goal", "strengthen basic research"),
            entity(text, "field", "Field", "basic research"),
            entity(text, "money", "Quantity", "$1.5 billion"),
            entity(text, "young", "ActorGroup", "young scientists"),
            entity(text, "ada", "Person", "Ada Lind"),
            entity(text, "director", "Post", "Director of the Research Council"),
            entity(text, "spending", "Goal", "R&D spending"),
            entity(text, "share", "Quantity", "3 per cent of GDP by 2030"),
        ),
        statements=(
            Statement(
                speaker="council",
                modality="commits-to",
                content=("network", "basic"),
                addressee=("young",),
                evidence=span(text, text.content.partition(".\n")[0] + "."),
                attribution="paraphrase",
                confidence=0.8,
            ),
            Statement(
                speaker=None,
                modality="calls-for",
                content=("spending",),
                evidence=span(text, "R&D spending is to reach at least 3 per cent of GDP by 2030."),
            ),
        ),
        relations=(
            relation("network", "servesGoal", "basic", "network to strengthen basic research"),
            relation("network", "amount", "money", "spend $1.5 billion on the network"),
            relation("basic", "field", "field", "strengthen basic research"),
            relation("ada", "holdsPost", "director", "Ada Lind,\nDirector"),
            relation("director", "postIn", "council", "Director of the Research Council"),
            relation("spending", "amount", "share", "3 per cent of GDP by 2030"),
        ),
    )


def iris_of(extraction: Extraction) -> dict[str, str]:
    """IRIs as the linker would give them, but readable."""
    base = "https://w3id.org/scipol"
    return {
        e.id: f"{base}/voc/field/{e.id}"
        if e.type == "Field"
        else f"{base}/id/{e.type.lower()}/{e.id}"
        for e in extraction.entities
        if e.type != "Quantity"
    }
