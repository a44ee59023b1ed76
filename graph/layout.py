"""Where everything lies in a data directory, and the names of the graphs that are always there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

GRAPHS = "https://w3id.org/scipol/graph/"
ENTITIES = f"{GRAPHS}entities"
VOCABULARY = f"{GRAPHS}vocabulary"
CURATION = f"{GRAPHS}curation"
# Marks every graph that is completely stored with the fingerprint of what it was made from.
CATALOGUE = f"{GRAPHS}catalogue"

# Where a graph is loaded that will take the place of another; nobody sees it.
STAGING = f"{GRAPHS}staging"


@dataclass(frozen=True)
class DataDirectory:
    """The places inside a data directory; nothing is created or opened here."""

    root: Path

    @property
    def texts(self) -> Path:
        """Folder of the normalised texts, `<sha16>.txt`."""
        return self.root / "texts"

    @property
    def runs(self) -> Path:
        """Folder of the extractions, `<run>/<sha16>.json`."""
        return self.root / "runs"

    @property
    def store(self) -> Path:
        """Folder of the engine; only the one writer opens it."""
        return self.root / "store"

    @property
    def checkpoints(self) -> Path:
        """Folder of read-only snapshots of the store, `<n>/` with a lock file `<n>.lock` each."""
        return self.root / "checkpoints"

    @property
    def registry(self) -> Path:
        """The IRIs that were given to entities, written once."""
        return self.root / "registry.tsv"

    @property
    def origins(self) -> Path:
        """Which file each document was read from, one line of JSON each."""
        return self.root / "origins.jsonl"

    @property
    def revision(self) -> Path:
        """What the updates made so far leave behind, beside the dataset."""
        return self.root / "revision"

    @property
    def search(self) -> Path:
        """The full-text index."""
        return self.root / "search.db"

    @property
    def views(self) -> Path:
        """The views that links name by their hash."""
        return self.root / "views.db"

    @property
    def lock(self) -> Path:
        """The lock of the one writer; its content names the holder."""
        return self.root / "writer.lock"
