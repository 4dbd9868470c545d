"""Activations: one value in, one value out."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from visualizer.analyses.arithmetic.place import Arithmetic, Place, cell_patch
from visualizer.analyses.arithmetic.wording import factor, minus, number

Worked = tuple[float, str]  # the value, and the formula with the number put in


def unary(rule: Callable[[Place, float], Worked]) -> Callable[[Place], Arithmetic]:
    """Make the arithmetic of one cell from a rule for its value."""

    def work_out(place: Place) -> Arithmetic:
        (source,) = place.sources
        read = cell_patch(place, source)
        x = float(read.inputs.item())
        value, formula = rule(place, x)
        return Arithmetic("unary", (read,), value, formula, before=x)

    return work_out


def relu(_place: Place, x: float) -> Worked:
    """Cut at 0: ``max(0, x)`` (Nair & Hinton, ICML 2010)."""
    value = x if math.isnan(x) else max(0.0, x)
    return value, f"max(0, {number(x)}) = {number(value)}"


def relu6(_place: Place, x: float) -> Worked:
    """Cut at 0 and 6 (Sandler et al., CVPR 2018, arXiv:1801.04381)."""
    value = _cut(x, 6)
    return value, f"min(max(0, {number(x)}), 6) = {number(value)}"


def silu(_place: Place, x: float) -> Worked:
    """Work out ``x · sigmoid(x)`` (Elfwing et al., arXiv:1702.03118)."""
    value = x * _sigmoid(x)
    return value, f"{number(x)} / (1 + exp({number(-x)})) ≈ {number(value)}"


def sigmoid(_place: Place, x: float) -> Worked:
    """Work out ``1 / (1 + exp(−x))``."""
    value = _sigmoid(x)
    return value, f"1 / (1 + exp({number(-x)})) ≈ {number(value)}"


def tanh(_place: Place, x: float) -> Worked:
    """Work out ``tanh(x)``, which is ``2 · sigmoid(2x) − 1``."""
    value = math.tanh(x)
    return value, f"tanh({number(x)}) ≈ {number(value)}"


def gelu(place: Place, x: float) -> Worked:
    """Multiply by the share of a normal distribution below x (arXiv:1606.08415)."""
    if place.layer.attributes["approximate"] == "tanh":
        inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
        value = 0.5 * x * (1 + math.tanh(inner))
        cubed = f"√(2/π) · ({number(x)} + 0.044715 · {factor(x)}³)"
        return value, f"{number(x)} / 2 · (1 + tanh({cubed})) ≈ {number(value)}"
    value = 0.5 * x * (1 + math.erf(x / math.sqrt(2)))
    return value, f"{number(x)} / 2 · (1 + erf({number(x)} / √2)) ≈ {number(value)}"


def hardswish(_place: Place, x: float) -> Worked:
    """Work out ``x · min(max(0, x + 3), 6) / 6`` (Howard et al., arXiv:1905.02244)."""
    value = x * _cut(x + 3, 6) / 6
    return value, f"{number(x)} · min(max(0, {number(x)} + 3), 6) / 6 ≈ {number(value)}"


def hardsigmoid(_place: Place, x: float) -> Worked:
    """Work out ``min(max(0, x + 3), 6) / 6`` (Howard et al., arXiv:1905.02244)."""
    value = _cut(x + 3, 6) / 6
    return value, f"min(max(0, {number(x)} + 3), 6) / 6 ≈ {number(value)}"


def pixel(place: Place) -> Arithmetic:
    """Normalise one pixel: ``(pixel / 255 − mean) / std``."""
    mean, std = place.normalise
    own = float(place.maps(place.layer.name)[place.channel, place.row, place.column])
    shade = (own * std + mean) * 255
    whole = float(np.rint(shade))
    if abs(shade - whole) < 1e-3:  # what float32 leaves of a whole number
        shade = whole
    value = (shade / 255 - mean) / std
    formula = f"({number(shade)} / 255{minus(mean)}) / {number(std)} ≈ {number(value)}"
    note = (
        "Resizing the picture made this pixel, 0 to 255; mean and std are those of the pictures "
        "the network was trained on. The border of a fitted picture has the mean colour."
    )
    constants = (("pixel", shade), ("mean", mean), ("std", std))
    return Arithmetic("input", (), value, formula, before=shade, constants=constants, note=note)


def _cut(x: float, high: float) -> float:
    return x if math.isnan(x) else min(max(0.0, x), high)


def _sigmoid(x: float) -> float:
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    grown = math.exp(x)  # no overflow for large −x
    return grown / (1 + grown)
