"""Ready-made policies: several operations of random strength, and which of them were drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torchvision.transforms import v2

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

GROUP = "Policies"
INVERTING = Caution(
    ("mnist",), "It shifts, turns and inverts strongly: look whether digits can still be read."
)
UNITS = {
    "Rotate": "{:+.1f}°",
    "ShearX": "{:+.2f}",
    "ShearY": "{:+.2f}",
    "TranslateX": "{:+.0f} px",
    "TranslateY": "{:+.0f} px",
    "Posterize": "{:.0f} bits",
    "Solarize": "from {:.2f}",
    "Brightness": "{:+.2f}",
    "Color": "{:+.2f}",
    "Contrast": "{:+.2f}",
    "Sharpness": "{:+.2f}",
}


class Telling(v2.Transform):  # type: ignore[misc]
    """Note every operation that a policy applies, with its magnitude; nothing else changes."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.told: list[tuple[str, float]] = []

    def _apply_image_or_video_transform(
        self, image: Any, transform_id: str, magnitude: float, **how: Any
    ) -> Any:
        self.told.append((transform_id, float(magnitude)))
        return super()._apply_image_or_video_transform(image, transform_id, magnitude, **how)


class TellingAutoAugment(Telling, v2.AutoAugment):  # type: ignore[misc]
    """AutoAugment that tells what it did."""


class TellingRandAugment(Telling, v2.RandAugment):  # type: ignore[misc]
    """RandAugment that tells what it did."""


class TellingTrivialAugment(Telling, v2.TrivialAugmentWide):  # type: ignore[misc]
    """TrivialAugment that tells what it did."""


class TellingAugMix(Telling, v2.AugMix):  # type: ignore[misc]
    """AugMix that tells what it did."""


def _operations(params: Mapping[str, Any], _values: Values) -> Told:
    told = [{"name": name, "magnitude": size} for name, size in params["operations"]]
    words = [
        f"{name} {UNITS[name].format(size)}" if name in UNITS else name
        for name, size in params["operations"]
    ]
    return ", ".join(words) or "no operation", {"operations": told}


POLICIES = tuple((policy.value, policy) for policy in v2.AutoAugmentPolicy)

TRANSFORMS = (
    Transform(
        "autoaugment",
        "AutoAugment",
        GROUP,
        "Two operations from a list that a search found best for a data set.",
        "AutoAugment",
        (Parameter("policy", "Found for", "choice", "imagenet", choices=POLICIES),
         INTERPOLATION, FILL),
        tell=_operations,
        kind=TellingAutoAugment,
        cautions=(INVERTING,),
        boxes=False,
    ),
    Transform(
        "randaugment",
        "RandAugment",
        GROUP,
        "Some operations at random, all of one strength: no search.",
        "RandAugment",
        (
            Parameter("num_ops", "Operations", "whole", 2, 0, 8, 1),
            Parameter("magnitude", "Strength", "whole", 9, 0, 30, 1),
            INTERPOLATION,
            FILL,
        ),
        tell=_operations,
        kind=TellingRandAugment,
        cautions=(INVERTING,),
        boxes=False,
    ),
    Transform(
        "trivialaugment",
        "TrivialAugment",
        GROUP,
        "One operation of random strength: no setting to tune.",
        "TrivialAugmentWide",
        (INTERPOLATION, FILL),
        tell=_operations,
        kind=TellingTrivialAugment,
        cautions=(INVERTING,),
        boxes=False,
    ),
    Transform(
        "augmix",
        "AugMix",
        GROUP,
        "Several chains of operations, mixed with one another and with the picture.",
        "AugMix",
        (
            Parameter("severity", "Strength", "whole", 3, 1, 10, 1),
            Parameter("mixture_width", "Chains", "whole", 3, 1, 6, 1),
            Parameter("chain_depth", "Length", "whole", -1, -1, 6, 1,
                      sentence="Operations in a chain; −1 draws 1 to 3."),
            Parameter("alpha", "Evenness", "number", 1.0, 0.1, 10, 0.1),
            SMOOTH,
            FILL,
        ),
        tell=_operations,
        kind=TellingAugMix,
        cautions=(INVERTING,),
        boxes=False,
    ),
)  # fmt: skip
