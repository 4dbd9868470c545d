"""Transforms that change colours and leave every pixel in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from visualizer.runtime.augmentation.quick_colour import QuickDistort, QuickJitter
from visualizer.runtime.augmentation.record import Parameter, Told, Transform, Values

GROUP = "Colour"
NAMES = ("brightness", "contrast", "saturation", "hue")


def _amount(name: str, default: float, maximum: float = 1) -> Parameter:
    sentence = "Drawn from 1 minus to 1 plus this." if name != "hue" else "Share of the circle."
    return Parameter(
        name, name.capitalize(), "number", default, 0, maximum, 0.01,
        sentence=sentence, official=0.0,
    )  # fmt: skip


def _factors(params: Mapping[str, Any]) -> dict[str, float]:
    found = {name: params[f"{name}_factor"] for name in NAMES}
    return {name: float(value) for name, value in found.items() if value is not None}


def _words(factors: Mapping[str, float]) -> str:
    return ", ".join(
        f"hue {value:+.3f}" if name == "hue" else f"{name} × {value:.2f}"
        for name, value in factors.items()
    )


def _jitter(params: Mapping[str, Any], _values: Values) -> Told:
    factors = _factors(params)
    order = [NAMES[place] for place in params["fn_idx"].tolist()]
    in_order = {name: factors[name] for name in order if name in factors}
    return _words(in_order) or "nothing to change", {**in_order, "order": list(in_order)}


def _photometric(params: Mapping[str, Any], _values: Values) -> Told:
    factors = _factors(params)
    told: dict[str, Any] = dict(factors)
    words = [_words(factors)] if factors else []
    if params["channel_permutation"] is not None:
        told["channels"] = params["channel_permutation"].tolist()
        words.append("channels " + "".join("RGB"[place] for place in told["channels"]))
    return ", ".join(words) or "nothing to change", told


def _permutation(params: Mapping[str, Any], _values: Values) -> Told:
    order = params["permutation"].tolist()
    return "channels " + "".join("RGB"[place] for place in order), {"channels": order}


def _bits(_params: Mapping[str, Any], values: Values) -> Told:
    return f"{values['bits']} bits a channel", {"bits": values["bits"]}


def _threshold(_params: Mapping[str, Any], values: Values) -> Told:
    return f"levels from {values['threshold']:g} inverted", {"threshold": values["threshold"]}


def _sharpness(_params: Mapping[str, Any], values: Values) -> Told:
    return f"sharpness × {values['sharpness_factor']:g}", dict(values)


TRANSFORMS = (
    Transform(
        "jitter",
        "Colour shift",
        GROUP,
        "Brightness, contrast, saturation and hue, in random order: other light, other cameras.",
        "ColorJitter",
        (_amount("brightness", 0.4), _amount("contrast", 0.4), _amount("saturation", 0.4),
         _amount("hue", 0.1, 0.5)),
        tell=_jitter,
        kind=QuickJitter,
    ),
    Transform(
        "grey", "Grey", GROUP, "Colours are taken away: shape has to do.", "RandomGrayscale",
        chance=0.1, own_chance=True,
    ),
    Transform(
        "photometric",
        "Photometric distortion",
        GROUP,
        "Each of brightness, contrast, saturation, hue and order of channels half of the time.",
        "RandomPhotometricDistort",
        (
            Parameter("brightness", "Brightness", "range", (0.875, 1.125), 0, 3),
            Parameter("contrast", "Contrast", "range", (0.5, 1.5), 0, 3),
            Parameter("saturation", "Saturation", "range", (0.5, 1.5), 0, 3),
            Parameter("hue", "Hue", "range", (-0.05, 0.05), -0.5, 0.5),
        ),
        tell=_photometric,
        kind=QuickDistort,
    ),
    Transform(
        "channels", "Exchange channels", GROUP, "Red, green and blue change places.",
        "RandomChannelPermutation", tell=_permutation,
    ),
    Transform(
        "invert", "Invert", GROUP, "A negative.", "RandomInvert", chance=0.5, own_chance=True,
    ),
    Transform(
        "posterize", "Fewer levels", GROUP, "Only the upper bits of each channel stay.",
        "RandomPosterize", (Parameter("bits", "Bits", "whole", 4, 1, 8, 1),),
        chance=0.5, own_chance=True, tell=_bits,
    ),
    Transform(
        "solarize", "Solarise", GROUP, "Levels from the threshold up are inverted.",
        "RandomSolarize", (Parameter("threshold", "Threshold", "number", 128.0, 0, 255, 1),),
        chance=0.5, own_chance=True, tell=_threshold,
    ),
    Transform(
        "autocontrast", "Full contrast", GROUP,
        "Each channel's darkest level becomes black, its brightest white.",
        "RandomAutocontrast", chance=0.5, own_chance=True,
    ),
    Transform(
        "equalize", "Equalise", GROUP, "All levels become equally frequent.", "RandomEqualize",
        chance=0.5, own_chance=True,
    ),
    Transform(
        "sharpness", "Sharpness", GROUP, "Below 1 softer, above 1 sharper.",
        "RandomAdjustSharpness",
        (Parameter("sharpness_factor", "Factor", "number", 2.0, 0, 10, 0.1),),
        chance=0.5, own_chance=True, tell=_sharpness,
    ),
)  # fmt: skip
