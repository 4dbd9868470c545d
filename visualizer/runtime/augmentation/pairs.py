"""Transforms that mix a picture with another one, and their labels in the same shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from visualizer.runtime.augmentation.record import Caution, Parameter, Told, Transform, Values

GROUP = "Two pictures"
MIXED = Caution(
    ("imagenet", "cifar10", "mnist", "fashion_mnist"),
    "The label is mixed too: train with both classes in these shares.",
)
ALPHA = Parameter(
    "alpha", "Evenness", "number", 1.0, 0.05, 8, 0.05,
    sentence="Of the Beta distribution: small values leave one picture nearly alone.",
)  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _share(params: Mapping[str, Any], _values: Values) -> Told:
    share = float(params["lam"])
    return f"{_percent(share)} this picture, {_percent(1 - share)} the other", {"share": share}


def _patch(params: Mapping[str, Any], _values: Values) -> Told:
    left, top, right, bottom = params["box"]
    share = float(params["lam_adjusted"])
    told = {"left_px": left, "top_px": top, "right_px": right, "bottom_px": bottom}
    text = f"{bottom - top} × {right - left} pixels of the other; {_percent(share)} this picture"
    return text, {"share": share, **told}


TRANSFORMS = (
    Transform(
        "mixup", "MixUp", GROUP, "Both pictures, one shining through the other.", "MixUp",
        (ALPHA,), tell=_share, cautions=(MIXED,), boxes=False, pair=True,
    ),
    Transform(
        "cutmix", "CutMix", GROUP, "A rectangle of the other picture is pasted in.", "CutMix",
        (ALPHA,), tell=_patch, cautions=(MIXED,), boxes=False, pair=True,
    ),
)  # fmt: skip
