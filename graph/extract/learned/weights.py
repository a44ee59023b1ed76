"""The shipped weights: where they lie, whether they are whole, and what is known about them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from graph.errors import DataError, ExtractorError
from graph.extract.learned.records import Curves
from graph.extract.learned.steps import JUDGES, Limits
from graph.resources import data_path

FOLDER = "model"
HASHES = "SHA256SUMS"
BASE, TAGGER, SPANS, PAIRS = "base.onnx", "tagger.onnx", "spans.onnx", "pairs.onnx"
SIMILAR, CONCEPTS = "similar.onnx", "concepts.npz"
VOCABULARY, SETTINGS = "vocabulary.txt", "settings.json"
FILES = (
    *(BASE, TAGGER, SPANS, PAIRS, SIMILAR, CONCEPTS, VOCABULARY, SETTINGS),
    *(f"{name}.onnx" for name in JUDGES),
)


@dataclass(frozen=True)
class Weights:
    """A folder of weights whose files were compared with their hashes."""

    folder: Path
    version: str

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """Limits, precision of the rules and calibration, as they were fitted."""
        settings: Mapping[str, Any] = json.loads((self.folder / SETTINGS).read_text("utf-8"))
        return settings

    @property
    def limits(self) -> Limits:
        """How likely a fact must be to be told."""
        return Limits(**self.settings["limits"])

    @property
    def precision(self) -> dict[tuple[str, str], float]:
        """The precision of the rules by kind and rule."""
        return {(kind, rule): p for kind, rule, p in self.settings["precision"]}

    @property
    def curves(self) -> Curves:
        """From what the judges state to how often it is right, by kind of fact."""
        return {kind: (stated, right) for kind, (stated, right) in self.settings["curves"].items()}

    @property
    def reliability(self) -> Mapping[str, Any]:
        """Stated probability against outcome, by kind of fact; see `reliability`."""
        table: Mapping[str, Any] = self.settings["reliability"]
        return table


def default_folder() -> Path:
    """Where the shipped weights lie. Raises ExtractorError when they are not installed."""
    try:
        return data_path(FOLDER)
    except DataError as error:
        raise ExtractorError(
            "the weights of the learned extractor are not installed (no folder data/model); "
            "train them with: scipol train GOLD --texts DIR -o data/model"
        ) from error


def open_weights(folder: Path | None = None) -> Weights:
    """Compare every file with its hash. Raises ExtractorError naming the file that does not fit."""
    folder = folder or default_folder()
    try:
        lines = (folder / HASHES).read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ExtractorError(
            f"the weights in {folder} have no readable {HASHES}; install the weights again"
        ) from error
    wanted = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in FILES:
        if name not in wanted:
            raise ExtractorError(
                f"{folder / HASHES} does not name {name}; install the weights again"
            )
        try:
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except FileNotFoundError as error:
            raise ExtractorError(
                f"the weights file {folder / name} is missing; install the weights again"
            ) from error
        except OSError as error:
            raise ExtractorError(
                f"the weights file {folder / name} cannot be read: {error.strerror}"
            ) from error
        if digest != wanted[name]:
            raise ExtractorError(
                f"the weights file {folder / name} is damaged: its SHA-256 is {digest[:16]}..., "
                f"not {wanted[name][:16]}...; install the weights again"
            )
    return Weights(folder, hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12])


def write_hashes(folder: Path) -> None:
    """Write the hash file of a folder of weights."""
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}" for name in FILES
    ]
    (folder / HASHES).write_text("\n".join(lines) + "\n", "ascii")


@lru_cache(maxsize=1)
def reliability() -> Mapping[str, Any]:
    """How often facts that were said to be so likely came out right, by kind of fact.

    Measured in cross-validation: kind -> {"error": expected calibration error, "bins": [{"from",
    "to", "facts", "stated", "right"}]}. Raises ExtractorError where there are no weights.
    """
    return open_weights().reliability
