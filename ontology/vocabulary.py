"""Names for the terms in use; a misspelt one fails at once.

Written by `python -m ontology.generate` from the Turtle files: do not edit.
Plain strings and no imports that cost time, since the command line starts with it.
"""

# ruff: noqa: N815

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

VERSION: Final = "0.1.0"

PREFIXES: Final[Mapping[str, str]] = {
    "scip": "https://w3id.org/scipol/ns#",
    "bibo": "http://purl.org/ontology/bibo/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class SCIP:
    """The classes and properties of Scipol."""

    Actor: Final = "https://w3id.org/scipol/ns#Actor"
    ActorGroup: Final = "https://w3id.org/scipol/ns#ActorGroup"
    Assertion: Final = "https://w3id.org/scipol/ns#Assertion"
    Claim: Final = "https://w3id.org/scipol/ns#Claim"
    Classification: Final = "https://w3id.org/scipol/ns#Classification"
    Country: Final = "https://w3id.org/scipol/ns#Country"
    Document: Final = "https://w3id.org/scipol/ns#Document"
    Event: Final = "https://w3id.org/scipol/ns#Event"
    EvidenceSpan: Final = "https://w3id.org/scipol/ns#EvidenceSpan"
    ExtractionRun: Final = "https://w3id.org/scipol/ns#ExtractionRun"
    Goal: Final = "https://w3id.org/scipol/ns#Goal"
    Instrument: Final = "https://w3id.org/scipol/ns#Instrument"
    Organization: Final = "https://w3id.org/scipol/ns#Organization"
    Person: Final = "https://w3id.org/scipol/ns#Person"
    Place: Final = "https://w3id.org/scipol/ns#Place"
    PolicyElement: Final = "https://w3id.org/scipol/ns#PolicyElement"
    Post: Final = "https://w3id.org/scipol/ns#Post"
    Quantity: Final = "https://w3id.org/scipol/ns#Quantity"
    Review: Final = "https://w3id.org/scipol/ns#Review"
    Statement: Final = "https://w3id.org/scipol/ns#Statement"
    Target: Final = "https://w3id.org/scipol/ns#Target"
    Tenure: Final = "https://w3id.org/scipol/ns#Tenure"
    TextVersion: Final = "https://w3id.org/scipol/ns#TextVersion"
    addressedBy: Final = "https://w3id.org/scipol/ns#addressedBy"
    addressee: Final = "https://w3id.org/scipol/ns#addressee"
    asOf: Final = "https://w3id.org/scipol/ns#asOf"
    attribution: Final = "https://w3id.org/scipol/ns#attribution"
    baselineValue: Final = "https://w3id.org/scipol/ns#baselineValue"
    beneficiary: Final = "https://w3id.org/scipol/ns#beneficiary"
    benefitsFrom: Final = "https://w3id.org/scipol/ns#benefitsFrom"
    budget: Final = "https://w3id.org/scipol/ns#budget"
    charCount: Final = "https://w3id.org/scipol/ns#charCount"
    claimLiteral: Final = "https://w3id.org/scipol/ns#claimLiteral"
    claimObject: Final = "https://w3id.org/scipol/ns#claimObject"
    claimPredicate: Final = "https://w3id.org/scipol/ns#claimPredicate"
    claimSubject: Final = "https://w3id.org/scipol/ns#claimSubject"
    classifiedAs: Final = "https://w3id.org/scipol/ns#classifiedAs"
    classifies: Final = "https://w3id.org/scipol/ns#classifies"
    codeRevision: Final = "https://w3id.org/scipol/ns#codeRevision"
    comparator: Final = "https://w3id.org/scipol/ns#comparator"
    confidence: Final = "https://w3id.org/scipol/ns#confidence"
    content: Final = "https://w3id.org/scipol/ns#content"
    contentOf: Final = "https://w3id.org/scipol/ns#contentOf"
    datePrecision: Final = "https://w3id.org/scipol/ns#datePrecision"
    deadline: Final = "https://w3id.org/scipol/ns#deadline"
    deadlineText: Final = "https://w3id.org/scipol/ns#deadlineText"
    decision: Final = "https://w3id.org/scipol/ns#decision"
    end: Final = "https://w3id.org/scipol/ns#end"
    endDate: Final = "https://w3id.org/scipol/ns#endDate"
    evidence: Final = "https://w3id.org/scipol/ns#evidence"
    evidenceFor: Final = "https://w3id.org/scipol/ns#evidenceFor"
    field: Final = "https://w3id.org/scipol/ns#field"
    filledIn: Final = "https://w3id.org/scipol/ns#filledIn"
    fillsPost: Final = "https://w3id.org/scipol/ns#fillsPost"
    fundedBy: Final = "https://w3id.org/scipol/ns#fundedBy"
    funds: Final = "https://w3id.org/scipol/ns#funds"
    hasMember: Final = "https://w3id.org/scipol/ns#hasMember"
    hasPart: Final = "https://w3id.org/scipol/ns#hasPart"
    hasPost: Final = "https://w3id.org/scipol/ns#hasPost"
    hasSpan: Final = "https://w3id.org/scipol/ns#hasSpan"
    hasSubGoal: Final = "https://w3id.org/scipol/ns#hasSubGoal"
    hasTenure: Final = "https://w3id.org/scipol/ns#hasTenure"
    hasTranslation: Final = "https://w3id.org/scipol/ns#hasTranslation"
    hasVersion: Final = "https://w3id.org/scipol/ns#hasVersion"
    holder: Final = "https://w3id.org/scipol/ns#holder"
    implementedBy: Final = "https://w3id.org/scipol/ns#implementedBy"
    implements: Final = "https://w3id.org/scipol/ns#implements"
    inCapacityOf: Final = "https://w3id.org/scipol/ns#inCapacityOf"
    inVersion: Final = "https://w3id.org/scipol/ns#inVersion"
    instrumentType: Final = "https://w3id.org/scipol/ns#instrumentType"
    isoCode: Final = "https://w3id.org/scipol/ns#isoCode"
    issuedIn: Final = "https://w3id.org/scipol/ns#issuedIn"
    jurisdiction: Final = "https://w3id.org/scipol/ns#jurisdiction"
    kind: Final = "https://w3id.org/scipol/ns#kind"
    lifecycle: Final = "https://w3id.org/scipol/ns#lifecycle"
    location: Final = "https://w3id.org/scipol/ns#location"
    madeAt: Final = "https://w3id.org/scipol/ns#madeAt"
    makesStatement: Final = "https://w3id.org/scipol/ns#makesStatement"
    maxValue: Final = "https://w3id.org/scipol/ns#maxValue"
    memberOf: Final = "https://w3id.org/scipol/ns#memberOf"
    mentionedIn: Final = "https://w3id.org/scipol/ns#mentionedIn"
    mentions: Final = "https://w3id.org/scipol/ns#mentions"
    metric: Final = "https://w3id.org/scipol/ns#metric"
    minValue: Final = "https://w3id.org/scipol/ns#minValue"
    modality: Final = "https://w3id.org/scipol/ns#modality"
    model: Final = "https://w3id.org/scipol/ns#model"
    organizer: Final = "https://w3id.org/scipol/ns#organizer"
    organizes: Final = "https://w3id.org/scipol/ns#organizes"
    partOf: Final = "https://w3id.org/scipol/ns#partOf"
    participant: Final = "https://w3id.org/scipol/ns#participant"
    participatesIn: Final = "https://w3id.org/scipol/ns#participatesIn"
    partnerOf: Final = "https://w3id.org/scipol/ns#partnerOf"
    postIn: Final = "https://w3id.org/scipol/ns#postIn"
    promptHash: Final = "https://w3id.org/scipol/ns#promptHash"
    quantity: Final = "https://w3id.org/scipol/ns#quantity"
    quantityText: Final = "https://w3id.org/scipol/ns#quantityText"
    quote: Final = "https://w3id.org/scipol/ns#quote"
    replacement: Final = "https://w3id.org/scipol/ns#replacement"
    reportedBy: Final = "https://w3id.org/scipol/ns#reportedBy"
    reportsOn: Final = "https://w3id.org/scipol/ns#reportsOn"
    retrievedOn: Final = "https://w3id.org/scipol/ns#retrievedOn"
    reviewedIn: Final = "https://w3id.org/scipol/ns#reviewedIn"
    reviews: Final = "https://w3id.org/scipol/ns#reviews"
    servedBy: Final = "https://w3id.org/scipol/ns#servedBy"
    servesGoal: Final = "https://w3id.org/scipol/ns#servesGoal"
    setOutIn: Final = "https://w3id.org/scipol/ns#setOutIn"
    setsOut: Final = "https://w3id.org/scipol/ns#setsOut"
    sha256: Final = "https://w3id.org/scipol/ns#sha256"
    sourceUrl: Final = "https://w3id.org/scipol/ns#sourceUrl"
    speaker: Final = "https://w3id.org/scipol/ns#speaker"
    start: Final = "https://w3id.org/scipol/ns#start"
    startDate: Final = "https://w3id.org/scipol/ns#startDate"
    statedOn: Final = "https://w3id.org/scipol/ns#statedOn"
    status: Final = "https://w3id.org/scipol/ns#status"
    subGoalOf: Final = "https://w3id.org/scipol/ns#subGoalOf"
    succeededBy: Final = "https://w3id.org/scipol/ns#succeededBy"
    succeeds: Final = "https://w3id.org/scipol/ns#succeeds"
    targetValue: Final = "https://w3id.org/scipol/ns#targetValue"
    theme: Final = "https://w3id.org/scipol/ns#theme"
    translationOf: Final = "https://w3id.org/scipol/ns#translationOf"
    unit: Final = "https://w3id.org/scipol/ns#unit"
    value: Final = "https://w3id.org/scipol/ns#value"
    versionOf: Final = "https://w3id.org/scipol/ns#versionOf"


class BIBO:
    """What is used of http://purl.org/ontology/bibo/."""

    status: Final = "http://purl.org/ontology/bibo/status"


class DCT:
    """What is used of http://purl.org/dc/terms/."""

    bibliographicCitation: Final = "http://purl.org/dc/terms/bibliographicCitation"
    created: Final = "http://purl.org/dc/terms/created"
    creator: Final = "http://purl.org/dc/terms/creator"
    description: Final = "http://purl.org/dc/terms/description"
    format: Final = "http://purl.org/dc/terms/format"
    hasPart: Final = "http://purl.org/dc/terms/hasPart"
    identifier: Final = "http://purl.org/dc/terms/identifier"
    isPartOf: Final = "http://purl.org/dc/terms/isPartOf"
    isReplacedBy: Final = "http://purl.org/dc/terms/isReplacedBy"
    issued: Final = "http://purl.org/dc/terms/issued"
    language: Final = "http://purl.org/dc/terms/language"
    license: Final = "http://purl.org/dc/terms/license"
    modified: Final = "http://purl.org/dc/terms/modified"
    publisher: Final = "http://purl.org/dc/terms/publisher"
    replaces: Final = "http://purl.org/dc/terms/replaces"
    source: Final = "http://purl.org/dc/terms/source"
    subject: Final = "http://purl.org/dc/terms/subject"
    title: Final = "http://purl.org/dc/terms/title"
    type: Final = "http://purl.org/dc/terms/type"


class FOAF:
    """What is used of http://xmlns.com/foaf/0.1/."""

    Agent: Final = "http://xmlns.com/foaf/0.1/Agent"
    Document: Final = "http://xmlns.com/foaf/0.1/Document"
    Group: Final = "http://xmlns.com/foaf/0.1/Group"
    Person: Final = "http://xmlns.com/foaf/0.1/Person"
    name: Final = "http://xmlns.com/foaf/0.1/name"


class ORG:
    """What is used of http://www.w3.org/ns/org#."""

    Membership: Final = "http://www.w3.org/ns/org#Membership"
    Organization: Final = "http://www.w3.org/ns/org#Organization"
    Post: Final = "http://www.w3.org/ns/org#Post"
    member: Final = "http://www.w3.org/ns/org#member"
    postIn: Final = "http://www.w3.org/ns/org#postIn"


class OWL:
    """What is used of http://www.w3.org/2002/07/owl#."""

    Class: Final = "http://www.w3.org/2002/07/owl#Class"
    DatatypeProperty: Final = "http://www.w3.org/2002/07/owl#DatatypeProperty"
    ObjectProperty: Final = "http://www.w3.org/2002/07/owl#ObjectProperty"
    Ontology: Final = "http://www.w3.org/2002/07/owl#Ontology"
    deprecated: Final = "http://www.w3.org/2002/07/owl#deprecated"
    inverseOf: Final = "http://www.w3.org/2002/07/owl#inverseOf"
    sameAs: Final = "http://www.w3.org/2002/07/owl#sameAs"
    versionIRI: Final = "http://www.w3.org/2002/07/owl#versionIRI"
    versionInfo: Final = "http://www.w3.org/2002/07/owl#versionInfo"


class PROV:
    """What is used of http://www.w3.org/ns/prov#."""

    Activity: Final = "http://www.w3.org/ns/prov#Activity"
    Agent: Final = "http://www.w3.org/ns/prov#Agent"
    Entity: Final = "http://www.w3.org/ns/prov#Entity"
    SoftwareAgent: Final = "http://www.w3.org/ns/prov#SoftwareAgent"
    endedAtTime: Final = "http://www.w3.org/ns/prov#endedAtTime"
    generatedAtTime: Final = "http://www.w3.org/ns/prov#generatedAtTime"
    specializationOf: Final = "http://www.w3.org/ns/prov#specializationOf"
    startedAtTime: Final = "http://www.w3.org/ns/prov#startedAtTime"
    used: Final = "http://www.w3.org/ns/prov#used"
    wasAssociatedWith: Final = "http://www.w3.org/ns/prov#wasAssociatedWith"
    wasAttributedTo: Final = "http://www.w3.org/ns/prov#wasAttributedTo"
    wasDerivedFrom: Final = "http://www.w3.org/ns/prov#wasDerivedFrom"
    wasGeneratedBy: Final = "http://www.w3.org/ns/prov#wasGeneratedBy"
    wasInformedBy: Final = "http://www.w3.org/ns/prov#wasInformedBy"
    wasRevisionOf: Final = "http://www.w3.org/ns/prov#wasRevisionOf"


class RDF:
    """What is used of http://www.w3.org/1999/02/22-rdf-syntax-ns#."""

    langString: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
    type: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class RDFS:
    """What is used of http://www.w3.org/2000/01/rdf-schema#."""

    comment: Final = "http://www.w3.org/2000/01/rdf-schema#comment"
    domain: Final = "http://www.w3.org/2000/01/rdf-schema#domain"
    isDefinedBy: Final = "http://www.w3.org/2000/01/rdf-schema#isDefinedBy"
    label: Final = "http://www.w3.org/2000/01/rdf-schema#label"
    range: Final = "http://www.w3.org/2000/01/rdf-schema#range"
    seeAlso: Final = "http://www.w3.org/2000/01/rdf-schema#seeAlso"
    subClassOf: Final = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
    subPropertyOf: Final = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf"


class SCHEMA:
    """What is used of https://schema.org/."""

    Country: Final = "https://schema.org/Country"
    Event: Final = "https://schema.org/Event"
    sameAs: Final = "https://schema.org/sameAs"
    softwareVersion: Final = "https://schema.org/softwareVersion"
    url: Final = "https://schema.org/url"


class SKOS:
    """What is used of http://www.w3.org/2004/02/skos/core#."""

    Concept: Final = "http://www.w3.org/2004/02/skos/core#Concept"
    ConceptScheme: Final = "http://www.w3.org/2004/02/skos/core#ConceptScheme"
    altLabel: Final = "http://www.w3.org/2004/02/skos/core#altLabel"
    broadMatch: Final = "http://www.w3.org/2004/02/skos/core#broadMatch"
    broader: Final = "http://www.w3.org/2004/02/skos/core#broader"
    closeMatch: Final = "http://www.w3.org/2004/02/skos/core#closeMatch"
    definition: Final = "http://www.w3.org/2004/02/skos/core#definition"
    editorialNote: Final = "http://www.w3.org/2004/02/skos/core#editorialNote"
    exactMatch: Final = "http://www.w3.org/2004/02/skos/core#exactMatch"
    example: Final = "http://www.w3.org/2004/02/skos/core#example"
    hasTopConcept: Final = "http://www.w3.org/2004/02/skos/core#hasTopConcept"
    hiddenLabel: Final = "http://www.w3.org/2004/02/skos/core#hiddenLabel"
    inScheme: Final = "http://www.w3.org/2004/02/skos/core#inScheme"
    narrowMatch: Final = "http://www.w3.org/2004/02/skos/core#narrowMatch"
    narrower: Final = "http://www.w3.org/2004/02/skos/core#narrower"
    notation: Final = "http://www.w3.org/2004/02/skos/core#notation"
    note: Final = "http://www.w3.org/2004/02/skos/core#note"
    prefLabel: Final = "http://www.w3.org/2004/02/skos/core#prefLabel"
    related: Final = "http://www.w3.org/2004/02/skos/core#related"
    relatedMatch: Final = "http://www.w3.org/2004/02/skos/core#relatedMatch"
    scopeNote: Final = "http://www.w3.org/2004/02/skos/core#scopeNote"
    topConceptOf: Final = "http://www.w3.org/2004/02/skos/core#topConceptOf"


class VOID:
    """What is used of http://rdfs.org/ns/void#."""

    Dataset: Final = "http://rdfs.org/ns/void#Dataset"
    Linkset: Final = "http://rdfs.org/ns/void#Linkset"
    classPartition: Final = "http://rdfs.org/ns/void#classPartition"
    classes: Final = "http://rdfs.org/ns/void#classes"
    dataDump: Final = "http://rdfs.org/ns/void#dataDump"
    distinctObjects: Final = "http://rdfs.org/ns/void#distinctObjects"
    distinctSubjects: Final = "http://rdfs.org/ns/void#distinctSubjects"
    entities: Final = "http://rdfs.org/ns/void#entities"
    exampleResource: Final = "http://rdfs.org/ns/void#exampleResource"
    properties: Final = "http://rdfs.org/ns/void#properties"
    property: Final = "http://rdfs.org/ns/void#property"
    propertyPartition: Final = "http://rdfs.org/ns/void#propertyPartition"
    sparqlEndpoint: Final = "http://rdfs.org/ns/void#sparqlEndpoint"
    triples: Final = "http://rdfs.org/ns/void#triples"
    uriSpace: Final = "http://rdfs.org/ns/void#uriSpace"
    vocabulary: Final = "http://rdfs.org/ns/void#vocabulary"


class XSD:
    """What is used of http://www.w3.org/2001/XMLSchema#."""

    anyURI: Final = "http://www.w3.org/2001/XMLSchema#anyURI"
    boolean: Final = "http://www.w3.org/2001/XMLSchema#boolean"
    date: Final = "http://www.w3.org/2001/XMLSchema#date"
    dateTime: Final = "http://www.w3.org/2001/XMLSchema#dateTime"
    decimal: Final = "http://www.w3.org/2001/XMLSchema#decimal"
    double: Final = "http://www.w3.org/2001/XMLSchema#double"
    gYear: Final = "http://www.w3.org/2001/XMLSchema#gYear"
    integer: Final = "http://www.w3.org/2001/XMLSchema#integer"
    nonNegativeInteger: Final = "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"
    string: Final = "http://www.w3.org/2001/XMLSchema#string"


_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "attribution": (
        "metonymy",
        "narrator",
        "paraphrase",
        "verbatim",
    ),
    "comparator": (
        "about",
        "at-least",
        "at-most",
        "equals",
        "increase-by",
        "multiply-by",
        "reach-rank",
        "reduce-by",
    ),
    "decision": (
        "accept",
        "amend",
        "reject",
    ),
    "doc-kind": (
        "agreement",
        "article",
        "book",
        "budget",
        "executive-order",
        "fact-sheet",
        "guidance",
        "law",
        "news",
        "official-document",
        "opinion",
        "press-release",
        "report",
        "speech",
        "statement",
        "strategy",
        "web-page",
    ),
    "event-kind": (
        "adoption",
        "award-ceremony",
        "celebration",
        "conference",
        "crisis",
        "election",
        "hearing",
        "launch",
        "meeting",
        "protest",
        "speech",
        "study-session",
        "summit",
        "visit",
    ),
    "field": (
        "advanced-manufacturing",
        "ageing-research",
        "agricultural-veterinary-sciences",
        "animal-science",
        "applied-research",
        "artificial-intelligence",
        "astronomy",
        "basic-research",
        "batteries",
        "biodiversity-research",
        "biology",
        "biotechnology",
        "cancer-research",
        "chemical-engineering",
        "chemistry",
        "civil-engineering",
        "clean-energy",
        "climate-science",
        "communication-networks",
        "computer-science",
        "critical-minerals",
        "cybersecurity",
        "data-science",
        "defence-technology",
        "earth-sciences",
        "economics",
        "education-research",
        "electronics",
        "energy-technology",
        "engineering-technology",
        "experimental-development",
        "food-science",
        "forestry",
        "fusion-energy",
        "genomics",
        "high-performance-computing",
        "history-archaeology",
        "humanities-arts",
        "hydrogen",
        "infectious-diseases",
        "languages-literature",
        "materials-science",
        "mathematics",
        "medical-health-sciences",
        "medical-technology",
        "nanotechnology",
        "natural-sciences",
        "neuroscience",
        "nuclear-energy",
        "ocean-science",
        "particle-physics",
        "pharmaceuticals",
        "philosophy-ethics",
        "physics",
        "plant-science",
        "polar-research",
        "political-science",
        "psychology",
        "public-health",
        "quantum-technology",
        "research-type",
        "robotics",
        "science-studies",
        "semiconductors",
        "social-sciences",
        "sociology",
        "software",
        "space",
        "transport-technology",
    ),
    "instrument-type": (
        "collaborative-infrastructure",
        "direct-financial",
        "governance",
        "guidance-regulation",
        "indirect-financial",
        "pi006",
        "pi007",
        "pi008",
        "pi009",
        "pi010",
        "pi011",
        "pi012",
        "pi013",
        "pi014",
        "pi015",
        "pi016",
        "pi017",
        "pi018",
        "pi019",
        "pi020",
        "pi021",
        "pi022",
        "pi023",
        "pi024",
        "pi025",
        "pi026",
        "pi027",
        "pi028",
        "pi029",
        "pi030",
        "pi031",
        "pi032",
        "pi033",
        "x-international-agreement",
        "x-national-programme",
        "x-research-security-control",
        "x-talent-recruitment",
        "x-unspecified-support",
    ),
    "lifecycle": (
        "abandoned",
        "adopted",
        "ended",
        "planned",
        "proposed",
        "running",
    ),
    "metric": (
        "basic-research-share",
        "business-rd",
        "capacity",
        "citations",
        "doctoral-graduates",
        "emissions",
        "gerd-gdp",
        "high-tech-share",
        "international-rank",
        "jobs",
        "market-share",
        "open-access-share",
        "patents",
        "public-rd-budget",
        "publications",
        "rd-expenditure",
        "rd-personnel",
        "researchers",
        "start-ups",
        "stem-graduates",
        "women-researchers-share",
    ),
    "modality": (
        "adopts",
        "announces",
        "assertive",
        "assesses",
        "calls-for",
        "carries-out",
        "commissive",
        "commits-to",
        "criticises",
        "declarative",
        "directive",
        "endorses",
        "finds",
        "highlights",
        "launches",
        "opposes",
        "orders",
        "plans",
        "pledges",
        "prohibits",
        "recommends",
        "reports",
        "requires",
        "urges",
        "warns-against",
        "welcomes",
    ),
    "org-kind": (
        "academy",
        "advisory-body",
        "agency",
        "business-association",
        "company",
        "consortium",
        "coordination-body",
        "court",
        "foundation",
        "funder",
        "government-body",
        "higher-education",
        "hospital",
        "international-organisation",
        "investor",
        "laboratory",
        "media",
        "memory-institution",
        "military",
        "ministry",
        "ngo",
        "parliament",
        "parliamentary-committee",
        "party",
        "party-organ",
        "publisher",
        "regulator",
        "research-institute",
        "state-owned-enterprise",
        "subnational-government",
        "supranational-body",
        "think-tank",
        "trade-union",
        "university",
    ),
    "policy-mode": (
        "authority",
        "carrots",
        "hood",
        "nodality",
        "organisation",
        "sermons",
        "sticks",
        "treasure",
        "vedung",
    ),
    "status": (
        "accepted",
        "candidate",
        "rejected",
        "superseded",
    ),
    "target-group": (
        "economic-actors",
        "firms",
        "firms-by-age",
        "firms-by-size",
        "governmental-entities",
        "intermediaries",
        "research-education-organisations",
        "researchers-students-teachers",
        "social-groups",
        "tg10",
        "tg11",
        "tg12",
        "tg13",
        "tg14",
        "tg15",
        "tg16",
        "tg17",
        "tg18",
        "tg19",
        "tg20",
        "tg21",
        "tg22",
        "tg23",
        "tg24",
        "tg25",
        "tg26",
        "tg27",
        "tg28",
        "tg29",
        "tg30",
        "tg31",
        "tg32",
        "tg33",
        "tg34",
        "tg35",
        "tg36",
        "tg37",
        "tg38",
        "tg40",
        "tg41",
        "tg42",
        "tg9",
    ),
    "theme": (
        "business-innovation",
        "emerging-technologies",
        "governance",
        "human-resources",
        "knowledge-exchange",
        "net-zero-transitions",
        "open-science",
        "public-research-system",
        "research-for-society",
        "th109",
        "th13",
        "th18",
        "th19",
        "th20",
        "th22",
        "th23",
        "th24",
        "th25",
        "th26",
        "th51",
        "th52",
        "th53",
        "th55",
        "th9",
        "th91",
    ),
    "unit": (
        "bytes",
        "count",
        "countries",
        "days",
        "factor",
        "flops",
        "hectares",
        "metres",
        "months",
        "organizations",
        "percent",
        "percentage-point",
        "persons",
        "physical",
        "qubits",
        "rank",
        "ratio",
        "time",
        "tonnes",
        "unnamed-currency",
        "watts",
        "weeks",
        "years",
    ),
}


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
