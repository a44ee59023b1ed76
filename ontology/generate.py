"""Writes `vocabulary.py` and `context.jsonld` from the Turtle files: `python -m ontology.generate`.

The same files give the same bytes: no clock, no order of chance.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from rdflib import OWL as _OWL
from rdflib import RDF as _RDF
from rdflib import RDFS as _RDFS
from rdflib import SKOS as _SKOS
from rdflib import Graph, URIRef

from ontology.files import CONTEXT, ONTOLOGY, load, scheme_files

SCIP = "https://w3id.org/scipol/ns#"
VOC = "https://w3id.org/scipol/voc/"

# Terms of other vocabularies that the data use. The list is closed: what is missing is added here.
REUSED: Mapping[str, tuple[str, str]] = {
    "BIBO": ("http://purl.org/ontology/bibo/", "status"),
    "DCT": (
        "http://purl.org/dc/terms/",
        "bibliographicCitation created creator description format hasPart identifier isPartOf "
        "isReplacedBy issued language license modified publisher replaces source subject title "
        "type",
    ),
    "FOAF": ("http://xmlns.com/foaf/0.1/", "Agent Document Group Person name"),
    "ORG": ("http://www.w3.org/ns/org#", "Membership Organization Post member postIn"),
    "OWL": (
        "http://www.w3.org/2002/07/owl#",
        "Class DatatypeProperty ObjectProperty Ontology deprecated inverseOf sameAs versionIRI "
        "versionInfo",
    ),
    "PROV": (
        "http://www.w3.org/ns/prov#",
        "Activity Agent Entity SoftwareAgent endedAtTime generatedAtTime specializationOf "
        "startedAtTime used wasAssociatedWith wasAttributedTo wasDerivedFrom wasGeneratedBy "
        "wasInformedBy wasRevisionOf",
    ),
    "RDF": ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "langString type"),
    "RDFS": (
        "http://www.w3.org/2000/01/rdf-schema#",
        "comment domain isDefinedBy label range seeAlso subClassOf subPropertyOf",
    ),
    "SCHEMA": ("https://schema.org/", "Country Event sameAs softwareVersion url"),
    "SKOS": (
        "http://www.w3.org/2004/02/skos/core#",
        "Concept ConceptScheme altLabel broadMatch broader closeMatch definition editorialNote "
        "exactMatch example hasTopConcept hiddenLabel inScheme narrowMatch narrower notation note "
        "prefLabel related relatedMatch scopeNote topConceptOf",
    ),
    "VOID": (
        "http://rdfs.org/ns/void#",
        "Dataset Linkset classPartition classes dataDump distinctObjects distinctSubjects "
        "entities exampleResource properties property propertyPartition sparqlEndpoint triples "
        "uriSpace vocabulary",
    ),
    "XSD": (
        "http://www.w3.org/2001/XMLSchema#",
        "anyURI boolean date dateTime decimal double gYear integer nonNegativeInteger string",
    ),
}

_TERM_TYPES = (_OWL.Class, _OWL.ObjectProperty, _OWL.DatatypeProperty)


def terms(graph: Graph) -> tuple[str, ...]:
    """Local names of the classes and properties that the ontology defines, sorted."""
    found = {str(s) for kind in _TERM_TYPES for s in graph.subjects(_RDF.type, kind)}
    return tuple(sorted(iri.removeprefix(SCIP) for iri in found if iri.startswith(SCIP)))


def codes() -> dict[str, tuple[str, ...]]:
    """Scheme code -> codes of its concepts, both sorted."""
    found = {}
    for name in scheme_files():
        scheme = name.removeprefix("schemes/").removesuffix(".ttl")
        base = f"{VOC}{scheme}/"
        concepts = load(name).subjects(_RDF.type, _SKOS.Concept)
        found[scheme] = tuple(sorted(str(c).removeprefix(base) for c in concepts))
    return found


def _class(name: str, docstring: str, namespace: str, names: Iterable[str]) -> str:
    lines = [f"class {name}:", f'    """{docstring}"""', ""]
    lines += [f'    {n}: Final = "{namespace}{n}"' for n in names]
    return "\n".join(lines)


def vocabulary_source() -> str:
    """The text of `vocabulary.py`."""
    graph = load(ONTOLOGY)
    prefixes = {"scip": SCIP} | {n.lower(): ns for n, (ns, _) in sorted(REUSED.items())}
    parts = [
        '"""Names for the terms in use; a misspelt one fails at once.\n\n'
        "Written by `python -m ontology.generate` from the Turtle files: do not edit.\n"
        "Plain strings and no imports that cost time, since the command line starts with it.\n"
        '"""',
        "# ruff: noqa: N815",
        "from __future__ import annotations\n\n"
        "from collections.abc import Mapping\n"
        "from typing import Final",
        f'VERSION: Final = "{graph.value(URIRef(SCIP[:-1]), _OWL.versionInfo)}"',
        "PREFIXES: Final[Mapping[str, str]] = {\n"
        + "".join(f'    "{k}": "{v}",\n' for k, v in prefixes.items())
        + "}",
    ]
    classes = [_class("SCIP", "The classes and properties of Scipol.", SCIP, terms(graph))]
    for name, (namespace, names) in sorted(REUSED.items()):
        docstring = f"What is used of {namespace}."
        classes.append(_class(name, docstring, namespace, names.split()))
    table = "_CODES: Final[Mapping[str, tuple[str, ...]]] = {\n"
    for scheme, concepts in codes().items():
        table += (
            f'    "{scheme}": (\n' + "".join(f'        "{c}",\n' for c in concepts) + "    ),\n"
        )
    return (
        "\n\n".join(parts)
        + "\n\n\n"
        + "\n\n\n".join(classes)
        + "\n\n\n"
        + table
        + "}\n\n\n"
        + _LOOKUP
    )


_LOOKUP = '''\
class _Concepts:
    """Looks up the concepts of the schemes by their codes."""

    namespace: Final = "https://w3id.org/scipol/voc/"

    def __call__(self, scheme: str, code: str) -> str:
        """IRI of a concept: `VOC("modality", "calls-for")`.

        Raises KeyError, with near names, where there is no such scheme or concept.
        """
        if code not in self.codes(scheme):
            raise KeyError(f"no concept {code!r} in {scheme!r}{_near(code, self.codes(scheme))}")
        return f"{self.namespace}{scheme}/{code}"

    def scheme(self, scheme: str) -> str:
        """IRI of a scheme. Raises KeyError, with near names, where there is none."""
        self.codes(scheme)
        return f"{self.namespace}{scheme}"

    def codes(self, scheme: str) -> tuple[str, ...]:
        """Codes of the concepts of a scheme, sorted. Raises KeyError where there is none."""
        if scheme not in _CODES:
            raise KeyError(f"no scheme {scheme!r}{_near(scheme, self.schemes)}")
        return _CODES[scheme]

    @property
    def schemes(self) -> tuple[str, ...]:
        """Codes of all schemes, sorted."""
        return tuple(_CODES)


def _near(name: str, names: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, names, n=3, cutoff=0.5)
    return f"; near: {', '.join(near)}" if near else ""


VOC: Final = _Concepts()
'''


def context_source() -> str:
    """The text of `context.jsonld`: short names for the terms, with their types."""
    graph = load(ONTOLOGY)
    context: dict[str, object] = {"id": "@id", "type": "@type", "scip": SCIP, "voc": VOC}
    context |= {name.lower(): namespace for name, (namespace, _) in sorted(REUSED.items())}
    for name in terms(graph):
        term = URIRef(SCIP + name)
        if (term, _RDF.type, _OWL.ObjectProperty) in graph:
            context[name] = {"@id": f"scip:{name}", "@type": "@id"}
        elif datatype := _datatype(graph, term):
            context[name] = {"@id": f"scip:{name}", "@type": datatype}
        else:
            context[name] = f"scip:{name}"
    for name in ("prefLabel", "altLabel", "definition"):
        context[name] = {"@id": f"skos:{name}", "@container": "@language"}
    context |= {
        "title": "dct:title",
        "issued": {"@id": "dct:issued", "@type": "xsd:date"},
        "language": "dct:language",
        "publisher": {"@id": "dct:publisher", "@type": "@id"},
        "creator": {"@id": "dct:creator", "@type": "@id"},
        "sameAs": {"@id": "schema:sameAs", "@type": "@id"},
        "wasGeneratedBy": {"@id": "prov:wasGeneratedBy", "@type": "@id"},
    }
    return json.dumps({"@context": context}, indent=2, ensure_ascii=False) + "\n"


# The ontology gives no range where a reasoner would refuse it (xsd:date).
_DATES = ("startDate", "endDate", "deadline", "asOf", "statedOn")


def _datatype(graph: Graph, term: URIRef) -> str | None:
    if str(term).removeprefix(SCIP) in _DATES:
        return "xsd:date"
    found = graph.value(term, _RDFS.range)
    xsd = REUSED["XSD"][0]
    if found is None or not str(found).startswith(xsd) or str(found) == f"{xsd}string":
        return None
    return "xsd:" + str(found).removeprefix(xsd)


def main() -> None:
    """Writes both files beside the Turtle."""
    folder = Path(__file__).parent
    (folder / "vocabulary.py").write_text(vocabulary_source(), encoding="utf-8")
    (folder / CONTEXT).write_text(context_source(), encoding="utf-8")


if __name__ == "__main__":
    main()
