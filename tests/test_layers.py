"""Imports follow the arrows: api -> graph -> ontology, and inside graph along the pipeline."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "ontology": {"ontology"},
    "graph": {"graph", "ontology"},
    "api": {"api", "graph", "ontology"},
}
# What a stage must not know: the later stages of the line documents -> extract -> link ->
# assemble -> store -> queries / analytics -> draw.
FORBIDDEN_INSIDE_GRAPH = {
    "graph.records": {"graph.documents", "graph.extract", "graph.link", "graph.store"},
    "graph.documents": {"graph.extract", "graph.link", "graph.assemble", "graph.store"},
    "graph.extract": {"graph.documents", "graph.link", "graph.assemble", "graph.store"},
    "graph.link": {"graph.documents", "graph.extract", "graph.assemble", "graph.store"},
    "graph.assemble": {"graph.documents", "graph.extract", "graph.store", "graph.build"},
    "graph.store": {"graph.documents", "graph.extract", "graph.build", "graph.queries"},
    "graph.analytics": {"graph.store", "graph.queries"},
    "graph.draw": {"graph.store", "graph.queries"},
}


def _modules() -> Iterator[tuple[str, Path]]:
    for package in ALLOWED:
        for path in sorted((ROOT / package).rglob("*.py")):
            relative = path.relative_to(ROOT).with_suffix("")
            yield ".".join(relative.parts).removesuffix(".__init__"), path


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


@pytest.mark.parametrize(
    ("name", "path"), list(_modules()), ids=lambda v: v if isinstance(v, str) else ""
)
def test_imports_follow_the_arrows(name: str, path: Path) -> None:
    own = {i for i in _imports(path) if i.split(".")[0] in (*ALLOWED, "tests", "data")}
    wrong = {i for i in own if i.split(".")[0] not in ALLOWED[name.split(".")[0]]}
    for stage, later in FORBIDDEN_INSIDE_GRAPH.items():
        if name == stage or name.startswith(stage + "."):
            wrong |= {i for i in own if any(i == s or i.startswith(s + ".") for s in later)}
    assert not wrong


def test_there_is_something_to_check() -> None:
    assert {"ontology", "graph", "api"} <= {name.split(".")[0] for name, _ in _modules()}
