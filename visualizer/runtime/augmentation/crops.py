"""Transforms that choose a part of the picture, or its size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from visualizer.runtime.augmentation.record import FILL, Caution, Parameter, Told, Transform, Values

GROUP = "Crop and size"
SIZE = Parameter("size", "Size", "whole", 224, 8, 512, 1, "px")
CUT_OFF = Caution(
    ("imagenet", "cifar10", "mnist", "fashion_mnist"),
    "Crops below a tenth of the area often miss the object: then the label is wrong.",
    lambda values: float(values["scale"][0]) < 0.1,  # type: ignore[index]
)
MODE = Parameter(
    "padding_mode",
    "Border made of",
    "choice",
    "constant",
    choices=tuple((mode, mode) for mode in ("constant", "edge", "reflect", "symmetric")),
)


def _part(params: Mapping[str, Any], values: Values) -> Told:
    told = {f"{name}_px": int(params[name]) for name in ("top", "left", "height", "width")}
    height, width = told["height_px"], told["width_px"]
    text = f"{height} × {width} pixels from row {told['top_px']}, column {told['left_px']}"
    return f"{text}, resized to {values['size']} × {values['size']}", told


def _cut(params: Mapping[str, Any], _values: Values) -> Told:
    left, top = params["padding"][:2]
    told = {"top_px": int(params["top"]) - top, "left_px": int(params["left"]) - left}
    text = f"from row {told['top_px']}, column {told['left_px']}"
    return text, {**told, "height_px": params["height"], "width_px": params["width"]}


def _side(_params: Mapping[str, Any], values: Values) -> Told:
    return f"{values['size']} × {values['size']} pixels", {"size_px": values["size"]}


def _shorter(_params: Mapping[str, Any], values: Values) -> Told:
    return f"shorter side {values['size']} pixels", {"size_px": values["size"]}


def _canvas(params: Mapping[str, Any], _values: Values) -> Told:
    left, top, right, bottom = (int(side) for side in params["padding"])
    told = {"left_px": left, "top_px": top, "right_px": right, "bottom_px": bottom}
    return f"border of {left} left, {top} above, {right} right, {bottom} below", told


def _border(_params: Mapping[str, Any], values: Values) -> Told:
    return f"{values['padding']} pixels on each side", {"padding_px": values["padding"]}


def _crop_arguments(values: Values) -> dict[str, Any]:
    return {**values, "padding": values["padding"] or None}


TRANSFORMS = (
    Transform(
        "resized_crop",
        "Crop of any size",
        GROUP,
        "A part of random area and shape, resized: objects come in all sizes.",
        "RandomResizedCrop",
        (
            SIZE,
            Parameter(
                "scale", "Area", "range", (0.35, 1.0), 0.01, 1, 0.01,
                sentence="Share of the picture's area.", official=(0.08, 1.0),
            ),
            Parameter(
                "ratio", "Width to height", "range", (0.75, 1.333), 0.25, 4, 0.01,
                official=(3 / 4, 4 / 3),
            ),
        ),
        tell=_part,
        cautions=(CUT_OFF,),
    ),
    Transform(
        "crop",
        "Crop of one size",
        GROUP,
        "A square from a random place, with a border first if wanted: small shifts.",
        "RandomCrop",
        (
            SIZE,
            Parameter("padding", "Border first", "whole", 0, 0, 128, 1, "px"),
            Parameter("pad_if_needed", "Widen small pictures", "flag", False),
            FILL,
            MODE,
        ),
        tell=_cut,
        arguments=_crop_arguments,
    ),
    Transform(
        "center_crop",
        "Crop from the middle",
        GROUP,
        "Nothing random: what networks are tested on.",
        "CenterCrop",
        (SIZE,),
        tell=_side,
    ),
    Transform(
        "resize",
        "Resize",
        GROUP,
        "The shorter side gets this length; nothing random.",
        "Resize",
        (SIZE,),
        tell=_shorter,
    ),
    Transform(
        "zoom_out",
        "Zoom out",
        GROUP,
        "The picture on a larger empty canvas: small objects, as detectors meet them.",
        "RandomZoomOut",
        (FILL, Parameter("side_range", "Canvas", "range", (1.0, 2.0), 1, 4, 0.1, "×",
                         official=(1.0, 4.0))),
        chance=0.5,
        own_chance=True,
        tell=_canvas,
    ),
    Transform(
        "pad",
        "Border",
        GROUP,
        "A border on all sides; nothing random.",
        "Pad",
        (Parameter("padding", "Border", "whole", 16, 0, 128, 1, "px"), FILL, MODE),
        tell=_border,
    ),
)  # fmt: skip
