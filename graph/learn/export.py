"""Writes what was trained as files that onnxruntime runs."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from sklearn.ensemble import HistGradientBoostingClassifier
from torch import Tensor, nn

from graph.extract.learned.onnx import OnnxBase, Speller
from graph.extract.learned.schemes import write_vectors
from graph.extract.learned.similar import OnnxSimilar
from graph.extract.learned.weights import (
    BASE,
    CONCEPTS,
    PAIRS,
    SETTINGS,
    SIMILAR,
    SPANS,
    TAGGER,
    VOCABULARY,
    write_hashes,
)
from graph.extract.learned.words import FEATURES
from graph.learn import network
from graph.learn.encoder import Heads, base_encoder, similar_encoder
from graph.learn.judges import Judges
from graph.learn.network import STATE, base_folder

_OPSET = 17
WIDE = "wide.onnx"


def export(heads: Heads, judges: Judges, settings: Mapping[str, Any], folder: Path) -> None:
    """Write the weights, their settings and their hashes into a folder."""
    write_base(folder)
    write_similar(folder)
    write_heads(heads, folder)
    for name, model in judges.models.items():
        onnx.save(tree_model(model), str(folder / f"{name}.onnx"))
    known = {
        "limits": asdict(judges.limits),
        "curves": judges.curves,
        "precision": [
            [kind, rule, round(p, 4)] for (kind, rule), p in sorted(judges.precision.items())
        ],
        **settings,
    }
    text = json.dumps(known, indent=1, ensure_ascii=False)
    (folder / SETTINGS).write_text(text + "\n", "utf-8")
    write_hashes(folder)


def write_base(folder: Path) -> None:
    """Write the lower layers of the encoder in whole numbers of eight bits, and its vocabulary."""
    folder.mkdir(parents=True, exist_ok=True)
    words = json.loads((base_folder() / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    ordered = sorted(words, key=lambda w: words[w])
    (folder / VOCABULARY).write_text("\n".join(ordered) + "\n", "utf-8")
    axes = {0: "packs", 1: "pieces"}
    _write(
        base_encoder(),
        (torch.zeros(2, 16, dtype=torch.int64), torch.zeros(2, 1, 1, 16)),
        folder / WIDE,
        {"ids": axes, "mask": {0: "packs", 3: "pieces"}},
        {"states": axes},
    )
    _shrink(folder, BASE)


def write_similar(folder: Path) -> None:
    """Write the upper layers of the encoder, and the vectors of the concepts that they make.

    Needs what `write_base` wrote into the folder.
    """
    _write(
        similar_encoder(),
        (torch.zeros(2, 8, network.WIDTH), torch.zeros(2, 1, 8, 8), torch.zeros(2, 3, 8)),
        folder / WIDE,
        {
            "states": {0: "rows", 1: "pieces"},
            "mask": {0: "rows", 2: "seeing", 3: "pieces"},
            "parts": {0: "rows", 1: "phrases", 2: "pieces"},
        },
        {"vectors": {0: "rows", 1: "phrases"}},
    )
    _shrink(folder, SIMILAR)
    base = OnnxBase(folder)
    write_vectors(OnnxSimilar(folder, base, Speller(folder / VOCABULARY)), folder / CONCEPTS)


def _shrink(folder: Path, name: str) -> None:
    """Turn the wide file of a folder into one of whole numbers of eight bits."""
    quantize_dynamic(
        str(folder / WIDE),
        str(folder / name),
        op_types_to_quantize=["MatMul"],
        weight_type=QuantType.QInt8,
        per_channel=True,
    )
    (folder / WIDE).unlink()


def write_heads(heads: Heads, folder: Path) -> None:
    """Write what was trained."""
    axes = {0: "packs", 1: "pieces"}
    _write(
        heads.tagger,
        (torch.zeros(2, 16, network.BASE), torch.zeros(2, 16, FEATURES)),
        folder / WIDE,
        {"base": axes, "features": axes},
        {"naming": axes, "joining": axes, "tags": axes},
    )
    _shrink(folder, TAGGER)
    whole = torch.int64
    _write(
        heads.spans,
        (torch.zeros(8, STATE), torch.arange(3), torch.arange(3) + 2),
        folder / SPANS,
        {"words": {0: "words"}, "first": {0: "spans"}, "last": {0: "spans"}},
        {"marks": {0: "spans"}},
    )
    _write(
        heads.pairs,
        (
            torch.zeros(2, 2 * STATE),
            torch.zeros(2, dtype=whole),
            torch.zeros(3, 3, dtype=whole),
            torch.zeros(3, STATE),
            torch.zeros(2, dtype=whole),
            torch.zeros(2, STATE),
        ),
        folder / PAIRS,
        {
            "spans": {0: "mentions"},
            "types": {0: "mentions"},
            "pairs": {0: "pairs"},
            "between": {0: "pairs"},
            "contents": {0: "contents"},
            "around": {0: "contents"},
        },
        {"labels": {0: "pairs"}, "stances": {0: "contents"}},
    )


def _write(
    module: nn.Module,
    example: tuple[Tensor, ...],
    file: Path,
    inputs: Mapping[str, Mapping[int, str]],
    outputs: Mapping[str, Mapping[int, str]],
) -> None:
    """Write a module; of its inputs and outputs the sizes that vary have names."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            example,
            str(file),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={**inputs, **outputs},
            opset_version=_OPSET,
            dynamo=False,
        )


def tree_model(model: HistGradientBoostingClassifier) -> onnx.ModelProto:
    """Boosted trees as one node that gives the probability of each row."""
    nodes: dict[str, list[Any]] = {
        name: []
        for name in (
            *("treeids", "nodeids", "featureids", "values", "modes"),
            *("truenodeids", "falsenodeids", "missing_value_tracks_true"),
        )
    }
    leaves: dict[str, list[Any]] = {name: [] for name in ("treeids", "nodeids", "ids", "weights")}
    for tree, (predictor,) in enumerate(model._predictors):
        for number, node in enumerate(predictor.nodes):
            leaf = bool(node["is_leaf"])
            nodes["treeids"].append(tree)
            nodes["nodeids"].append(number)
            nodes["featureids"].append(0 if leaf else int(node["feature_idx"]))
            nodes["values"].append(0.0 if leaf else _below(float(node["num_threshold"])))
            nodes["modes"].append("LEAF" if leaf else "BRANCH_LEQ")
            nodes["truenodeids"].append(0 if leaf else int(node["left"]))
            nodes["falsenodeids"].append(0 if leaf else int(node["right"]))
            nodes["missing_value_tracks_true"].append(0)
            if leaf:
                leaves["treeids"].append(tree)
                leaves["nodeids"].append(number)
                leaves["ids"].append(0)
                leaves["weights"].append(float(node["value"]))
    made = helper.make_node(
        "TreeEnsembleRegressor",
        ["rows"],
        ["odds"],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function="SUM",
        base_values=[float(np.ravel(model._baseline_prediction)[0])],
        **{f"nodes_{name}": values for name, values in nodes.items()},
        **{f"target_{name}": values for name, values in leaves.items()},
    )
    graph = helper.make_graph(
        # The ensemble's own logistic transform is not applied to regressors.
        [made, helper.make_node("Sigmoid", ["odds"], ["chances"])],
        "judge",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", model.n_features_in_])],
        [helper.make_tensor_value_info("chances", TensorProto.FLOAT, ["n", 1])],
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("ai.onnx.ml", 3)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def _below(value: float) -> float:
    """The greatest single-precision number that is not above the value."""
    single = np.float32(value)
    return float(np.nextafter(single, np.float32(-np.inf)) if single > value else single)
