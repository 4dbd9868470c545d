"""Normalisation: batch, layer, and the probabilities of softmax."""

from __future__ import annotations

import numpy as np

from visualizer.analyses.arithmetic.place import Arithmetic, Place, cell_patch, patch
from visualizer.analyses.arithmetic.wording import factor, minus, number, plus


def batch_norm(place: Place) -> Arithmetic:
    """Normalise with the channel's running mean and variance; also as slope · x + offset.

    Source: Ioffe & Szegedy, ICML 2015, arXiv:1502.03167, algorithm 2.
    """
    (source,) = place.sources
    own = {name: float(value) for name, value in place.own().items()}
    mean, variance = own["running_mean"], own["running_var"]
    weight, bias, eps = own.get("weight", 1.0), own.get("bias", 0.0), place.layer.attributes["eps"]
    deviation = float(np.sqrt(variance + eps))
    slope = weight / deviation
    offset = bias - mean * slope
    read = cell_patch(place, source, slope)
    x = float(read.inputs.item())
    value = (x - mean) / deviation * weight + bias
    return Arithmetic(
        "norm",
        (read,),
        value,
        _normalised(x, mean, variance, eps, weight, bias, value),
        adds=True,
        bias=offset,
        before=x,
        constants=(
            ("mean", mean), ("variance", variance), ("eps", eps), ("weight", weight),
            ("bias", bias), ("slope", slope), ("offset", offset),
        ),
    )  # fmt: skip


def layer_norm(place: Place) -> Arithmetic:
    """Normalise with the mean and variance of all channels at this cell.

    Source: Ba, Kiros & Hinton, arXiv:1607.06450, equations 3 and 4.
    """
    (source,) = place.sources
    own = {name: float(value) for name, value in place.own().items()}
    weight, bias, eps = own.get("weight", 1.0), own.get("bias", 0.0), place.layer.attributes["eps"]
    channels = range(source.output_shape[0])
    read = patch(place, source, channels, [place.row], [place.column])
    x = float(read.inputs[place.channel, 0, 0])
    mean, variance = float(read.inputs.mean()), float(read.inputs.var())
    deviation = float(np.sqrt(variance + eps))
    value = (x - mean) / deviation * weight + bias
    return Arithmetic(
        "norm",
        (read,),
        value,
        _normalised(x, mean, variance, eps, weight, bias, value),
        before=x,
        constants=(
            ("mean", mean), ("variance", variance), ("eps", eps), ("weight", weight),
            ("bias", bias),
        ),
        note=f"Mean and variance are those of the {len(channels):,} channels at this cell.",
    )  # fmt: skip


def softmax(place: Place) -> Arithmetic:
    """Give a class its share of all exponentials, the largest logit subtracted first.

    Source: Bridle, Neurocomputing 1990; Goodfellow, Bengio & Courville 2016, section 4.1.
    """
    (source,) = place.sources
    channels = range(source.output_shape[0])
    read = patch(place, source, channels, [place.row], [place.column])
    logits = read.inputs[:, 0, 0]
    x, highest = float(logits[place.channel]), float(logits.max())
    powers = np.exp(logits - highest)
    total = float(powers.sum())
    value = float(powers[place.channel]) / total
    formula = f"exp({number(x)}{minus(highest)}) / {number(total)} ≈ {number(value)}"
    note = (
        f"{number(total)} is the sum of exp(z{minus(highest)}) over all {len(channels):,} logits "
        "z; subtracting the largest logit changes no share and keeps exp from overflowing."
    )
    constants = (("largest", highest), ("sum", total), ("exp", float(powers[place.channel])))
    return Arithmetic("softmax", (read,), value, formula, before=x, constants=constants, note=note)


def _normalised(
    x: float, mean: float, variance: float, eps: float, weight: float, bias: float, value: float
) -> str:
    above = f"({number(x)}{minus(mean)})"
    below = f"√({number(variance)} + {number(eps)})"
    return f"{above} / {below} · {factor(weight)}{plus(bias)} ≈ {number(value)}"
