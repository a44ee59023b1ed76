import json
import multiprocessing
import os
import random
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph import checkpoints
from graph.authority import load_authority
from graph.errors import StoreBusy, StoreError
from graph.identifiers import document_iri, text_iri
from graph.layout import ENTITIES, DataDirectory
from graph.link.registry import Registry
from graph.records import Extraction
from graph.store import Store, data_version, open_reader
from graph.weave import Weaver
from graph.writer import TextGraph, open_writer
from tests.graph.sample import RUN, entity, extraction_of, text_of

BASE = "https://w3id.org/scipol/"


@pytest.fixture(scope="module")
def weaver() -> Weaver:
    return Weaver(load_authority(), Registry())


@pytest.fixture
def graph(weaver: Weaver) -> TextGraph:
    text = text_of()
    return weaver.weave(text, extraction_of(text), RUN, "made from the plan")


def named(weaver: Weaver, document: str, *names: tuple[str, str], **metadata: str) -> TextGraph:
    """The graph of a text that only names things, given by type and name."""
    text = text_of(f"{document}: " + "; ".join(name for _, name in names), document, **metadata)
    entities = tuple(entity(text, f"e{i}", *pair) for i, pair in enumerate(names))
    return weaver.weave(text, Extraction(document=document, entities=entities), RUN, text.sha16)


def put(data_dir: Path, *graphs: TextGraph, drop: tuple[TextGraph, ...] = ()) -> bytes:
    """Commit graphs and return everything that is stored then."""
    with open_writer(data_dir) as store:
        store.stage(graphs, [g.name for g in drop])
        store.commit()
        store.publish()
        return store.dump()


def labels(store: Store, entity_: str) -> dict[str, list[str]]:
    rows = store.select(
        "SELECT ?p ?l { ?e ?p ?l FILTER(?p IN (skos:prefLabel, skos:altLabel)) } ORDER BY ?p ?l",
        {"e": ox.NamedNode(entity_)},
    ).rows
    found: dict[str, list[str]] = {}
    for property_, label in rows:
        found.setdefault(property_.value.partition("#")[2], []).append(str(label))
    return found


def test_what_is_committed_is_there_when_opened_again(tmp_path: Path, graph: TextGraph) -> None:
    stored = put(tmp_path, graph)
    with open_writer(tmp_path) as store:
        assert store.dump() == stored
        assert store.dump_graph(graph.name) == graph.nquads
        assert store.fingerprint(graph.name) == "made from the plan"
        document, text = document_iri("plan"), text_iri(graph.name.rpartition("/")[2])
        assert store.graphs_of_document(document) == [graph.name]
        assert store.graphs_of_text(text) == {graph.name: document}
        assert store.document_names() == ["plan"]


def test_what_is_not_committed_is_gone_when_opened_again(tmp_path: Path, weaver: Weaver) -> None:
    first = named(weaver, "first", ("Goal", "open science"), ("Organization", "Research Council"))
    second = named(weaver, "second", ("Goal", "opening science"), ("Goal", "cure all diseases"))
    stored = put(tmp_path, first)
    with open_writer(tmp_path) as store:
        store.stage([second])
    # The engine has loaded it; without its mark it does not count.
    engine = ox.Store.read_only(str(DataDirectory(tmp_path).store))
    assert ox.NamedNode(second.name) in set(engine.named_graphs())
    del engine
    with open_writer(tmp_path) as store:
        assert store.dump() == stored


def test_readers_see_what_was_published_and_nothing_else(tmp_path: Path, graph: TextGraph) -> None:
    with open_writer(tmp_path) as store:
        with pytest.raises(StoreError):
            open_reader(tmp_path)
        store.publish()
        with open_reader(tmp_path) as reader:
            store.stage([graph])
            store.commit()
            store.publish()
            assert graph.name not in reader.graphs()
            with open_reader(tmp_path) as newer:
                assert newer.dump() == store.dump()
                assert data_version(newer) != data_version(reader)


def test_a_checkpoint_lives_as_long_as_it_is_read(tmp_path: Path, graph: TextGraph) -> None:
    places = DataDirectory(tmp_path)
    put(tmp_path)
    with open_reader(tmp_path) as reader:
        before = reader.dump()
        put(tmp_path, graph)
        put(tmp_path, drop=(graph,))
        assert len(checkpoints.numbers(places)) == 2
        assert reader.dump() == before
    put(tmp_path)
    assert len(checkpoints.numbers(places)) == 1
    assert not list(places.checkpoints.glob("[123]*"))


def read_for_a_while(data_dir: Path, errors: "multiprocessing.Queue[str]") -> None:
    try:
        for _ in range(60):
            with open_reader(data_dir) as store:
                (row,) = store.select("SELECT (COUNT(?x) AS ?n) { ?x a scip:TextVersion }").rows
                assert int(row[0].value) in range(9)
    except Exception as error:
        errors.put(repr(error))


def test_readers_never_break_while_a_writer_works(tmp_path: Path, weaver: Weaver) -> None:
    put(tmp_path)
    context = multiprocessing.get_context("spawn")
    errors = context.Queue()
    readers = [context.Process(target=read_for_a_while, args=(tmp_path, errors)) for _ in range(2)]
    for reader in readers:
        reader.start()
    with open_writer(tmp_path) as store:
        number = 0
        while any(reader.is_alive() for reader in readers):
            store.stage([named(weaver, f"d{number % 8}", ("Goal", f"goal {number}"))])
            if number % 8 == 7:
                store.stage((), [g for g in store.graphs() if f"/{RUN.id}/" in g])
            store.commit()
            store.publish()
            number += 1
    assert errors.empty(), errors.get()
    assert number > 2


def test_a_second_writer_is_told_who_the_first_is(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from graph.writer import open_writer\n"
        "with open_writer(Path(sys.argv[1])):\n    print('in', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(StoreBusy, match=rf"process {holder.pid} on .* since .*; wait"):
            put(tmp_path)
        holder.kill()
    assert json.loads((tmp_path / "writer.lock").read_text())["pid"] == holder.pid
    assert put(tmp_path)


def test_the_holder_writes_itself_into_the_lock_and_leaves_it_empty(tmp_path: Path) -> None:
    with open_writer(tmp_path):
        assert json.loads((tmp_path / "writer.lock").read_text())["pid"] == os.getpid()
        with pytest.raises(StoreBusy, match=f"process {os.getpid()}"), open_writer(tmp_path):
            pass
    assert (tmp_path / "writer.lock").read_text() == ""


def test_a_damaged_store_is_reported_with_what_to_do(tmp_path: Path) -> None:
    put(tmp_path)
    for path in (tmp_path / "store").glob("MANIFEST*"):
        path.write_bytes(b"rubbish")
    with pytest.raises(StoreError, match="build again"):
        put(tmp_path)


def test_the_vocabulary_is_there_to_ask(tmp_path: Path) -> None:
    put(tmp_path)
    with open_reader(tmp_path) as store:
        assert store.ask(
            "ASK { <https://w3id.org/scipol/voc/instrument-type/pi022> skos:broader/skos:prefLabel "
            "'collaborative infrastructures (soft and physical)'@en . scip:Goal rdfs:label ?l }"
        )
        assert b"_:" not in store.dump()


def test_names_of_all_texts_become_labels_of_one_entity(tmp_path: Path, weaver: Weaver) -> None:
    goal = f"{BASE}id/goal/"
    one = named(weaver, "one", ("Goal", "strengthen basic research"))
    two = named(weaver, "two", ("Goal", "Strengthening basic research"))
    (node,) = {n for g in (one, two) for n in g.names if n.startswith(goal)}
    put(tmp_path, one)
    with open_reader(tmp_path) as store:
        assert labels(store, node) == {"prefLabel": ['"strengthen basic research"@en']}
    put(tmp_path, two)
    with open_reader(tmp_path) as store:
        both = labels(store, node)
        assert len(both["prefLabel"]) == len(both["altLabel"]) == 1
    put(tmp_path, drop=(one,))
    with open_reader(tmp_path) as store:
        assert labels(store, node) == {"prefLabel": ['"Strengthening basic research"@en']}
    put(tmp_path, drop=(two,))
    with open_reader(tmp_path) as store:
        assert labels(store, node) == {}


def test_a_known_body_brings_what_the_authority_list_says_of_it(
    tmp_path: Path, weaver: Weaver
) -> None:
    graph = named(weaver, "one", ("Organization", "National Science Foundation"))
    put(tmp_path, graph)
    with open_reader(tmp_path) as store:
        (row,) = store.select(
            "SELECT ?l ?c { ?x skos:prefLabel 'National Science Foundation'@en ; scip:kind ?k ; "
            "schema:sameAs ?same ; scip:jurisdiction ?y . ?y scip:isoCode ?c ; skos:prefLabel ?l "
            "FILTER(LANG(?l) = 'en' && STRENDS(STR(?same), '021nxhr62')) }"
        ).rows[:1]
        assert [term.value for term in row] == ["United States", "USA"]
    put(tmp_path, drop=(graph,))
    with open_reader(tmp_path) as store:
        assert store.dump_graph(ENTITIES) == b""


@pytest.fixture(scope="module")
def versions(weaver: Weaver) -> list[list[TextGraph]]:
    """Three texts each of five documents that share names, some of known things."""
    names = [
        ("Goal", "strengthen basic research"),
        ("Goal", "Strengthening basic research"),
        ("Goal", "STRENGTHEN BASIC RESEARCH"),
        ("Organization", "National Science Foundation"),
        ("Organization", "NSF"),
        ("Organization", "Research Council"),
        ("Country", "United States"),
        ("Country", "China"),
        ("Organization", "Chinese Academy of Sciences"),
        ("Instrument", "National Quantum Plan"),
        ("ActorGroup", "young\nscientists"),
        ("ActorGroup", "young scientists"),
    ]
    dice = random.Random(7)
    return [
        [
            named(
                weaver,
                f"doc{document}",
                *dice.sample(names, dice.randint(1, 6)),
                title=f"Version {version}",
                language=dice.choice(["en", "en-GB", "de"]),
                issuer=dice.choice(["NSF", "Ada Lind", "China"]),
                country=dice.choice(["USA", "France"]),
            )
            for version in range(3)
        ]
        for document in range(5)
    ]


@pytest.mark.parametrize("seed", range(2))
def test_the_way_to_a_set_of_documents_leaves_no_trace(
    tmp_path: Path, versions: list[list[TextGraph]], seed: int
) -> None:
    dice = random.Random(seed)
    present: dict[int, TextGraph] = {}
    with open_writer(tmp_path / "long") as store:
        for _ in range(25):
            document = dice.randrange(5)
            old = present.pop(document, None)
            new = dice.choice([*versions[document], None])
            store.stage([new] if new else [], [old.name] if old else [])
            if new:
                present[document] = new
            # A graph must not come twice before a commit, nor go and come again.
            store.commit()
        stored = store.dump()
    assert stored == put(tmp_path / "fresh", *present.values())


def test_staging_one_by_one_or_together_makes_no_difference(
    tmp_path: Path, versions: list[list[TextGraph]]
) -> None:
    first, second = ([texts[i] for texts in versions] for i in (0, 1))
    with open_writer(tmp_path / "single") as store:
        store.stage(first)
        store.commit()
        for old, new in zip(first, second, strict=True):
            store.stage([new], [old.name])
        store.commit()
        stored = store.dump()
    assert stored == put(tmp_path / "together", *second)


def test_a_graph_can_take_the_place_of_one_with_its_name(tmp_path: Path, weaver: Weaver) -> None:
    old = named(weaver, "one", ("Goal", "open science"), title="Old title")
    new = named(weaver, "one", ("Goal", "open science"), title="New title")
    assert old.name == new.name
    put(tmp_path / "a", old)
    assert put(tmp_path / "a", new, drop=(old,)) == put(tmp_path / "b", new)
    with open_reader(tmp_path / "a") as store:
        assert not store.ask("ASK { ?d dct:title 'Old title'@en }")


def test_a_graph_that_waits_for_its_place_still_gives_its_names(
    tmp_path: Path, weaver: Weaver
) -> None:
    named_things = (("Goal", "open science"), ("Organization", "National Science Foundation"))
    old = named(weaver, "one", *named_things, title="Old title")
    new = named(weaver, "one", *named_things, title="New title")
    other = named(weaver, "two", *named_things, title="Other")
    with open_writer(tmp_path / "a") as store:
        store.stage([old, other])
        store.commit()
        store.stage([new], [old.name])
        store.stage((), [other.name])
        store.commit()
        stored = store.dump()
    assert stored == put(tmp_path / "b", new)


def test_what_people_write_makes_another_version_of_the_data(tmp_path: Path) -> None:
    versions = []
    with open_writer(tmp_path) as store:
        for update in ("INSERT DATA { <a:a> <a:b> 1 }", "DELETE DATA { <a:a> <a:b> 1 }"):
            versions.append(data_version(store))
            store.update(update)
        versions.append(data_version(store))
    assert len(set(versions)) == 3
