"""Point queries as the tools of an analyst send them, the same text to every server.

Each asks for one thing that is different every time, declares its prefixes, and selects what a page
or a table shows. They come over one connection that stays open, as a form, as SPARQLWrapper,
rdflib's SPARQLStore and web pages send longer queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ontology.vocabulary import PREFIXES
from tests.bench import quads

PREFIXED = f"PREFIX scip: <{PREFIXES['scip']}>\nPREFIX skos: <{PREFIXES['skos']}>\n"


def label(number: int, size: int) -> str:
    """What a thing is called."""
    return PREFIXED + f"SELECT ?label {{ <{quads.thing(number * 7907)}> skos:prefLabel ?label }}"


def facts(number: int, size: int) -> str:
    """All that is stored of a statement."""
    node = quads.statement(_any(number, size))
    return PREFIXED + (
        f"SELECT ?property ?value {{ <{node}> ?property ?value }} ORDER BY ?property ?value"
    )


def evidence(number: int, size: int) -> str:
    """Where a statement is written, in which words, and how sure that is."""
    node = quads.statement(_any(number, size))
    return PREFIXED + (
        f"SELECT ?quote ?text ?start ?confidence {{ <{node}> scip:evidence ?span ; "
        "scip:confidence ?confidence . ?span scip:quote ?quote ; scip:inVersion ?text ; "
        "scip:start ?start }"
    )


def speaker(number: int, size: int) -> str:
    """What somebody says: on what, how, in which words."""
    who = quads.speaker_of(_any(number, size))
    return PREFIXED + (
        f"SELECT ?statement ?modality ?label ?quote {{ ?statement scip:speaker <{who}> ; "
        "scip:modality ?modality ; scip:content ?content ; scip:evidence/scip:quote ?quote . "
        "?content skos:prefLabel ?label } LIMIT 50"
    )


def said_of(number: int, size: int) -> str:
    """What is said of a thing, by whom, in which words."""
    what = quads.content_of(_any(number, size))
    return PREFIXED + (
        f"SELECT ?s ?who ?label ?quote {{ ?s scip:content <{what}> ; scip:speaker ?who ; "
        "scip:evidence/scip:quote ?quote . ?who skos:prefLabel ?label } LIMIT 50"
    )


def _any(number: int, size: int) -> int:
    """A statement of a dataset of so many quads, another one for each number."""
    return number * 7907 % quads.statements_in(size)


KINDS: Mapping[str, Callable[[int, int], str]] = {
    "label of a thing": label,
    "facts of a statement": facts,
    "evidence of a statement": evidence,
    "statements of a speaker": speaker,
    "what is said of a thing": said_of,
}
