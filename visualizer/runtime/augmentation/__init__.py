"""Augmentation: torchvision's transforms, drawn picture by picture, every draw kept and told."""

from __future__ import annotations

from difflib import get_close_matches

from visualizer.errors import UnknownNameError
from visualizer.runtime.augmentation import (
    colour,
    crops,
    damage,
    geometry,
    pairs,
    policies,
)
from visualizer.runtime.augmentation.record import Transform

TRANSFORMS: tuple[Transform, ...] = (
    *geometry.TRANSFORMS,
    *crops.TRANSFORMS,
    *colour.TRANSFORMS,
    *damage.TRANSFORMS,
    *policies.TRANSFORMS,
    *pairs.TRANSFORMS,
)


def find(name: str) -> Transform:
    """Find a transform by its id.

    Raises:
        UnknownNameError: no such transform; the nearest names are listed.
    """
    for transform in TRANSFORMS:
        if transform.id == name:
            return transform
    names = [transform.id for transform in TRANSFORMS]
    nearest = get_close_matches(name, names, n=3, cutoff=0.5) or names
    raise UnknownNameError(f"There is no transform {name!r}; choose one of {', '.join(nearest)}.")
