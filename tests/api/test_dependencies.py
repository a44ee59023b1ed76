"""What the service keeps of one state of the data."""

import shutil
from pathlib import Path

import pytest

from api.dependencies import Snapshot
from graph.layout import DataDirectory
from graph.stores import StorePlace


def test_the_index_of_a_large_graph_is_made_in_a_process(
    world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = shutil.copytree(world, tmp_path / "data")
    DataDirectory(data).search.unlink(missing_ok=True)
    monkeypatch.setattr("api.dependencies._LARGE", 0)
    monkeypatch.setattr("graph.search._fill", None)  # here, not in the other process
    snapshot = Snapshot("1", StorePlace(data))
    try:
        assert snapshot.index.names("basic research")
    finally:
        snapshot.close()
