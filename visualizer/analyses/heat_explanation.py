"""The arithmetic behind one cell of a class activation map."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.cam.method import CamMethod
from visualizer.analyses.evidence import Evidence
from visualizer.analyses.explanation import short
from visualizer.analyses.heatmap import check_method, heat_steps, rescale
from visualizer.errors import GeometryError
from visualizer.zoo import labels

TOP = 8


def explain_cell(method: CamMethod, evidence: Evidence, row: int, column: int) -> dict[str, Any]:
    """Take one cell apart: channel weight times activation, the strongest first, and the sum.

    Numbers carry nine digits, enough to give each float32 exactly; ``null`` is no number.
    ``after_relu`` is ``null`` where the method keeps negative cells; ``value`` is the cell in
    [0, 1], ``scale`` what 0 and 1 stand for.

    Raises:
        GeometryError: the cell lies outside the map.
        VisualizerError: the method has no meaning for this layer.
    """
    shape = _shape_with(evidence, row, column)
    check_method(evidence.model, method, evidence.layer)
    *_, last = heat_steps(method, evidence)
    heat = last.heat[0]
    weights = np.broadcast_to(method.channel_weights(evidence)[0], shape)[:, row, column]
    activations = evidence.activations[0, :, row, column]
    products = weights.astype(np.float64) * activations
    whole = float(products.sum())
    lowest, highest = min(float(heat.min()), 0.0), float(heat.max())
    return {
        "sentence": _sentence(method, evidence, whole, (row, column)),
        "formula": method.formula,
        **_strongest(weights, activations, products),
        "sum": short(whole),
        "after_relu": short(max(whole, 0.0)) if method.rectified else None,
        "scale": {"minimum": short(lowest), "maximum": short(highest)},
        "value": short(float(rescale(heat)[row, column])),
    }


def _strongest(
    weights: NDArray[np.float32], activations: NDArray[np.float32], products: NDArray[np.float64]
) -> dict[str, Any]:
    """List the channels with the largest products, (K,) each, and add up the others."""
    order = np.argsort(-abs(products), kind="stable")
    shown, rest = order[:TOP], order[TOP:]
    channels = [
        {
            "channel": int(k),
            "weight": short(float(weights[k])),
            "activation": short(float(activations[k])),
            "product": short(float(products[k])),
        }
        for k in shown
    ]
    others = {"channels": len(rest), "sum": short(float(products[rest].sum()))}
    return {"channels": channels, "rest": others}


def _shape_with(evidence: Evidence, row: int, column: int) -> tuple[int, int, int]:
    """Give the layer's shape, which has to hold the cell."""
    channels, height, width = evidence.model.layer(evidence.layer).output_shape
    if not (0 <= row < height and 0 <= column < width):
        raise GeometryError(
            f"Cell ({row}, {column}) is outside {evidence.layer}, whose map is {height} x {width}: "
            f"rows 0 to {height - 1}, columns 0 to {width - 1}."
        )
    return channels, height, width


def _sentence(method: CamMethod, evidence: Evidence, whole: float, cell: tuple[int, int]) -> str:
    names, against = labels(evidence.model.spec), evidence.score.against
    score = f"“{names[evidence.score.targets[0]]}”"
    if against is not None:
        score += f" rather than “{names[against]}”"
    if method.needs == ("activations",):
        score = "any class alike"
    count = evidence.model.layer(evidence.layer).output_shape[0]
    row, column = cell
    speaks = "for" if whole > 0 or score == "any class alike" else "against"
    total = f"{whole:.4g}".replace("-", "−")
    ending = ", and ReLU makes it 0" if method.rectified and whole < 0 else ""
    return (
        f"At row {row}, column {column}, the {count:,} channels of {evidence.layer}, each times "
        f"its weight by {method.title}, add up to {total}{ending}: this speaks {speaks} {score}."
    )
