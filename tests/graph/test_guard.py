import time

import pytest

from graph.guard import FetchingRefused, GuardLimits, QueryRefused, QueryTooLarge, guard, tokens

LIMITS = GuardLimits()
SIZE = 400_000


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?SERVICE ?p 'SERVICE' }",
        "SELECT * { <urn:SERVICE> service:x ex:SERVICE } # SERVICE <x>",
        'SELECT * { ?s ?p """SERVICE " LOAD""" } #\\u0053ERVICE',
        "ASK { ?s ?p 'LOAD'@load, 'a\\'b SERVICE', 'c\\u0053' ; ex:a\\,b <urn:\\u0053> }",
        "LOAD SILENT <urn:x>",
        "load # comment\n silent <urn:x> ; LOAD SILENT <urn:y> INTO GRAPH <urn:z>",
        "SELECT * { FILTER(?a<?b && ?c>?d) }",
        "SELECT * { ?s ?p 1.5, .5, 1e6, -7, 'x'^^ex:y, _:b, [] . }",
        "",
        "}}}} not SPARQL at all ((",
    ],
)
def test_words_count_only_as_words(text: str) -> None:
    guard(text, LIMITS)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("SELECT * { SERVICE <urn:x> {} }", (1, 12)),
        ("SELECT *\n{ {} service silent ?x {} }", (2, 6)),
        ("SELECT * { ?s ?p true.SERVICE <urn:x> {} }", (1, 18)),
        ("SELECT * { ?s ?p 5.SERVICE <urn:x> {} }", (1, 20)),
        ("SELECT * { ?s ?p ''SERVICE <urn:x> {} }", (1, 20)),
        ("#\rSERVICE <urn:x>", (1, 3)),
        ("LOAD <urn:x>", (1, 1)),
        ("LOAD SILENTLY <urn:x>", (1, 1)),
        ("CLEAR ALL; LOAD", (1, 12)),
        ("LOAD ex:SILENT", (1, 1)),
    ],
)
def test_what_would_fetch_is_refused_with_its_place(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(FetchingRefused) as caught:
        guard(text, LIMITS)
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("\\u0053ERVICE", "escapes"),
        ("SELECT * { ?s ?p \\", "escapes"),
        ("ASK { ?s ?p 'x }", "strings"),
        ('ASK { ?s ?p """x"" }', "strings"),
        ("ASK { ?s ?p 'x\n' }", "strings"),
        ("DEFINE input:inference 'x' SELECT * {}", "pragmas"),
        ("SELECT * " + "{" * 61, "nesting"),
        ("SELECT * { FILTER " + "STR(" * 61, "nesting"),
        ("ASK { " + "<<" * 61, "nesting"),
        ("ASK { FILTER(1" + "+1" * 1001 + ") }", "operators"),
        ("ASK { FILTER(1" + "-1" * 1001 + ") }", "operators"),
        ("ASK { FILTER(" + "!" * 1001 + "1) }", "operators"),
        ("ASK { ?s <urn:a>" + "|<urn:a>" * 1001 + " ?o }", "operators"),
        ("ASK { {}" + "UNION {}" * 1001 + "}", "operators"),
        ("PREFIX x: <urn:x> " * 1001, "operators"),
        ("SELECT" + " ?x" * 501, "projections"),
        ("ASK { VALUES ?x {" + " 1" * 60_000 + "} }", "tokens"),
    ],
)
def test_each_limit_names_itself(text: str, limit: str) -> None:
    with pytest.raises(QueryRefused) as caught:
        guard(text, LIMITS)
    assert caught.value.limit == limit


def test_size_is_counted_in_bytes() -> None:
    with pytest.raises(QueryTooLarge):
        guard("#" + "é" * (SIZE // 2), LIMITS)
    guard("#" + "é" * (SIZE // 2 - 1), LIMITS)


def test_negative_numbers_of_data_are_no_operators() -> None:
    guard("INSERT DATA {" + "<urn:a> <urn:b> -1 ." * 5000 + "}", LIMITS)


def test_words_are_returned_in_capitals() -> None:
    assert {"SELECT", "FROM", "WHERE"} <= guard("select * from <urn:x> where {}", LIMITS)


def test_tokens_and_their_places_make_up_the_text() -> None:
    text = "SELECT ?x # comment\n{ <urn:a> ex:b 'c' . }"
    assert all(text.startswith(token.text, token.start) for token in tokens(text))
    assert "".join(t.text for t in tokens(text)) == "SELECT?x{<urn:a>ex:b'c'.}"


@pytest.mark.parametrize(
    "part",
    ['"', "'", '"""', "'''", '"a', "\\", '"\\', "<", "<a", "a.", "a-", ":a.", ":.", "#", "_", "@a-",
     "1.", "1e", "?", "{", " ", "a", ":%", "''", "''' ", "<\\u0041", "|", "\n", "\u00e9"],
)  # fmt: skip
def test_no_text_takes_more_than_its_length(part: str) -> None:
    # What is quadratic takes minutes for so much; what is linear well under a second.
    wide = GuardLimits(10**7, 10**7, 10**7, 10**7, 10**7)
    begun = time.process_time()
    for text in (part * (SIZE // len(part)), '"' + part * (SIZE // len(part))):
        for limits in (LIMITS, wide):
            try:
                guard(text, limits)
            except QueryRefused:
                continue
    assert time.process_time() - begun < 20
