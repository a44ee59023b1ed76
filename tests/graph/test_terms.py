import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st

from graph import terms

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
LANGUAGES = st.sampled_from(["en", "en-GB", "zh-Hans", "de"])


def stored(*objects: str) -> list[str]:
    """What the engine holds and writes for objects that were given as N-Quads text."""
    store = ox.Store()
    lines = (f"<http://a/{i}> <http://p> {o} <http://g> .\n" for i, o in enumerate(objects))
    store.load("".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    quads = sorted(store, key=lambda q: str(q.subject))
    return [str(q.object) for q in quads]


@given(ANY_TEXT, LANGUAGES)
def test_text_comes_back_from_the_engine_as_it_was_written(value: str, language: str) -> None:
    written = [terms.text(value, language), terms.quoted(value), terms.text(value, None)]
    assert stored(*written) == written
    quads = ox.parse(f"<a:a> <a:p> {written[0]} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    assert next(iter(quads)).object == ox.Literal(value, language=language.lower())


def test_every_character_is_escaped_as_the_engine_does() -> None:
    for start in range(0, 0x30000, 0x1000):
        block = "".join(chr(c) for c in range(start, start + 0x1000) if not 0xD800 <= c < 0xE000)
        assert terms.quoted(block) == str(ox.Literal(block))


@given(st.floats(0, 1), st.integers(-(10**20), 10**20), st.decimals(-(10**12), 10**12, places=3))
def test_numbers_are_in_the_form_the_engine_keeps(real: float, whole: int, exact) -> None:
    written = [terms.decimal(round(real, 4)), terms.integer(whole), terms.decimal(exact)]
    assert stored(*written) == written


@pytest.mark.parametrize(
    ("value", "digits"), [(1.0, "1"), (0.5, "0.5"), (0.0, "0"), (-0.0, "0"), (1e-4, "0.0001")]
)
def test_decimals_have_no_superfluous_zeros(value: float, digits: str) -> None:
    assert terms.decimal(value).startswith(f'"{digits}"^^')


def test_dates_and_addresses_keep_their_form() -> None:
    written = [terms.typed("2030-12-31", "date"), terms.typed("https://a.b/c d", "anyURI")]
    assert stored(*written) == written


@given(ANY_TEXT)
@example('a%b[c]#d#e%20f|{}<>\\^`" \ue000\ufff0')
def test_any_foreign_iri_becomes_one_that_parses(rest: str) -> None:
    line = f"<a:a> <a:p> {terms.foreign_iri('https://example.org/' + rest)} ."
    (triple,) = ox.parse(line.encode(), format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(triple.object, ox.NamedNode)


def test_a_good_foreign_iri_is_not_touched() -> None:
    address = "https://example.org/a%20b/科技?x=1&y=(2)#c"
    assert terms.foreign_iri(address) == f"<{address}>"


def test_canonical_lines_are_sorted_as_bytes_and_unique() -> None:
    lines = ["b \U0001f600", "b \uffee", "a", "b \uffee"]
    expected = sorted({line.encode() for line in lines})
    assert terms.canonical(lines) == b"\n".join(expected) + b"\n"
    assert terms.canonical([]) == b""


@given(ANY_TEXT.filter(lambda s: "\x00" not in s), LANGUAGES)
def test_terms_survive_the_way_to_rdflib_and_back(value: str, language: str) -> None:
    for term in (
        ox.NamedNode("https://example.org/a"),
        ox.BlankNode("b1"),
        ox.Literal(value),
        ox.Literal(value, language=language.lower()),
        ox.Literal("007", datatype=ox.NamedNode(str(rdflib.XSD.integer))),
    ):
        assert terms.from_rdflib(terms.to_rdflib(term)) == term


def test_what_is_no_term_is_refused() -> None:
    triple = ox.Triple(ox.NamedNode("a:a"), ox.NamedNode("a:b"), ox.NamedNode("a:c"))
    with pytest.raises(TypeError):
        terms.to_rdflib(triple)
    with pytest.raises(TypeError):
        terms.from_rdflib(rdflib.Variable("x"))


def test_the_dataset_becomes_one_rdflib_graph() -> None:
    nquads = b'<a:a> <a:p> "x"@en <a:g> .\n<a:a> <a:p> "x"@en <a:h> .\n<a:b> <a:p> <a:c> <a:g> .\n'
    graph = terms.to_rdflib_graph(nquads)
    assert len(graph) == 2
    assert (rdflib.URIRef("a:a"), rdflib.URIRef("a:p"), rdflib.Literal("x", lang="en")) in graph
