"""Scoring: annotations against extractions, by hand-made cases with known counts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from graph.errors import DataError, ExtractorError
from graph.evaluate import (
    RELAXED,
    STRICT,
    Count,
    add_up,
    evaluate,
    match_entities,
    match_statements,
    score,
    ungrounded,
)
from graph.extract import load_extractor
from graph.gold import load_gold
from graph.records import Entity, Extraction, Relation, Span, Statement, Text

TEXT = "The Sea Council will build a coral bank to protect reefs. Norway welcomed the coral bank."


def span(words: str, start: int = 0) -> Span:
    at = TEXT.index(words, start)
    return Span(start=at, end=at + len(words), text=words)


def entity(id_: str, type_: str, *words: str) -> Entity:
    return Entity(id=id_, type=type_, name=words[0], mentions=tuple(span(w) for w in words))  # type: ignore[arg-type]


FIRST = span("The Sea Council will build a coral bank to protect reefs.")
SECOND = span("Norway welcomed the coral bank.")
COUNCIL = entity("e1", "Organization", "Sea Council")
BANK = entity("e2", "Instrument", "coral bank")
REEFS = entity("e3", "Goal", "protect reefs")
NORWAY = entity("e4", "Country", "Norway")
GOLD = Extraction(
    document="sample",
    entities=(COUNCIL, BANK, REEFS, NORWAY),
    statements=(
        Statement(speaker="e1", modality="commits-to", content=("e2", "e3"), evidence=FIRST),
        Statement(speaker="e4", modality="endorses", content=("e2",), evidence=SECOND),
    ),
    relations=(
        Relation(subject="e2", predicate="servesGoal", object="e3", evidence=FIRST),
        Relation(subject="e1", predicate="partnerOf", object="e4", evidence=SECOND),
    ),
)


def but(**changed: Any) -> Extraction:
    return GOLD.model_copy(update=changed)


def test_the_annotation_itself_scores_full_marks() -> None:
    assert all(count.f1 == 1 for count in score(GOLD, GOLD).values())


def test_nothing_found_is_all_missed() -> None:
    scores = score(GOLD, Extraction(document="sample"))
    assert scores["entities"] == Count(0, 0, 4)
    assert scores["statements/full"] == Count(0, 0, 2)
    assert scores["relations"] == Count(0, 0, 2)
    assert scores["relations/servesGoal"].recall == 0


def test_half_the_span_matches_relaxed_but_not_strict() -> None:
    wider = entity("e2", "Instrument", "build a coral bank")
    found = but(entities=(COUNCIL, wider, REEFS, NORWAY))
    scores = score(GOLD, found)
    assert scores["entities/Instrument"] == Count(1, 0, 0)
    assert scores["entities/Instrument/strict"] == Count(0, 1, 1)


def test_a_type_of_another_group_does_not_match() -> None:
    goal = entity("e2", "Goal", "coral bank")
    scores = score(GOLD, but(entities=(COUNCIL, goal, REEFS, NORWAY)))
    assert scores["entities/Goal"] == Count(1, 1, 0)
    assert scores["entities/Instrument"] == Count(0, 0, 1)


def test_actors_match_across_types_and_the_type_is_scored_beside_it() -> None:
    group = entity("e1", "ActorGroup", "Sea Council")
    scores = score(GOLD, but(entities=(group, BANK, REEFS, NORWAY)))
    assert scores["entities/Actor"] == Count(2, 0, 0)
    assert scores["actor-type"] == Count(1, 1, 0)


def test_a_duplicate_is_wrong_and_the_best_overlap_is_taken() -> None:
    wider = entity("e9", "Instrument", "build a coral bank")
    pairs = match_entities([BANK], [wider, BANK], RELAXED)
    assert pairs == {"e2": "e2"}
    assert match_entities([BANK], [wider], STRICT) == {}


def test_any_mention_may_match() -> None:
    later = TEXT.index("coral bank", 50)
    second = Entity(
        id="e2",
        type="Instrument",
        name="coral bank",
        mentions=(Span(start=later, end=later + 10, text="coral bank"),),
    )
    both = BANK.model_copy(update={"mentions": (*BANK.mentions, *second.mentions)})
    assert match_entities([both], [second], STRICT) == {"e2": "e2"}


@pytest.mark.parametrize(
    ("changed", "pair", "full"),
    [
        ({}, 1, 1),
        ({"modality": "requires"}, 1, 0),
        ({"content": ("e3",)}, 1, 1),
        ({"speaker": None}, 0, 0),
        ({"speaker": "e4"}, 0, 0),
        ({"content": ("e4",)}, 0, 0),
    ],
)
def test_a_statement_needs_its_speaker_and_a_part_of_its_content(
    changed: dict[str, Any], pair: int, full: int
) -> None:
    first = GOLD.statements[0].model_copy(update=changed)
    scores = score(GOLD, but(statements=(first, GOLD.statements[1])))
    assert scores["statements/pair"].right == pair + 1
    assert scores["statements/full"].right == full + 1


def test_null_speakers_match_each_other_only() -> None:
    nobody = GOLD.statements[0].model_copy(update={"speaker": None})
    gold = but(statements=(nobody,))
    assert score(gold, gold)["statements/pair"] == Count(1, 0, 0)
    assert score(gold, but(statements=GOLD.statements[:1]))["statements/pair"] == Count(0, 1, 1)


def test_two_statements_cannot_share_one_of_the_annotation() -> None:
    twice = (GOLD.statements[0], GOLD.statements[0])
    same = {e.id: e.id for e in GOLD.entities}
    assert match_statements(GOLD.statements, twice, same, modality_counts=True) == {0: 0}


def test_partners_match_either_way_round_and_other_relations_do_not() -> None:
    turned = tuple(
        r.model_copy(update={"subject": r.object, "object": r.subject}) for r in GOLD.relations
    )
    scores = score(GOLD, but(relations=turned))
    assert scores["relations/partnerOf"] == Count(1, 0, 0)
    assert scores["relations/servesGoal"] == Count(0, 1, 1)


def test_counts_of_documents_are_added_before_ratios_are_taken() -> None:
    total = add_up([{"a": Count(1, 1, 0), "b": Count(0, 0, 2)}, {"a": Count(2, 0, 1)}])
    assert total == {"a": Count(3, 1, 1), "b": Count(0, 0, 2)}
    assert (total["a"].precision, total["a"].recall, total["a"].f1) == (0.75, 0.75, 0.75)
    assert (total["b"].precision, total["b"].recall, total["b"].f1) == (0, 0, 0)


def test_quotes_that_do_not_stand_in_the_text_are_reported() -> None:
    assert ungrounded(GOLD, TEXT) == []
    assert ungrounded(GOLD, TEXT.replace("Norway", "Sweden")) == [
        NORWAY.mentions[0],
        SECOND,
        SECOND,
    ]


# --- folders --------------------------------------------------------------------------------------


class Fixed:
    """Says the same of every text."""

    name = "fixed"
    version = "1"

    def __init__(self, answer: Extraction) -> None:
        self.answer = answer

    def extract(self, text: Text) -> Extraction:
        return self.answer.model_copy(update={"document": text.document.name})


def write(folder: Path, name: str, gold: Extraction | str, text: str | None = TEXT) -> None:
    content = gold if isinstance(gold, str) else gold.model_dump_json(exclude_none=True)
    if not isinstance(gold, str):  # the annotations have neither confidence nor other defaults
        data = json.loads(content) | {"document": name}
        for part in (*data["entities"], *data["statements"], *data["relations"]):
            part.pop("confidence", None)
        for statement in data["statements"]:
            statement.setdefault("speaker", None)
        content = json.dumps(data)
    (folder / f"{name}.json").write_text(content, "utf-8")
    if text is not None:
        (folder / f"{name}.txt").write_text(text, "utf-8", newline="")


def test_a_folder_is_scored_in_all_and_by_genre(tmp_path: Path) -> None:
    write(tmp_path, "news-a", GOLD)
    write(tmp_path, "law-b", but(statements=()))
    (tmp_path / "GUIDELINES.md").write_text("not an annotation")
    report = evaluate(tmp_path, None, Fixed(GOLD))
    assert report.documents == 2
    assert report.scores["statements/full"] == Count(2, 2, 0)
    assert report.scores["genre/law/statements/full"] == Count(0, 2, 0)
    assert report.scores["genre/news/statements/full"] == Count(2, 0, 0)
    assert report.remarks == ()
    assert list(report.scores) == sorted(report.scores)


def test_the_genre_of_the_metadata_comes_first(tmp_path: Path) -> None:
    write(tmp_path, "x1-a", GOLD, None)
    body = f"---\ngenre: speech\nissuer: Sea Council\n---\n\n{TEXT}\n"
    (tmp_path / "x1-a.md").write_text(body, "utf-8")
    assert "genre/speech/entities" in evaluate(tmp_path, None, Fixed(GOLD)).scores


def test_documents_without_policy_are_counted_apart(tmp_path: Path) -> None:
    write(tmp_path, "news-a", GOLD)
    write(tmp_path, "neg-b", Extraction(document="neg-b"))
    report = evaluate(tmp_path, None, Fixed(GOLD))
    assert report.scores["statements/full"] == Count(2, 0, 0)
    assert report.negatives is not None
    assert (report.negatives.documents, report.negatives.statements) == (1, 2)
    assert report.remarks == (
        "1 documents without policy: 2.00 statements and 2.00 goals and instruments a document",
    )


def test_the_report_dumps_with_its_ratios(tmp_path: Path) -> None:
    write(tmp_path, "news-a", GOLD)
    dumped = evaluate(tmp_path, None, Fixed(but(relations=()))).model_dump(mode="json")
    assert dumped["scores"]["relations"] == {
        "right": 0,
        "wrong": 0,
        "missed": 2,
        "precision": 0.0,
        "recall": 0.0,
        "f1": 0.0,
    }


def test_a_quote_that_is_not_in_the_text_fails_the_run(tmp_path: Path) -> None:
    write(tmp_path, "news-a", Extraction(document="news-a"), "Something else entirely. " * 9)
    with pytest.raises(ExtractorError, match="grounding in news-a"):
        evaluate(tmp_path, None, Fixed(GOLD))


def test_texts_are_taken_exactly_as_stored(tmp_path: Path) -> None:
    decomposed = "Le Mus\u00e9e\r\n" + "cafe\u0301"
    write(tmp_path, "news-a", Extraction(document="news-a"), decomposed)
    (annotated,) = load_gold(tmp_path)
    assert annotated.text.content == decomposed


def test_texts_may_lie_elsewhere(tmp_path: Path) -> None:
    gold, texts, corpus = (tmp_path / n for n in ("gold", "texts", "corpus"))
    for folder in (gold, texts, corpus):
        folder.mkdir()
    write(gold, "news-a", GOLD, None)
    (corpus / "news-a.txt").write_text(TEXT)
    assert [a.text.content for a in load_gold(gold)] == [TEXT]
    with pytest.raises(DataError, match=r"news-a\.json has no text.*texts"):
        list(load_gold(gold, texts))


BROKEN: list[tuple[str, str]] = [
    ("{", "not JSON"),
    ('{"entities": []}', "document"),
    (
        '{"document": "news-a", "entities": [{"id": "e1", "type": "Gaol", "name": "x"}]}',
        "entities/0/type",
    ),
    (
        '{"document": "news-a", "entities": [{"id": "e1", "type": "Goal", "name": "x", "mentions": '
        '[{"start": 0, "end": 3, "text": "Sea"}]}]}',
        "entity 'e1': the text at 0-3 is 'The', not 'Sea'",
    ),
    (
        '{"document": "news-a", "entities": [{"id": "e1", "type": "Goal", "name": "x", "mentions": '
        '[{"start": 0, "end": 9, "text": "The"}]}]}',
        "entities/0/mentions/0",
    ),
    (
        '{"document": "news-a", "statements": [{"speaker": "e7", "modality": "requires", '
        '"content": ["e8"], "evidence": {"start": 0, "end": 3, "text": "The"}}]}',
        "statement 0: no entity has the id 'e7'",
    ),
    (
        '{"document": "news-a", "relations": [{"subject": "e1", "predicate": "partOf", '
        '"object": "e2", "evidence": {"start": 0, "end": 3, "text": "The"}}]}',
        "relation 0: no entity has the id 'e1'",
    ),
]


@pytest.mark.parametrize(("content", "message"), BROKEN)
def test_a_broken_annotation_is_named_with_its_entry(
    content: str, message: str, tmp_path: Path
) -> None:
    write(tmp_path, "news-a", content)
    with pytest.raises(DataError) as caught:
        list(load_gold(tmp_path))
    assert "news-a.json" in str(caught.value)
    assert message in str(caught.value)


SEA = {"start": 0, "end": 3, "text": "Sea"}
FAULTY = {
    "document": "a",
    "entities": [
        {"id": "e1", "type": "Gaol", "name": "x", "mentions": [{**SEA, "text": "T\u00e9h"}]},
        {"id": "e1", "type": "Goal", "name": "x", "mentions": []},
        {"id": "e2", "type": "Goal", "name": 7, "mentions": [{**SEA, "start": "a"}]},
    ],
    "statements": [
        {"speaker": "e7", "modality": "demands", "content": ["e1", "e8"], "evidence": SEA}
    ],
    "relations": [{"subject": "e1", "predicate": "partOf"}, "nothing"],
}
# What is wrong with it: the entry, and in the pretty text the words of the line that is named.
FAULTS = [
    ("document: it names 'a', but the file is called", '"document": "a"'),
    ("entities/0/type", '"type": "Gaol"'),
    ("entity 'e1': the text at 0-3 is 'The', not 'Téh'", "{"),
    ("entity 'e1': two entities have the id 'e1'", '"id": "e1"'),
    ("entities/1/mentions", '"mentions": []'),
    ("entities/2/name", '"name": 7'),
    ("entities/2/mentions/0/start", '"start": "a"'),
    ("statement 0: no entity has the id 'e7'", '"speaker": "e7"'),
    ("statements/0/modality", '"modality": "demands"'),
    ("statement 0: no entity has the id 'e8'", '"e8"'),
    ("statement 0: the text at 0-3 is 'The', not 'Sea'", '"evidence": {'),
    ("relations/0/object", "{"),
    ("relations/0/evidence", "{"),
    ("relations/1", '"nothing"'),
]


def faults_of(folder: Path) -> list[str]:
    """The faults of the annotations in a folder, a line each."""
    with pytest.raises(DataError) as caught:
        list(load_gold(folder))
    head, *lines = str(caught.value).splitlines()
    assert head == f"the annotations have {len(lines)} faults:"
    return lines


def line_of(fault: str) -> int:
    found = re.search(r"news-a\.json, line (\d+), ", fault)
    assert found, fault
    return int(found[1])


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_fault_is_named_with_its_line_and_entry(line_end: str, tmp_path: Path) -> None:
    pretty = json.dumps(FAULTY, indent=1, ensure_ascii=False)
    write(tmp_path, "news-a", pretty.replace("\n", line_end))
    written = pretty.splitlines()
    found = faults_of(tmp_path)
    assert len(found) == len(FAULTS)
    for entry, words in FAULTS:
        (fault,) = [f for f in found if f", {entry}" in f]
        number = line_of(fault)
        assert written[number - 1].strip().rstrip(",") == words, fault
    numbers = [line_of(fault) for fault in found]
    assert numbers == sorted(numbers)


def test_in_a_file_of_one_line_that_line_is_named(tmp_path: Path) -> None:
    write(tmp_path, "news-a", "\n\n" + json.dumps(FAULTY))
    found = faults_of(tmp_path)
    assert len(found) == len(FAULTS)
    assert all("news-a.json, line 3, " in fault for fault in found)


def test_an_annotation_of_another_document_than_its_file_names_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "news-a", GOLD)
    written = json.loads((tmp_path / "news-a.json").read_text())
    write(tmp_path, "news-b", json.dumps(written | {"document": "news-a"}, indent=1))
    with pytest.raises(DataError) as caught:
        list(load_gold(tmp_path))
    assert str(caught.value) == (
        f"{tmp_path / 'news-b.json'}, line 2, document: it names 'news-a', but the file is called "
        "news-b.json"
    )


def test_faults_of_all_files_are_named(tmp_path: Path) -> None:
    write(tmp_path, "news-a", '{\n "document": "a",\n "entities": [}\n')
    write(tmp_path, "news-b", json.dumps(FAULTY))
    write(tmp_path, "news-c", json.dumps({"document": "news-c"}), None)
    (tmp_path / "news-d.json").write_bytes(b'{"document":\n "\xff"}')
    found = faults_of(tmp_path)
    assert "news-a.json, line 3, column 15: it is not JSON" in found[0]
    assert sum("news-b.json" in fault for fault in found) == len(FAULTS)
    assert "news-c.json has no text" in found[-2]
    assert "news-d.json, line 2: it is not UTF-8" in found[-1]


def test_of_very_many_faults_the_first_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    write(tmp_path, "news-a", json.dumps({"document": "news-a", "entities": [{}] * 1000}, indent=1))
    with pytest.raises(DataError) as caught:
        list(load_gold(tmp_path))
    lines = str(caught.value).splitlines()
    assert lines[0] == "the annotations have 4000 faults:"
    assert lines[-1] == "and 3950 more"
    assert len(lines) == 52


def test_two_entities_with_one_id_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "news-a", but(entities=(*GOLD.entities, COUNCIL)))
    with pytest.raises(DataError, match="two entities have the id 'e1'"):
        list(load_gold(tmp_path))


def test_an_empty_folder_or_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no annotations"):
        list(load_gold(tmp_path))
    with pytest.raises(DataError, match="not a folder"):
        list(load_gold(tmp_path / "nowhere"))


def test_the_shipped_annotations_can_be_scored() -> None:
    root = Path(__file__).parents[2]
    report = evaluate(root / "data" / "gold", None, load_extractor("rules"))
    assert report.documents > 0
    assert report.scores["entities"].f1 > 0.5
    assert report.scores["statements/pair"].right > 0
    assert report.scores["relations"].right > 0
