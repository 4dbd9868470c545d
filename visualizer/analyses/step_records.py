"""An explained step as the page reads it: headers, arrays, and sums with their terms."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.explanation import short
from visualizer.runtime.graph import INPUT, Layer
from visualizer.runtime.training.explained_step import Change, ExplainedStep
from visualizer.runtime.training.gradient_origin import Origin
from visualizer.runtime.training.training import Training
from visualizer.runtime.training.weight_gradient import WeightGradient

Arrays = dict[str, NDArray[Any]]
TOP = 12  # terms of a sum that are listed
EXACT_MOST = 60_000  # values; larger arrays are pictures of 255 levels
LEVELS = 127


def step_record(made: ExplainedStep, training: Training) -> tuple[dict[str, Any], Arrays]:
    """Write the whole step: the batch, its losses, and every layer's norms."""
    start = made.start
    batch = made.step % training.steps_per_epoch
    header = {
        "step": made.step + 1,
        "steps": training.steps,
        "epoch": made.epoch + 1,
        "batch": batch + 1,
        "batches": training.steps_per_epoch,
        "loss": short(made.loss),
        "classes": list(training.task.data.classes),
        "smoothing": start.smoothing,
        "precision": start.precision,
        "optimiser": made.settings,
        "schedule": training.task.recipe.schedule,
        "exact": start.exact,
        "notes": list(start.notes),
        "layers": [_layer(made, layer) for layer in made.layers],
    }
    arrays: Arrays = {
        "labels": made.labels.astype(np.int32),
        "logits": made.logits,
        "probabilities": made.probabilities.astype(np.float32),
        "losses": made.losses.astype(np.float32),
        "pictures": start.pictures(),
    }
    if made.shares is not None:
        arrays["shares"] = made.shares
    return header, arrays


def _layer(made: ExplainedStep, layer: Layer) -> dict[str, Any]:
    learned = [name for name in layer.weights if name in made.changes]
    return {
        "name": layer.name,
        "kind": layer.kind,
        "op": layer.op,
        "shape": list(layer.output_shape),
        "settings": layer.settings,
        "weights": [_norms(name, made.changes[name]) for name in learned],
    }


def _norms(name: str, change: Change) -> dict[str, Any]:
    """Measure an array, its gradient and its update by their Euclidean lengths.

    ``largest`` is the index of the gradient's largest component.
    """
    length, shape = np.linalg.norm, change.old.shape
    moved = change.new.astype(np.float64) - change.old
    return {
        "name": name,
        "shape": list(shape),
        "norm": short(float(length(change.old))),
        "gradient": short(float(length(change.gradient))),
        "change": short(float(length(moved))),
        "largest": [int(at) for at in np.unravel_index(np.abs(change.gradient).argmax(), shape)],
    }


def layer_record(made: ExplainedStep, layer: str, picture: int) -> tuple[dict[str, Any], Arrays]:
    """Write a layer's weight arrays with their gradients and updates, and a picture's maps."""
    values, gradients = made.maps(layer)
    found = [
        (name, made.changes[name])
        for name in (made.start.graph[layer].weights if layer != INPUT else ())
        if name in made.changes
    ]
    header: dict[str, Any] = {"layer": layer, "picture": picture, "arrays_of": []}
    arrays: Arrays = {}
    for place, (name, change) in enumerate(found):
        entry: dict[str, Any] = {"name": name, "shape": list(change.old.shape)}
        for key, value in (("weight", change.old), ("gradient", change.gradient)):
            arrays[f"{key}{place}"], entry[key] = _packed(value)
        header["arrays_of"].append(entry)
    for key, value in (("values", values[picture]), ("gradients", gradients[picture])):
        arrays[key], header[key] = _packed(value)
    header["shape"] = list(values.shape[1:])
    return header, arrays


def _packed(value: NDArray[np.float32]) -> tuple[NDArray[Any], dict[str, Any]]:
    """Keep a small array as it is; a large one becomes levels of -127 to 127 times ``scale``."""
    most = float(np.abs(value).max(initial=0.0))
    if value.size <= EXACT_MOST:
        return np.ascontiguousarray(value), {"most": short(most), "scale": None}
    scale = most / LEVELS or 1.0
    levels = np.rint(value / scale).astype(np.int8)
    return levels, {"most": short(most), "scale": short(scale)}


def weight_record(made: ExplainedStep, opened: WeightGradient, picture: int) -> dict[str, Any]:
    """Write one weight: each picture's part, one picture's positions, and the update."""
    height, width = made.start.graph[opened.source].output_shape[1:]
    inside = (
        ((opened.rows >= 0) & (opened.rows < height))[:, None]
        & ((opened.columns >= 0) & (opened.columns < width))[None, :]
    )  # fmt: skip
    added = opened.inputs is None
    return {
        "name": opened.name,
        "index": list(opened.index),
        "layer": opened.layer,
        "source": opened.source,
        "channel": opened.channel,
        "source_channel": opened.source_channel,
        "gradient": short(opened.gradient),
        "parts": [short(part) for part in opened.parts.tolist()],
        "picture": picture,
        "upstream": _table(opened.upstream[picture]),
        "inputs": None if added else _table(opened.inputs[picture], inside),  # type: ignore[index]
        "rows": opened.rows.tolist(),
        "columns": opened.columns.tolist(),
        "mean": short(opened.mean),
        "deviation": short(opened.deviation),
        "update": _digits(made.update(opened.name, opened.index)),
    }


def origin_record(made: ExplainedStep, found: Origin, top: int | None) -> dict[str, Any]:
    """Write one gradient: its largest terms, and the sum of the others."""
    listed = found.terms if top is None else found.terms[:top]
    rest = found.terms[len(listed) :]
    layer = made.start.graph[found.layer]
    return {
        "layer": found.layer,
        "kind": layer.kind,
        "picture": found.picture,
        "cell": list(found.cell),
        "shape": list(layer.output_shape),
        "value": short(found.value),
        "activation": short(found.activation),
        "readers": list(found.readers),
        "terms": [
            {
                "layer": term.layer,
                "cell": None if term.cell is None else list(term.cell),
                "upstream": short(term.upstream),
                "factor": short(term.factor),
                "word": term.word,
                "weight": term.weight,
                "index": list(term.index),
            }
            for term in listed
        ],
        "rest": {"count": len(rest), "sum": short(sum(term.product for term in rest))},
        "probability": short(found.probability),
        "target": short(found.target),
        "pictures": found.pictures,
    }


def _table(
    values: NDArray[np.float64], inside: NDArray[np.bool_] | None = None
) -> list[list[float | None]]:
    """Write (rows, columns) as lists; a cell that is not ``inside`` becomes null."""
    listed = [[short(x) for x in line] for line in values.tolist()]
    if inside is not None and not inside.all():
        for row, column in np.argwhere(~inside).tolist():
            listed[row][column] = None
    return listed


def _digits(update: dict[str, Any]) -> dict[str, Any]:
    """Write every float32 of an update with nine digits; settings stay as they are."""
    written: dict[str, Any] = {key: short(update[key]) for key in ("old", "gradient", "new")}
    for key in ("before", "after"):
        written[key] = {name: short(value) for name, value in update[key].items()}
    return {**update, **written}
