"""The shipped authority list, its loading, and the mappings beside it."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import SKOS

from graph.authority import Authority, Surface, load_authority, read_authority
from graph.errors import DataError
from graph.identifiers import concept_iri, normalise
from graph.resources import data_path

SCHEMES = Path(__file__).parents[2] / "ontology" / "schemes"
REQUIRED_COLUMNS = {
    "subject_id",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "confidence",
    "author_id",
}


@pytest.fixture(scope="module")
def authority() -> Authority:
    return load_authority()


@pytest.fixture(scope="module")
def surfaces(authority: Authority) -> dict[str, list[Surface]]:
    found: dict[str, list[Surface]] = {}
    for surface in authority.surfaces():
        found.setdefault(surface.text, []).append(surface)
    return found


def scheme(name: str) -> rdflib.Graph:
    return rdflib.Graph().parse(SCHEMES / f"{name}.ttl")


def mapping_rows() -> list[tuple[str, dict[str, str]]]:
    rows = []
    for path in sorted(data_path("authority/mappings").glob("*.sssom.tsv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        table = [line for line in lines if not line.startswith("#")]
        rows += [(path.name, row) for row in csv.DictReader(table, delimiter="\t")]
    return rows


def is_ror(identifier: str) -> bool:
    """ROR: 0, six characters of a number in base 32, two digits after ISO 7064 mod 97-10."""
    if not re.fullmatch(r"0[0-9a-hjkmnp-tv-z]{6}\d\d", identifier):
        return False
    number = 0
    for character in identifier[:7]:
        number = number * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(character)
    return 98 - (number * 100) % 97 == int(identifier[7:])


def test_all_countries_of_iso_3166_are_there(authority: Authority) -> None:
    codes = [r.country for r in authority.records.values() if r.type == "Country"]
    assert len(set(codes)) == len(codes) == 249
    assert {"CHN", "USA", "GBR", "TWN", "PSE", "VAT", "ZWE"} <= set(codes)


def test_the_list_is_as_large_as_promised(authority: Authority) -> None:
    count = Counter(record.type for record in authority.records.values())
    assert count["Organization"] + count["Person"] + count["Post"] >= 150
    assert count["Field"] >= 40


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("United States", "country/USA"),
        ("the U.S.", "country/USA"),
        ("USA", "country/USA"),
        ("America", "country/USA"),
        ("Britain", "country/GBR"),
        ("Republic of Korea", "country/KOR"),
        ("Ivory Coast", "country/CIV"),
        ("TÜRKIYE", "country/TUR"),
        ("Turkey", "country/TUR"),
        ("中国", "country/CHN"),
        ("Vereinigtes Königreich", "country/GBR"),
        ("National Natural Science Foundation of China", "organization/nsfc-cn"),
        ("Politburo", "organization/cpc-politburo"),
        ("OSTP", "organization/ostp-us"),
        ("Max-Planck-Gesellschaft", "organization/max-planck-de"),
        ("TUBITAK", "organization/tubitak-tr"),
        ("European Organisation for Nuclear Research", "organization/cern"),
        ("Narendra Modi", "person/narendra-modi"),
        ("President of the United States", "post/president-us"),
        ("artificial intelligence", "field/artificial-intelligence"),
    ],
)
def test_a_name_leads_to_its_record(authority: Authority, name: str, key: str) -> None:
    assert [record.key for record in authority.lookup(name)] == [key]


def test_a_shared_name_is_told_apart_by_country(authority: Authority) -> None:
    name = "Ministry of Science and Technology"
    assert len(authority.lookup(name)) > 1
    assert [r.key for r in authority.lookup(name, country="IND")] == ["organization/mst-in"]
    assert authority.lookup(name, type="Person") == ()


def test_demonyms_and_capitals_lead_to_countries(authority: Authority) -> None:
    assert authority.demonyms["Chinese"] == "country/CHN"
    assert authority.demonyms["British"] == "country/GBR"
    assert authority.capitals["Beijing"] == "country/CHN"
    assert authority.capitals["Washington"] == "country/USA"
    countries = {key for key in authority.records if key.startswith("country/")}
    assert set(authority.demonyms.values()) | set(authority.capitals.values()) <= countries


@pytest.mark.parametrize("name", ["US", "NSF", "Congress", "China", "Turkey", "AI", "Nature"])
def test_names_that_are_common_words_are_matched_with_their_capitals(
    surfaces: dict[str, list[Surface]], name: str
) -> None:
    assert all(surface.exact for surface in surfaces[name])


@pytest.mark.parametrize(
    "name", ["ARC", "DST", "MOST", "Georgia", "Jordan", "Chad", "Congress", "Biden", "CSIR", "NRF"]
)
def test_ambiguous_names_ask_for_a_second_cue(
    surfaces: dict[str, list[Surface]], name: str
) -> None:
    assert all(surface.needs_cue for surface in surfaces[name])


@pytest.mark.parametrize("name", ["NASA", "UNESCO", "National Science Foundation", "China", "OECD"])
def test_unmistakable_names_need_no_cue(surfaces: dict[str, list[Surface]], name: str) -> None:
    assert [surface.needs_cue for surface in surfaces[name]] == [False]


def test_no_demonym_or_name_of_a_country_stands_for_two(authority: Authority) -> None:
    count = Counter(
        name
        for record in authority.records.values()
        if record.type == "Country"
        for name in {normalise(name) for name in record.names}
    )
    assert [name for name, times in count.items() if times > 1] == []


def test_every_name_is_a_surface_without_stray_spaces(authority: Authority) -> None:
    texts = {surface.text for surface in authority.surfaces()}
    assert {name for record in authority.records.values() for name in record.names} == texts
    assert [text for text in texts if not text or text != " ".join(text.split())] == []


def test_cues_are_listed_only_for_names_the_record_has(authority: Authority) -> None:
    listed = authority.exact_names | authority.cue_names
    names = {(name, r.key) for r in authority.records.values() for name in r.names}
    capitals = set(authority.capitals.items())
    assert sorted(listed - names - capitals) == []


def test_every_field_is_a_concept_of_the_scheme(authority: Authority) -> None:
    concepts = {str(subject) for subject in scheme("field").subjects(SKOS.notation)}
    fields = [key.removeprefix("field/") for key in authority.records if key.startswith("field/")]
    assert [code for code in fields if concept_iri("field", code) not in concepts] == []


def test_every_kind_is_a_concept_of_the_scheme(authority: Authority) -> None:
    codes = {str(code) for code in scheme("org-kind").objects(None, SKOS.notation)}
    used = {kind for record in authority.records.values() for kind in record.kinds}
    assert sorted(used - codes) == []
    bodies = [r for r in authority.records.values() if r.type == "Organization"]
    assert [record.key for record in bodies if not record.kinds] == []


def test_only_strong_mappings_become_identifiers(authority: Authority) -> None:
    assert authority.records["organization/cas-cn"].ids == (
        "http://www.wikidata.org/entity/Q530471",
        "https://ror.org/034t30j35",
    )
    assert authority.records["organization/darpa-us"].ids == ()
    assert authority.records["organization/ostp-us"].ids == ()


def test_mappings_have_what_sssom_requires(authority: Authority) -> None:
    rows = mapping_rows()
    assert len(rows) > 150
    for place, row in rows:
        assert all(row[column] for column in REQUIRED_COLUMNS), (place, row)
        assert 0 < float(row["confidence"]) <= 1, (place, row)
        assert row["mapping_justification"].startswith("semapv:"), (place, row)
        key = row["subject_id"].removeprefix("authority:")
        assert authority.records[key].label == row["subject_label"], (place, row)


def test_mapped_identifiers_are_well_formed() -> None:
    for place, row in mapping_rows():
        prefix, _, local = row["object_id"].partition(":")
        assert (
            (prefix == "wikidata" and re.fullmatch(r"Q[1-9]\d*", local))
            or (prefix == "ror" and is_ror(local))
            or row["object_id"] == "sssom:NoTermFound"
        ), (place, row)


def test_the_ror_check_sum_finds_a_wrong_character() -> None:
    assert is_ror("021nxhr62")
    assert not is_ror("021nxhr63")
    assert not is_ror("021nxhs62")


def test_no_identifier_stands_for_two_records() -> None:
    subjects: dict[str, set[str]] = {}
    for _, row in mapping_rows():
        if row["object_id"] != "sssom:NoTermFound":
            subjects.setdefault(row["object_id"], set()).add(row["subject_id"])
    assert {object_: keys for object_, keys in subjects.items() if len(keys) > 1} == {}


def test_loading_imports_nothing_heavy() -> None:
    code = (
        "import sys; from graph.authority import load_authority; load_authority().surfaces();"
        "print(sorted({'pydantic', 'rdflib', 'pyoxigraph', 'yaml', 'babel'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def write_list(folder: Path, actors: str, mapping: str = "") -> Path:
    (folder / "mappings").mkdir()
    (folder / "actors.csv").write_text(
        "key,label,aliases,acronyms,kinds,country,part_of,labels,needs_cue,note\n" + actors
    )
    (folder / "countries.csv").write_text(
        "alpha3,alpha2,label,official,aliases,acronyms,demonyms,capitals,exact,needs_cue\n"
        "NOR,NO,Norway,Kingdom of Norway,,,Norwegian,Oslo,,\n"
    )
    (folder / "fields.csv").write_text("code,label,aliases,acronyms,ford,labels,needs_cue\n")
    (folder / "mappings" / "x.sssom.tsv").write_text(
        "# curie_map:\n#   x: https://example.org/\nsubject_id\tobject_id\tconfidence\n" + mapping
    )
    return folder


def test_a_list_of_ones_own_can_be_read(tmp_path: Path) -> None:
    authority = read_authority(
        write_list(
            tmp_path,
            "organization/a,Alpha Board,First Board,AB,funder|ministry,NOR,,no:Alfa,AB,\n",
            "authority:organization/a\tx:1\t0.95\nauthority:organization/a\tx:2\t0.5\n",
        )
    )
    record = authority.records["organization/a"]
    assert record.names == ("Alpha Board", "First Board", "AB")
    assert record.labels == {"no": "Alfa"}
    assert record.kinds == ("funder", "ministry")
    assert record.ids == ("https://example.org/1",)
    assert authority.lookup("alfa") == (record,)
    assert Surface("AB", "organization/a", "Organization", True, True) in authority.surfaces()


@pytest.mark.parametrize(
    ("actors", "mapping", "message"),
    [
        ("organization/a,A,,,,,,,,\norganization/a,B,,,,,,,,\n", "", "line 3.*used twice"),
        ("planet/a,A,,,,,,,,\n", "", "line 2.*must begin with"),
        ("organization/a,,,,,,,,,\n", "", "line 2.*cell is missing"),
        ("organization/a,A\n", "", "line 2.*cell is missing"),
        ("organization/a,A,,,,XXX,,,,\n", "", "unknown country 'XXX'"),
        ("organization/a,A,,,,,organization/b,,,\n", "", "part of unknown 'organization/b'"),
        ("", "authority:organization/z\tx:1\t0.95\n", "unknown subject 'organization/z'"),
        ("", "authority:organization/z\tx:1\thigh\n", "line 4: not a complete SSSOM row"),
        ("", "authority:organization/z\ty:1\t0.95\n", "line 4: not a complete SSSOM row"),
    ],
)
def test_a_damaged_list_is_refused_with_its_place(
    tmp_path: Path, actors: str, mapping: str, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        read_authority(write_list(tmp_path, actors, mapping))
