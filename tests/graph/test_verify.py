from pathlib import Path

import pytest

from graph.build import build
from graph.errors import StoreError
from graph.layout import DataDirectory
from graph.store import open_reader
from graph.verify import verify
from graph.writer import WritableStore, open_writer

CONTENT = "The Research Council will fund “déjà vu” studies in 科学. 𝒳 is next.\n" * 3


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    source = tmp_path / "paper.txt"
    source.write_text(CONTENT)
    build([source], tmp_path / "data")
    return tmp_path / "data"


def text_file(data_dir: Path) -> Path:
    (path,) = (data_dir / "texts").iterdir()
    return path


def update(data_dir: Path, sparql: str) -> None:
    """Damage the store in a way that no command can."""
    with open_writer(data_dir) as store:
        before = store.dump()
        engine(store).update("PREFIX scip: <https://w3id.org/scipol/ns#>\n" + sparql)
        assert store.dump() != before, "the damage was not done"
        store.publish()


def engine(store: WritableStore):
    return store._engine


def test_an_honest_graph_has_no_fault(data_dir: Path) -> None:
    report = verify(data_dir)
    assert (report.texts, report.faults, report.leftover) == (1, (), ())
    assert report.spans >= 3
    assert report.verdict == "every character agrees"


@pytest.mark.parametrize("place", [0, 30, len(CONTENT) - 1])
def test_one_changed_character_in_a_text_is_found(data_dir: Path, place: int) -> None:
    path = text_file(data_dir)
    content = path.read_text()
    path.write_text(content[:place] + "#" + content[place + 1 :])
    report = verify(data_dir)
    assert "its hash is not the one in the graph (document paper)" in report.faults[0].problem
    assert report.verdict.endswith("do not agree")


def test_one_changed_character_in_a_quote_is_found(data_dir: Path) -> None:
    update(
        data_dir,
        """DELETE { GRAPH ?g { ?s scip:quote ?q } }
        INSERT { GRAPH ?g { ?s scip:quote ?r } }
        WHERE {
          { SELECT ?s { GRAPH ?h { ?s scip:quote ?x } } ORDER BY ?s LIMIT 1 }
          GRAPH ?g { ?s scip:quote ?q }
          BIND(STRLANG(CONCAT("#", SUBSTR(?q, 2)), LANG(?q)) AS ?r)
        }""",
    )
    (fault,) = verify(data_dir).faults
    assert "the graph quotes '#" in fault.problem


@pytest.mark.parametrize(
    ("property_", "value", "problem"),
    [
        ("start", "?v - 1", "its offsets are"),
        ("end", "?v + 1", "its offsets are"),
        ("sha256", "CONCAT('0', SUBSTR(?v, 2))", "its hash is not the one"),
        ("charCount", "?v + 1", "the file has"),
    ],
)
def test_changed_numbers_and_hashes_are_found(
    data_dir: Path, property_: str, value: str, problem: str
) -> None:
    update(
        data_dir,
        f"""DELETE {{ GRAPH ?g {{ ?s scip:{property_} ?v }} }}
        INSERT {{ GRAPH ?g {{ ?s scip:{property_} ?w }} }}
        WHERE {{ GRAPH ?g {{ ?s scip:{property_} ?v }} BIND({value} AS ?w) }}""",
    )
    faults = verify(data_dir).faults
    assert faults
    assert all(problem in fault.problem for fault in faults)


@pytest.mark.parametrize("property_", ["quote", "start", "inVersion"])
def test_a_span_that_lacks_something_is_found(data_dir: Path, property_: str) -> None:
    update(data_dir, f"DELETE WHERE {{ GRAPH ?g {{ ?s scip:{property_} ?v }} }}")
    (fault,) = verify(data_dir).faults
    assert "lack their text, offsets or quote" in fault.problem


def test_a_missing_or_unreadable_text_is_found(data_dir: Path) -> None:
    path = text_file(data_dir)
    path.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in verify(data_dir).faults[0].problem
    path.unlink()
    (fault,) = verify(data_dir).faults
    assert fault.where == str(path)
    assert "the file is missing" in fault.problem


def test_a_text_without_a_graph_is_left_over_but_no_fault(data_dir: Path) -> None:
    extra = data_dir / "texts" / "0123456789abcdef.txt"
    extra.write_text("never finished")
    report = verify(data_dir)
    assert (report.faults, report.leftover) == ((), (str(extra),))


def test_there_must_be_a_graph(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        verify(tmp_path)
    assert not DataDirectory(tmp_path).checkpoints.exists()


def test_quotes_count_in_characters_not_bytes(data_dir: Path) -> None:
    with open_reader(data_dir) as store:
        rows = store.select("SELECT ?e { ?s scip:end ?e } ORDER BY DESC(?e) LIMIT 1").rows
    assert int(rows[0][0].value) <= len(CONTENT)
