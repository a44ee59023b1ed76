"""The extractor `llm` against a real server on loopback that misbehaves in every way."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from graph.errors import ExtractorError, ExtractorStopped
from graph.evaluate import ungrounded
from graph.extract import load_extractor
from graph.extract.base import Setup
from graph.extract.language_model import gather
from graph.extract.language_model.answers import (
    MALFORMED,
    UNKNOWN_MODALITY,
    UNKNOWN_PREDICATE,
    UNKNOWN_TYPE,
)
from graph.extract.language_model.extractor import LanguageModelExtractor
from graph.records import Document, Extraction, Text
from tests.graph.extract.peer import (
    MODEL,
    Handler,
    Peer,
    Respond,
    findings,
    peer,
    read_it,
    settings,
)
from tests.servers import free_port

CONTENT = (
    "The Ministry of Oceans announced a Reef Programme of €5 million to protect coral reefs.\n\n"
    "“We  will build a\nseed bank,” said Minister Ana Duarte of the Ministry of Oceans.\n"
)
PROTECT = "The Ministry of Oceans announced a Reef Programme of €5 million to protect coral reefs."
EMPTY: dict[str, list[object]] = {"entities": [], "statements": [], "relations": []}


def text(content: str = CONTENT, name: str = "sample") -> Text:
    return Text(document=Document(name=name), content=content)


def extractor_at(
    running: Peer, data: Path | None = None, session: str = "one", **more: object
) -> LanguageModelExtractor:
    return LanguageModelExtractor(
        Setup(data=data, session=session, settings=settings(running, **more))
    )


def say(answer: object, finish: str = "stop", **more: object) -> Respond:
    return lambda handler: handler.answer(answer, finish, **more)


def status(code: int, body: str = "{}", **headers: str) -> Respond:
    return lambda handler: handler.say(code, body.encode(), **headers)


def cut_off(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True


def never(handler: Handler) -> None:
    time.sleep(3)


def drip(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def entity(id_: str, type_: str, *mentions: str) -> dict[str, object]:
    return {"id": id_, "type": type_, "mentions": list(mentions)}


def found(answer: object, content: str = CONTENT) -> tuple[Extraction, str]:
    """What is made of one answer, and what the user is told."""
    with peer(always=say(answer)) as running:
        extractor = extractor_at(running)
        extraction = extractor.extract(text(content))
        assert ungrounded(extraction, content) == []
        return extraction, "\n".join(extractor.remarks())


def names(extraction: Extraction) -> set[tuple[str, str]]:
    return {(e.type, e.name) for e in extraction.entities}


# --- what passes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("respond", "requests"),
    [
        (cut_off, 2),
        (status(500), 2),
        (status(503, Retry_After="0"), 2),
        (status(429), 2),
        (status(200, "<html>Welcome</html>"), 2),
        (status(200, '{"choices": []}'), 2),
        (status(200, '{"choices": [{"message": {"content": null}}]}'), 2),
        (status(200, "[" * 100_000), 2),
        (say(""), 2),
        (say("I shall do my best."), 2),
        (say('{"entities": ['), 2),
        (say('{"entities": 3}'), 2),
        (say("[]"), 2),
        (lambda h: h.answer("Here it is:\n```json\n" + json.dumps(findings(h.part)) + "\n```"), 1),
        (lambda h: h.answer("<think>{?}</think>" + json.dumps(findings(h.part)) + " Done."), 1),
    ],
    ids=[
        *("cut off", "500", "503", "429", "html", "no choices", "null", "nesting", "nothing"),
        *("no JSON", "half JSON", "wrong form", "a list", "fence", "thoughts"),
    ],
)
def test_what_can_be_mended_is_mended(respond: Respond, requests: int) -> None:
    with peer() as well:
        expected = extractor_at(well).extract(text())
    with peer(respond) as running:
        assert extractor_at(running).extract(text()) == expected
        assert len(running.seen) == requests
    assert expected.statements


def test_a_model_is_told_what_was_wrong_with_its_answer() -> None:
    with peer(say("no")) as running:
        extractor_at(running).extract(text())
        said = [asked.said for asked in running.seen]
    assert "could not be read: it is no JSON" not in said[0]
    assert "could not be read: it is no JSON" in said[1]


def test_an_answer_that_does_not_fit_is_asked_for_in_two_halves() -> None:
    content = "".join(f"The Ministry of Oceans will fund reef {n}.\n\n" for n in range(40))
    with peer(say('{"entities": [', "length")) as running:
        extraction = extractor_at(running).extract(text(content))
        parts = [asked.part for asked in running.seen]
    assert parts[0] == parts[1] + parts[2]
    assert len(extraction.entities[0].mentions) == 40


@pytest.mark.parametrize(
    "respond",
    [
        status(400, '{"error": {"code": "context_length_exceeded"}}'),
        status(413, "Request too large"),
    ],
)
def test_a_question_that_is_too_long_is_asked_in_two_halves(respond: Respond) -> None:
    content = "The Ministry of Oceans will fund a reef programme.\n\n" * 20
    with peer(respond) as running:
        assert extractor_at(running).extract(text(content)).entities
        assert len(running.seen) == 3


# --- what is believed ---------------------------------------------------------------------------


def test_what_is_not_in_the_text_is_left_out_and_counted() -> None:
    extraction, told = found(
        {
            "entities": [
                entity("a", "Organization", "Ministry of Oceans", "MoO"),
                entity("b", "Person", "Xi Jinping"),
                entity("c", "Goal", "protect coral reefs"),
                entity("d", "Instrument", "Reef Program"),
            ],
            "statements": [
                {"speaker": "b", "modality": "endorses", "content": ["c"], "evidence": PROTECT},
                {"speaker": "a", "modality": "endorses", "content": ["d"], "evidence": PROTECT},
                {"speaker": "a", "modality": "endorses", "content": ["c"], "evidence": "Reefs!"},
                {"speaker": "a", "modality": "commits-to", "content": ["c"], "evidence": PROTECT},
            ],
            "relations": [
                {"subject": "d", "predicate": "servesGoal", "object": "c", "evidence": PROTECT}
            ],
        }
    )
    assert names(extraction) == {
        ("Organization", "Ministry of Oceans"),
        ("Goal", "protect coral reefs"),
    }
    assert [s.modality for s in extraction.statements] == ["commits-to"]
    assert extraction.relations == ()
    for number, reason in (
        (3, gather.NO_WORDING),
        (2, gather.NO_ENTITY),
        (1, gather.NO_SPEAKER),
        (1, gather.NO_CONTENT),
        (1, gather.NO_SENTENCE),
        (1, gather.NO_ENDS),
    ):
        assert f"{reason} ({number})" in told


def test_what_is_not_in_the_ontology_is_left_out_and_counted() -> None:
    extraction, told = found(
        {
            "entities": [
                entity("a", "Organization", "Ministry of Oceans"),
                entity("b", "Reef", "coral reefs"),
                entity("c", "Goal", "protect coral reefs"),
                {"id": "d", "type": "Goal"},
                "nonsense",
            ],
            "statements": [
                {"speaker": "a", "modality": "adores", "content": ["c"], "evidence": PROTECT}
            ],
            "relations": [
                {"subject": "a", "predicate": "loves", "object": "c", "evidence": PROTECT},
                {"subject": "c", "predicate": "servesGoal", "object": "a", "evidence": PROTECT},
            ],
        }
    )
    assert len(extraction.entities) == 2
    assert (extraction.statements, extraction.relations) == ((), ())
    for reason in (UNKNOWN_TYPE, UNKNOWN_MODALITY, UNKNOWN_PREDICATE, f"{MALFORMED} (2)"):
        assert reason in told
    assert gather.WRONG_ENDS in told


def test_a_sentence_that_does_not_name_what_it_is_about_is_no_evidence() -> None:
    extraction, told = found(
        {
            "entities": [
                entity("a", "Organization", "Ministry of Oceans"),
                entity("c", "Instrument", "Reef Programme"),
            ],
            "statements": [
                {
                    "speaker": "a",
                    "modality": "carries-out",
                    "content": ["c"],
                    "evidence": "said Minister Ana Duarte",
                }
            ],
        }
    )
    assert extraction.statements == ()
    assert gather.OFF_SENTENCE in told


@pytest.mark.parametrize(
    "said",
    [
        "build a seed bank",
        "  build\u00a0a seed\n\nbank. ",
        "BUILD A SEED BANK",
        '"build a seed bank,"',
        "build a se\u00aded bank",
    ],
)
def test_blanks_marks_and_capitals_may_differ(said: str) -> None:
    extraction, _ = found({"entities": [entity("g", "Goal", said)]})
    assert [m.text for m in extraction.entities[0].mentions] == ["build a\nseed bank"]


def test_quotes_with_other_quotation_marks_become_the_whole_sentence_as_it_stands() -> None:
    quote = '"We will build a seed bank," said Minister Ana Duarte'
    extraction, _ = found(
        {
            "entities": [
                entity("g", "Goal", "build a seed bank"),
                entity("p", "Person", "Ana Duarte"),
            ],
            "statements": [
                {"speaker": "p", "modality": "commits-to", "content": ["g"], "evidence": quote}
            ],
        }
    )
    assert extraction.statements[0].evidence.text == CONTENT.split("\n\n")[1].rstrip()


def test_numbers_of_the_model_are_not_asked_for_and_not_believed() -> None:
    said = {**entity("g", "Goal", "protect coral reefs"), "start": 0, "end": 5}
    extraction, _ = found({"entities": [said]})
    assert extraction.entities[0].mentions[0].start == CONTENT.index("protect")


@pytest.mark.parametrize(
    ("content", "said", "expected"),
    [
        ("The focus of US policy. US funds.", "US", ["US", "US"]),
        ("Those who agreed, and us.", "WHO", []),
        ("The WHO agreed.", "WHO", ["WHO"]),
        ("The Fund and the Fund's plan", "the Fund", ["Fund", "Fund"]),
        ("It said that they agreed.", "It", []),
        ("中国科学院支持研究。", "科学院", ["科学院"]),
        ("Cre\u0301dit d\u2019impo\u0302t", "d'impo\u0302t", []),
        ("(NSF) pays", "(NSF)", ["NSF"]),
    ],
)
def test_only_whole_words_are_names(content: str, said: str, expected: list[str]) -> None:
    extraction, _ = found({"entities": [entity("x", "Organization", said)]}, content)
    assert [m.text for e in extraction.entities for m in e.mentions] == expected


def test_one_thing_in_several_parts_is_one_entity() -> None:
    filler = "Nothing else happened that day in the harbour, as far as anybody knows. " * 4
    content = (
        f"The Reef Research Council (RRC) met Ana Duarte.\n\n{filler}\n\nRRC will fund Duarte.\n\n"
        f"{filler}\n\nThe Reef Research Council agreed."
    )

    def respond(handler: Handler) -> None:
        said = [
            entity("1", "Organization", "Reef Research Council"),
            entity("2", "Organization", "RRC"),
            entity("3", "Person", "Ana Duarte"),
            entity("4", "Person", "Duarte"),
        ]
        there = [e for e in said if str(e["mentions"][0]) in handler.part]  # type: ignore[index]
        handler.answer({"entities": there})

    with peer(always=respond) as running:
        extraction = extractor_at(running, chunk=300).extract(text(content))
        assert len(running.seen) > 2
    assert {(e.type, e.name, len(e.mentions)) for e in extraction.entities} == {
        ("Organization", "Reef Research Council", 4),
        ("Person", "Ana Duarte", 2),
    }


# --- what cannot be mended ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("respond", "error", "message", "requests"),
    [
        (status(401, "Incorrect key: s3cret"), ExtractorStopped, "SCIPOL_LLM_KEY", 1),
        (status(403), ExtractorStopped, "does not let us in", 1),
        (status(402), ExtractorStopped, "nothing left to spend", 1),
        (status(429, "insufficient_quota"), ExtractorStopped, "nothing left to spend", 1),
        (status(404, "no such model"), ExtractorStopped, "no model 'small-reader'", 1),
        (status(400, "response_format?"), ExtractorStopped, "SCIPOL_LLM_FORMAT", 1),
        (status(422, "temperature?"), ExtractorStopped, "SCIPOL_LLM_PARAMETERS", 1),
        (status(400, "content_filter"), ExtractorError, "refuses this text", 1),
        (status(302, Location="http://127.0.0.1:1/"), ExtractorStopped, "it is not followed", 1),
        (status(429), ExtractorStopped, "asked too often", 3),
        (status(429, Retry_After="7200"), ExtractorStopped, "a pause of 7200 seconds", 1),
        (status(500, "Traceback\n  x"), ExtractorError, r"failed \(500\): Traceback x", 3),
        (status(200, '{"choices": []}'), ExtractorError, "without a choice", 3),
        (status(200, "<html>"), ExtractorError, "no JSON", 3),
        (cut_off, ExtractorError, "broke off", 3),
        (say("no"), ExtractorError, "3 answers that cannot be read", 3),
        (say("", "content_filter"), ExtractorError, "refuses this text: its filter", 1),
        (say("", refusal="I would\nrather not"), ExtractorError, "would rather not", 1),
        (say("{", "length"), ExtractorError, "too long for the language model", 1),
        (never, ExtractorError, "within 0.5 seconds; raise SCIPOL_LLM_TIMEOUT", 3),
        (drip, ExtractorError, "within 0.5 seconds", 3),
        (lambda h: h.say(200, b" " * (17 << 20)), ExtractorError, "longer than 16 MB", 1),
    ],
)
def test_what_cannot_be_mended_is_told_in_one_line(
    respond: Respond,
    error: type[ExtractorError],
    message: str,
    requests: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCIPOL_LLM_KEY", "s3cret")
    patience = 0.5 if respond in (never, drip) else 20
    with peer(always=respond) as running:
        extractor = extractor_at(running, attempts=3, timeout=patience)
        with pytest.raises(ExtractorError, match=message) as caught:
            extractor.extract(text())
        assert len(running.seen) == requests
    said = str(caught.value)
    assert type(caught.value) is error
    assert "\n" not in said
    assert len(said) < 600
    assert "s3cret" not in said


def test_a_service_that_is_not_there_is_named() -> None:
    address = f"http://127.0.0.1:{free_port()}/v1"
    given = {"url": address, "model": MODEL, "pause": "0", "attempts": "2"}
    with pytest.raises(ExtractorStopped, match="cannot be reached"):
        load_extractor("llm", Setup(settings=given)).extract(text())


def test_a_service_that_fails_text_after_text_is_given_up() -> None:
    with peer(always=status(500)) as running:
        extractor = extractor_at(running, attempts=1)
        for number in range(2):
            with pytest.raises(ExtractorError) as caught:
                extractor.extract(text(name=str(number)))
            assert not isinstance(caught.value, ExtractorStopped)
        with pytest.raises(ExtractorStopped, match="3 texts in a row"):
            extractor.extract(text())


def test_the_key_goes_to_the_service_and_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIPOL_LLM_KEY", "s3cret")
    with peer() as running:
        extractor = extractor_at(running)
        extractor.extract(text())
        assert running.seen[0].authorization == "Bearer s3cret"
        assert "s3cret" not in repr(vars(extractor)) + extractor.version


# --- pauses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("retry_after", "least"),
    [
        (lambda: "1", 1.0),
        (lambda: format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True), 1.5),
    ],
    ids=["seconds", "date"],
)
def test_a_pause_that_is_asked_for_is_kept(retry_after: object, least: float) -> None:
    def busy(handler: Handler) -> None:
        handler.say(429, b"later", Retry_After=retry_after())  # type: ignore[operator]

    with peer(busy) as running:
        extractor_at(running).extract(text())
        first, second = (asked.at for asked in running.seen)
    assert second - first >= least


def test_pauses_grow_where_none_is_asked_for() -> None:
    with peer(*[status(500)] * 4) as running:
        extractor_at(running, pause=0.1).extract(text())
        at = [asked.at for asked in running.seen]
    assert at[1] - at[0] >= 0.05
    assert at[4] - at[3] >= 0.4


def test_two_extractors_share_one_rate(tmp_path: Path) -> None:
    with peer() as running:
        for session in ("one", "two"):
            extractor = extractor_at(running, tmp_path, session, requests_per_minute=120)
            extractor.extract(text(f"{session} {CONTENT}"))
        first, second = (asked.at for asked in running.seen)
    assert second - first >= 0.4


# --- keeping ------------------------------------------------------------------------------------


def test_what_was_answered_is_not_asked_again(tmp_path: Path) -> None:
    with peer() as running:
        first = extractor_at(running, tmp_path).extract(text())
        again = extractor_at(running, tmp_path, "two")
        assert again.extract(text()).model_dump_json() == first.model_dump_json()
        assert len(running.seen) == 1
        assert "0 requests, 1 answers kept" in again.remarks()[0]


@pytest.mark.parametrize(
    "change",
    [{"model": "other"}, {"parameters": '{"seed": 1}'}, {"format": "text"}, {"chunk": 5000}],
)
def test_another_model_or_question_is_asked_anew_and_is_another_version(
    change: dict[str, object], tmp_path: Path
) -> None:
    with peer() as running:
        one, two = extractor_at(running, tmp_path), extractor_at(running, tmp_path, **change)
        one.extract(text())
        two.extract(text())
        assert len(running.seen) == 2
    assert one.version != two.version
    assert MODEL in one.version
    assert one.prompt_hash[:12] in one.version


def test_an_interrupted_text_goes_on_where_it_stopped(tmp_path: Path) -> None:
    content = "".join(
        f"The Ministry of Oceans will fund reef {n}. {'x ' * 60}\n\n" for n in range(9)
    )
    with peer(read_it, read_it, always=status(500)) as broken:
        with pytest.raises(ExtractorError):
            extractor_at(broken, tmp_path, chunk=400, attempts=1).extract(text(content))
        asked = [asked.part for asked in broken.seen]
    with peer() as running:
        extraction = extractor_at(running, tmp_path, "two", chunk=400).extract(text(content))
        rest = [asked.part for asked in running.seen]
    assert rest[0] == asked[2]
    assert not {*asked[:2]} & {*rest}
    with peer() as fresh:
        assert extractor_at(fresh, chunk=400).extract(text(content)) == extraction


def test_damaged_answers_are_asked_for_again_and_a_damaged_file_is_named(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    with peer() as running:
        extractor_at(running, tmp_path).extract(text())
        with closing(sqlite3.connect(tmp_path / "llm" / "llm.db")) as db:
            db.execute("UPDATE answers SET content = '{'")
            db.commit()
        extractor_at(running, tmp_path).extract(text())
        assert len(running.seen) == 2
        (tmp_path / "llm" / "llm.db").write_bytes(b"no database" * 1000)
        with pytest.raises(ExtractorStopped, match=r"llm\.db cannot be used.*remove the file"):
            extractor_at(running, tmp_path).extract(text())


# --- caps ---------------------------------------------------------------------------------------

MANY = "".join(f"The Ministry of Oceans will fund reef {n}. {'x ' * 60}\n\n" for n in range(60))


def test_a_cap_of_tokens_stops_before_it_is_passed(tmp_path: Path) -> None:
    with peer() as running:
        limits = {"chunk": 400, "max_tokens": 15_000, "answer_tokens": 500}
        extractor = extractor_at(running, tmp_path, **limits)
        with pytest.raises(ExtractorStopped, match=r"cap of 15,000 tokens.*SCIPOL_LLM_MAX_TOKENS"):
            extractor.extract(text(MANY))
        assert 5 <= len(running.seen) <= 15_000 // 1200


def test_a_cap_of_money_stops_before_it_is_passed(tmp_path: Path) -> None:
    with peer() as running:
        limits = {"chunk": 400, "max_cost": 0.05, "input_price": 10, "output_price": 20}
        extractor = extractor_at(running, tmp_path, answer_tokens=300, **limits)
        with pytest.raises(ExtractorStopped, match=r"cap of 0\.05.*SCIPOL_LLM_MAX_COST"):
            extractor.extract(text(MANY))
        # A request costs 1000 x 10 + 200 x 20 for a million.
        assert len(running.seen) * 0.014 <= 0.05
        assert f"{len(running.seen) * 0.014:.4f} of 0.05 spent" in extractor.remarks()[0]


def test_a_request_that_nobody_counted_costs_what_was_set_aside(tmp_path: Path) -> None:
    with peer(cut_off) as running:
        extractor = extractor_at(running, tmp_path, answer_tokens=5000)
        extractor.extract(text())
    answered = int(extractor.remarks()[0].split(" sent, ")[1].split()[0].replace(",", ""))
    assert answered == 5200


# --- settings and instruction -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "needs SCIPOL_LLM_URL, for example"),
        ({"url": "http://h/v1"}, "needs SCIPOL_LLM_MODEL"),
        ({"url": "ftp://h", "model": "m"}, "SCIPOL_LLM_URL is 'ftp://h'"),
        ({"url": "http://u:p@h/v1", "model": "m"}, "SCIPOL_LLM_KEY"),
        ({"url": "http://h", "model": "m", "timeout": "soon"}, "SCIPOL_LLM_TIMEOUT is 'soon'"),
        ({"url": "http://h", "model": "m", "max_cost": "1"}, "needs SCIPOL_LLM_INPUT_PRICE"),
        ({"url": "http://h", "model": "m", "modle": "x"}, "no setting 'modle'"),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, str], message: str) -> None:
    with pytest.raises(ExtractorError, match=message):
        load_extractor("llm", Setup(settings=given))


def test_a_misspelt_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIPOL_LLM_MODLE", "x")
    with pytest.raises(ExtractorError, match=r"no setting SCIPOL_LLM_MODLE; there are: .*_MODEL"):
        load_extractor("llm", Setup(settings={"url": "http://h", "model": "m"}))


def test_parameters_are_sent_and_null_takes_one_away() -> None:
    with peer() as running:
        more = '{"max_tokens": null, "max_completion_tokens": 900}'
        extractor_at(running, parameters=more).extract(text())
        asked = running.seen[0].body
    assert asked["max_completion_tokens"] == 900
    assert "max_tokens" not in asked
    assert asked["model"] == MODEL
    assert asked["response_format"]["type"] == "json_schema"


def test_the_instruction_has_all_of_the_vocabulary_and_no_names() -> None:
    from typing import get_args

    from graph.extract.language_model.instructions import instruction
    from graph.records import SIGNATURES, EntityType, Modality
    from ontology import hierarchy
    from ontology.vocabulary import SCIP, VOC

    told = instruction()
    for name in get_args(EntityType):
        assert f"\n- {name}: " in told
    for code in get_args(Modality):
        assert f"\n- {code}: {hierarchy.definition(VOC('modality', code))}" in told
    for predicate, (subjects, objects) in SIGNATURES.items():
        assert f"\n- {predicate} ({' or '.join(subjects)} -> {' or '.join(objects)}): " in told
    assert str(hierarchy.definition(SCIP.Goal)) in told
    assert "Xi Jinping" not in told


def test_what_is_known_of_the_document_and_the_list_is_told_with_a_part() -> None:
    content = "The agency will:\n" + "".join(f"- fund reef {n} {'x ' * 50}\n" for n in range(8))
    known = Text(document=Document(name="d", issuer="Reef Agency"), content=content)
    with peer(always=say(EMPTY)) as running:
        extractor_at(running, chunk=400).extract(known)
        said = [asked.said for asked in running.seen]
    assert all("Issued by: Reef Agency" in part for part in said)
    assert "Before it stands" not in said[0]
    assert "do not quote from here): The agency will:" in said[1]
