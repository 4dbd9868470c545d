"""One value of a layer, explained: what made it, the most important first, ready for the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.arithmetic import work_out
from visualizer.analyses.arithmetic.place import Arithmetic, Array, Cells, Numbers
from visualizer.analyses.receptive_field import receptive_field
from visualizer.runtime.graph import Layer
from visualizer.runtime.model import Model
from visualizer.zoo import labels

TOP = 8
DIGITS = 9  # as many as float32 needs to come back unchanged


@dataclass(frozen=True)
class Explanation:
    """A value, its arithmetic, and which of its inputs to show.

    ``value`` is the network's own; ``work`` has the recomputed one. ``shown`` holds positions of
    channels in the first patch, most important first; ``receptive`` is (top, left, height, width);
    ``labels`` are the names of softmax's classes, empty for other layers.
    """

    layer: Layer
    channel: int
    row: int
    column: int
    value: float
    work: Arithmetic
    shown: Cells
    importance: Numbers
    receptive: tuple[int, int, int, int]
    readers: tuple[str, ...]
    labels: tuple[str, ...]

    @np.errstate(invalid="ignore", over="ignore")  # broken networks hold infinities
    def record(self) -> dict[str, Any]:
        """Write all of it as JSON can carry it: nine digits, ``null`` for what is no number."""
        work = self.work
        top, left, height, width = self.receptive
        windows = work.family in ("sum", "max")
        return {
            "layer": self.layer.name,
            "kind": self.layer.kind,
            "op": self.layer.op,
            "channel": self.channel,
            "row": self.row,
            "column": self.column,
            "shape": list(self.layer.output_shape),
            "value": short(self.value),
            "recomputed": short(work.value),
            "settings": self.layer.settings,
            "family": work.family,
            "groups": self._groups() if windows else [],
            "rest": self._rest(),
            "bias": short(work.bias) if work.family == "sum" else None,
            "before": short(work.before),
            "constants": [{"name": name, "value": short(x)} for name, x in work.constants],
            "formula": work.formula,
            "note": work.note,
            "inputs": [] if work.family == "sum" else self._inputs(),
            "receptive": {
                "top": top, "left": left, "bottom": top + height - 1, "right": left + width - 1,
            },
            "next": list(self.readers),
        }  # fmt: skip

    def _groups(self) -> list[dict[str, Any]]:
        (patch,) = self.work.patches
        largest = self.work.family == "max"
        whole = float(np.abs(self.importance).sum()) or 1.0
        rows = _places(patch.rows, patch.row_inside)
        columns = _places(patch.columns, patch.column_inside)
        channels, sums = patch.channels.tolist(), self.importance.tolist()
        return [
            {
                "channel": channels[k],
                "layer": patch.layer,
                "rows": rows,
                "columns": columns,
                "inputs": _table(patch.inputs[k], patch.inside),
                "weights": None if largest else _table(patch.weights[k]),
                "sum": short(sums[k]),
                "share": short(abs(sums[k]) / whole),
            }
            for k in self.shown.tolist()
        ]

    def _rest(self) -> dict[str, Any]:
        """Sum up the channels that are not listed: sums of products, inputs or exponentials."""
        hidden = np.ones(len(self.importance), bool)
        hidden[self.shown] = False
        return {"channels": int(hidden.sum()), "sum": short(self.importance[hidden].sum())}

    def _inputs(self) -> list[dict[str, Any]]:
        work = self.work
        if work.family not in ("softmax", "norm") or len(work.patches[0].channels) == 1:
            return [_input(*cell) for cell in work.cells()]
        (patch,) = work.patches
        row, column = int(patch.rows[0]), int(patch.columns[0])
        whole = float(self.importance.sum())
        listed = []
        for k in self.shown.tolist():
            entry = _input(
                patch.layer, int(patch.channels[k]), row, column, float(patch.inputs[k, 0, 0])
            )
            if work.family == "softmax":
                power = float(self.importance[k])
                entry["label"] = self.labels[k]
                entry |= {"exp": short(power), "share": short(power / whole)}
            listed.append(entry)
        return listed


@np.errstate(invalid="ignore", over="ignore")
def explain(
    model: Model,
    maps: Callable[[str], Array],
    layer: str,
    channel: int,
    row: int,
    column: int,
    *,
    top: int | None = TOP,
) -> Explanation:
    """Explain one value from maps that are already there; ``top=None`` lists all its inputs.

    ``maps`` gives what a layer produced, (C, H, W); it is asked for the layer and its inputs.

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        GeometryError: the cell lies outside the map.
    """
    work = work_out(model, maps, layer, channel, row, column)
    importance = _importance(work)
    shown = np.argsort(-np.abs(importance), kind="stable")[:top]
    if work.family in ("softmax", "norm") and len(importance) > 1:
        shown = np.concatenate([[channel], shown[shown != channel]])[:top]
    return Explanation(
        model.layer(layer),
        channel,
        row,
        column,
        float(maps(layer)[channel, row, column]),
        work,
        shown,
        importance,
        receptive_field(model, layer, row, column),
        tuple(step.name for step in model.graph.layers if layer in step.inputs),
        labels(model.spec) if work.family == "softmax" else (),
    )


def _importance(work: Arithmetic) -> Numbers:
    """Weigh the channels of a value's patch: sums of products, exponentials, or the inputs."""
    if len(work.patches) != 1:
        return np.zeros(0)
    (patch,) = work.patches
    if work.family == "softmax":
        logits = patch.inputs[:, 0, 0]
        return np.exp(logits - logits.max())
    if work.family == "max":
        return np.array([work.value])
    return patch.sums


def _places(cells: Cells, inside: NDArray[np.bool_]) -> list[int | None]:
    return [cell if here else None for cell, here in zip(cells.tolist(), inside, strict=True)]


def _table(values: Numbers, inside: NDArray[np.bool_] | None = None) -> list[list[float | None]]:
    """Write (rows, columns) as lists; a cell that is not ``inside`` becomes null."""
    listed = [[short(x) for x in line] for line in values.tolist()]
    if inside is not None and not inside.all():
        for i, j in np.argwhere(~inside).tolist():
            listed[i][j] = None
    return listed


def _input(layer: str, channel: int, row: int, column: int, value: float) -> dict[str, Any]:
    cell = {"layer": layer, "channel": channel, "row": row, "column": column}
    return {**cell, "value": short(value)}


def short(number: float | None) -> float | None:
    """Keep nine significant digits; what is no finite number becomes null."""
    if number is None or not abs(number) < float("inf"):
        return None
    return float(f"{number:.{DIGITS}g}")
