"""Transforms that move pixels: mirror, turn, shift, tilt, bend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from visualizer.runtime.augmentation.elastic import QuickElastic
from visualizer.runtime.augmentation.linear import QuickAffine, QuickRotation
from visualizer.runtime.augmentation.record import (
    FILL,
    INTERPOLATION,
    SMOOTH,
    Caution,
    Parameter,
    Told,
    Transform,
    Values,
)

GROUP = "Geometry"
MIRRORED = Caution(
    ("mnist",), "A mirrored 2 is no 2: leave mirrors out where digits or letters are told apart."
)
UPSIDE_DOWN = Caution(
    ("mnist",), "A 6 upside down is a 9: leave this out where digits are told apart."
)
TURNED = Caution(
    ("mnist",),
    "Turned far, a 6 becomes a 9: keep the angle of digits within 30°.",
    lambda values: float(values["degrees"]) > 30,  # type: ignore[arg-type]
)


def _angle(params: Mapping[str, Any], _values: Values) -> Told:
    angle = params["angle"]
    return f"turned by {angle:+.1f}°", {"angle_deg": angle}


def _affine(params: Mapping[str, Any], _values: Values) -> Told:
    right, down = (int(step) for step in params["translate"])
    told = {
        "angle_deg": params["angle"],
        "right_px": right,
        "down_px": down,
        "scale": params["scale"],
        "shear_deg": params["shear"][0],
    }
    text = (
        f"turned by {params['angle']:+.1f}°, shifted by {right:+d} right and {down:+d} down, "
        f"scaled by {params['scale']:.2f}, sheared by {params['shear'][0]:+.1f}°"
    )
    return text, told


def _affine_arguments(values: Values) -> dict[str, Any]:
    return {
        "degrees": values["degrees"],
        "translate": (values["right"], values["down"]),
        "scale": values["scale"],
        "shear": values["shear"],
        "interpolation": values["interpolation"],
        "fill": values["fill"],
    }


def _perspective(params: Mapping[str, Any], _values: Values) -> Told:
    return "seen from the side", {"coefficients": params["coefficients"]}


def _elastic(params: Mapping[str, Any], _values: Values) -> Told:
    moved = params["displacement"]  # shares of half the width and height
    height, width = moved.shape[1:3]
    far = (moved[..., 0] * width / 2) ** 2 + (moved[..., 1] * height / 2) ** 2
    most = float(far.max() ** 0.5)
    return f"pixels moved by up to {most:.1f}", {"most_px": most}


def _degrees(default: float, maximum: float = 180) -> Parameter:
    sentence = "The angle is drawn between minus and plus this."
    return Parameter("degrees", "Angle", "number", default, 0, maximum, 1, "°", sentence)


TRANSFORMS = (
    Transform(
        "hflip",
        "Mirror left and right",
        GROUP,
        "A cat seen in a mirror is a cat.",
        "RandomHorizontalFlip",
        chance=0.5,
        own_chance=True,
        cautions=(MIRRORED,),
    ),
    Transform(
        "vflip",
        "Mirror top and bottom",
        GROUP,
        "Right for cells under a microscope or pictures from above, odd for photos of people.",
        "RandomVerticalFlip",
        chance=0.5,
        own_chance=True,
        cautions=(UPSIDE_DOWN,),
    ),
    Transform(
        "rotate",
        "Rotate",
        GROUP,
        "Turn about the middle; corners that were outside are filled.",
        "RandomRotation",
        (
            _degrees(15),
            INTERPOLATION,
            Parameter("expand", "Show the whole picture", "flag", False),
            FILL,
        ),
        tell=_angle,
        kind=QuickRotation,
        cautions=(TURNED,),
    ),
    Transform(
        "affine",
        "Shift, scale, shear",
        GROUP,
        "One linear map: turn, shift, scale and shear at once.",
        "RandomAffine",
        (
            _degrees(0),
            Parameter("right", "Shift sideways", "number", 0.1, sentence="Share of the width."),
            Parameter("down", "Shift up and down", "number", 0.1, sentence="Share of the height."),
            Parameter("scale", "Scale", "range", (0.9, 1.1), 0.1, 3, 0.05),
            Parameter("shear", "Shear", "number", 0.0, 0, 60, 1, "°"),
            INTERPOLATION,
            FILL,
        ),
        tell=_affine,
        kind=QuickAffine,
        arguments=_affine_arguments,
        cautions=(TURNED,),
    ),
    Transform(
        "perspective",
        "Perspective",
        GROUP,
        "As if the picture hung on a wall and one walked past.",
        "RandomPerspective",
        (Parameter("distortion_scale", "Distortion", "number", 0.5), SMOOTH, FILL),
        chance=0.5,
        own_chance=True,
        tell=_perspective,
    ),
    Transform(
        "elastic",
        "Elastic",
        GROUP,
        "Every pixel moves a little, neighbours alike: handwriting and tissue vary so.",
        "ElasticTransform",
        (
            Parameter("alpha", "Strength", "number", 50.0, 0, 500, 5),
            Parameter("sigma", "Smoothness", "number", 5.0, 1, 20, 0.5, "px"),
            SMOOTH,
            FILL,
        ),
        tell=_elastic,
        kind=QuickElastic,
    ),
)
