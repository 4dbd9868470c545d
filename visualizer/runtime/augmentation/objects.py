"""Where things are in a picture, as detection and segmentation need it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor
from torchvision import tv_tensors
from torchvision.transforms.v2 import functional

from visualizer.zoo.resources import folder

LEAST_PX = 1.0  # a box that is narrower has left the picture


@dataclass(frozen=True, eq=False)
class Found:
    """An object: its box (left, top, right, bottom) in pixels and its mask (H, W), where known."""

    label: str
    box: tuple[float, float, float, float]
    mask: NDArray[np.bool_] | None = None


@cache
def _marked() -> dict[str, Any]:
    path = folder("assets") / "images" / "objects.json"
    marked: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return marked


def sample_objects(name: str) -> tuple[Found, ...]:
    """Give the objects marked by hand in a sample; none in most."""
    marked = _marked().get(name)
    if marked is None:
        return ()
    return tuple(
        Found(one["label"], tuple(one["box"]), _filled(one.get("outline"), marked))
        for one in marked["objects"]
    )


def _filled(outline: list[list[float]] | None, marked: dict[str, Any]) -> NDArray[np.bool_] | None:
    if outline is None:
        return None
    image = Image.new("1", (marked["width"], marked["height"]))
    ImageDraw.Draw(image).polygon([(x, y) for x, y in outline], fill=1)
    return np.asarray(image, dtype=bool)


def as_tensors(objects: tuple[Found, ...], height: int, width: int) -> list[Tensor]:
    """Give one box tensor and one mask tensor that torchvision's transforms move along."""
    if not objects:
        return []
    boxes = torch.tensor([one.box for one in objects], dtype=torch.float32)
    empty = np.zeros((height, width), dtype=bool)
    masks = np.stack([empty if one.mask is None else one.mask for one in objects])
    return [
        tv_tensors.BoundingBoxes(boxes, format="XYXY", canvas_size=(height, width)),
        tv_tensors.Mask(torch.from_numpy(masks.astype(np.uint8))),
    ]


def as_objects(objects: tuple[Found, ...], tensors: list[Tensor]) -> tuple[Found, ...]:
    """Read the moved boxes and masks; what has left the picture is left out."""
    if not tensors:
        return ()
    boxes, masks = functional.clamp_bounding_boxes(tensors[0]), tensors[1].numpy() > 0
    kept = []
    for one, box, mask in zip(objects, boxes.tolist(), masks, strict=True):
        left, top, right, bottom = box
        if min(right - left, bottom - top) >= LEAST_PX:
            known = None if one.mask is None else mask
            kept.append(Found(one.label, (left, top, right, bottom), known))
    return tuple(kept)
