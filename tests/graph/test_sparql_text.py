import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.sparql_text import bind, keywords, tokens, update_word
from graph.store import memory_store

A = ox.NamedNode("https://example.org/a")
DATA = b"""
<https://example.org/a> <a:p> "one" <a:g> .
<https://example.org/a> <a:p> "two" <a:g> .
<https://example.org/b> <a:p> "three" <a:g> .
"""


@given(st.text())
def test_tokens_joined_are_the_text_again(sparql: str) -> None:
    assert "".join(token.text for token in tokens(sparql)) == sparql


@pytest.mark.parametrize(
    "sparql",
    [
        'SELECT * { ?s ?p "SERVICE" }',
        "SELECT * { ?s ?p '''a 'SERVICE' b''' }",
        "SELECT * { ?s ?p ?service } # SERVICE",
        "SELECT * { ?s <http://x/SERVICE> ?o }",
        "SELECT * { ?s ex:SERVICE ?o }",
        "SELECT * { ?s SERVICE:x ?o }",
        'SELECT * { ?s ?p "x"@service }',
        'SELECT * { ?s ?p "\\" SERVICE" }',
    ],
)
def test_words_in_other_tokens_are_not_keywords(sparql: str) -> None:
    assert "SERVICE" not in keywords(sparql)


def test_keywords_count_in_any_case_and_without_spaces() -> None:
    assert "SERVICE" in keywords("SELECT*{service<http://x>{?s ?p ?o}}")
    assert "FROM" in keywords('SELECT * From <a:g> {?s ?p "#"}')


@pytest.mark.parametrize(
    ("sparql", "rows"),
    [
        ("SELECT ?o { ?s <a:p> ?o } ORDER BY ?o", [("one",), ("two",)]),
        ("SELECT ?s (COUNT(?o) AS ?n) { ?s <a:p> ?o } GROUP BY ?s", [(A.value, "2")]),
        ("SELECT ?o { { SELECT ?o { ?s <a:p> ?o } } } ORDER BY ?s ?o", [("one",), ("two",)]),
        (
            "SELECT ?s ?n { { SELECT ?s (COUNT(?o) AS ?n) { ?s <a:p> ?o } GROUP BY ?s } }",
            [(A.value, "2")],
        ),
        ("SELECT ?o { ?x <a:p> ?o FILTER(?x = ?s) } ORDER BY ?o", [("one",), ("two",)]),
        ("SELECT $s { $s <a:p> 'one' }", [(A.value,)]),
    ],
)
def test_a_bound_variable_is_that_value_wherever_it_stands(
    sparql: str, rows: list[tuple[str, ...]]
) -> None:
    table = memory_store(DATA).select(sparql, {"s": A})
    assert [tuple(term.value for term in row) for row in table.rows] == rows


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_no_value_can_become_syntax(value: str) -> None:
    literal = ox.Literal(value)
    store = memory_store()
    table = store.select("SELECT ?x { BIND(?value AS ?x) }", {"value": literal})
    assert table.rows == [(literal,)]


def test_without_bindings_a_query_stays_as_it_is() -> None:
    assert bind("SELECT ?s {}", {}) == "SELECT ?s {}"


@pytest.mark.parametrize(
    ("sparql", "word"),
    [
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "INSERT"),
        (
            "# SELECT\nBASE <http://x/> PREFIX insert: <http://y/> with <a:g> DELETE {} WHERE {}",
            "WITH",
        ),
        ("SELECT * { ?s ?p 'DROP ALL' }", None),
        ("PREFIX drop: <http://x/> SELECT ?drop { ?drop drop:all <http://x/CLEAR> }", None),
        ("DROPALL", None),
        ("", None),
    ],
)
def test_an_update_is_known_by_its_first_word(sparql: str, word: str | None) -> None:
    assert update_word(sparql) == word
