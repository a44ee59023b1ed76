"""Graphs to ask, made once. Take `world` where answers must be known beforehand: four invented
documents that do not depend on the extractor (`tests/graph/small_world.py`). Take `corpus` to see
the whole line at work: the shipped briefs, read by the real extractor. Both are for reading only;
copy the directory before changing it.
"""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

from graph.network import load_network
from graph.search import SearchIndex, open_index
from graph.store import Store, open_reader
from tests.graph import small_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data directory of the small world."""
    data = tmp_path_factory.mktemp("world")
    small_world.store(data)
    return data


@pytest.fixture(scope="session")
def world_store(world: Path) -> Iterator[Store]:
    with open_reader(world) as store:
        yield store


@pytest.fixture(scope="session")
def world_index(world: Path, world_store: Store) -> Iterator[SearchIndex]:
    with open_index(world, world_store) as index:
        yield index


@pytest.fixture(scope="session")
def world_network(world_store: Store) -> "nx.MultiDiGraph[str]":
    return load_network(world_store)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data directory of the shipped corpus, built by the real pipeline, once for all processes."""
    from graph.build import build
    from graph.resources import data_path

    if "PYTEST_XDIST_WORKER" not in os.environ:
        whole = tmp_path_factory.getbasetemp()
    else:
        whole = tmp_path_factory.getbasetemp().parent
    data, finished = whole / "corpus", whole / "corpus.finished"
    with (whole / "corpus.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            build([data_path("corpus")], data)
            finished.touch()
    return data
