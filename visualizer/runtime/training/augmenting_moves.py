"""Moves of many pictures at once, each by its own draw, as torchvision moves one."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from torchvision.transforms.v2 import functional as vision

from visualizer.runtime.augmentation.pipeline import Step
from visualizer.runtime.training.augmenting_draws import Stream, scaled

Numbers = NDArray[np.float64]
ATTEMPTS = 10  # torchvision's, to find a rectangle
GREY = (0.299, 0.587, 0.114)


def mirrored(pictures: Tensor, _stream: Stream, _step: Step) -> Tensor:
    """Mirror left and right."""
    return pictures.flip(-1)


def upside_down(pictures: Tensor, _stream: Stream, _step: Step) -> Tensor:
    """Mirror top and bottom."""
    return pictures.flip(-2)


def rotated(pictures: Tensor, stream: Stream, step: Step) -> Tensor:
    """Turn each picture about its middle."""
    degrees = number(step, "degrees")
    angle = stream.uniform(-degrees, degrees).astype(np.float64)
    still = np.zeros_like(angle)
    return _sampled(pictures, _inverse(-(angle % 360), still, still, still + 1, still), step)


def affine(pictures: Tensor, stream: Stream, step: Step) -> Tensor:
    """Turn, shift, scale and shear each picture."""
    height, width = pictures.shape[-2:]
    degrees, shear = number(step, "degrees"), number(step, "shear")
    right, down = number(step, "right") * width, number(step, "down") * height
    angle = stream.uniform(-degrees, degrees).astype(np.float64)
    columns = np.rint(stream.uniform(-right, right).astype(np.float64))
    rows = np.rint(stream.uniform(-down, down).astype(np.float64))
    scale = stream.uniform(*interval(step, "scale")).astype(np.float64)
    tilt = stream.uniform(-shear, shear).astype(np.float64)
    return _sampled(pictures, _inverse(angle, columns, rows, scale, tilt), step)


def _inverse(
    angle_deg: Numbers, right: Numbers, down: Numbers, scale: Numbers, shear_deg: Numbers
) -> Numbers:
    """Invert shift · turn · scale · shear: matrices (n, 2, 3) from output cells to input cells."""
    turn, tilt = np.radians(angle_deg), np.tan(np.radians(shear_deg))
    a, c = np.cos(turn), np.sin(turn)
    b, d = -(a * tilt + np.sin(turn)), np.cos(turn) - c * tilt
    linear = np.stack([d, -b, -c, a], axis=-1).reshape(-1, 2, 2) / scale[:, None, None]
    offset = -linear @ np.stack([right, down], axis=-1)[:, :, None]
    return np.concatenate([linear, offset], axis=2)


def _sampled(pictures: Tensor, matrices: Numbers, step: Step) -> Tensor:
    """Read each picture at the places its matrix names; what lies outside gets the fill."""
    height, width = pictures.shape[-2:]
    theta = torch.from_numpy(matrices.astype(np.float32)).transpose(1, 2)
    theta = theta / torch.tensor([0.5 * width, 0.5 * height])
    base = torch.ones(height, width, 3)
    base[..., 0] = torch.linspace((1.0 - width) * 0.5, (width - 1.0) * 0.5, width)
    base[..., 1] = torch.linspace((1.0 - height) * 0.5, (height - 1.0) * 0.5, height)[:, None]
    grid = torch.matmul(base.view(1, -1, 3), theta).view(-1, height, width, 2)
    mode = str(step.parameters["interpolation"])
    values = torch.cat([pictures.float(), torch.ones_like(pictures[:, :1]).float()], dim=1)
    read = functional.grid_sample(values, grid, mode, padding_mode="zeros", align_corners=False)
    inside, mask = read[:, :-1], read[:, -1:]
    fill = filling(step, pictures.shape[1]).float()
    if mode == "nearest":
        return torch.where(mask < 0.5, fill, inside).round_().to(torch.uint8)
    return inside.sub_(fill).mul_(mask).add_(fill).round_().to(torch.uint8)


def cropped(pictures: Tensor, stream: Stream, step: Step) -> Tensor:
    """Put a border around each picture and cut a square of the old size from a random place."""
    side, border = pictures.shape[-1], int(number(step, "padding"))
    if not border:
        return pictures
    mode = str(step.parameters["padding_mode"])
    fill = filling(step, pictures.shape[1]).flatten().tolist() if mode == "constant" else 0
    padded = vision.pad(pictures, [border], fill=fill, padding_mode=mode)
    reach = np.arange(side)
    rows = stream.below(2 * border + 1)[:, None] + reach
    columns = stream.below(2 * border + 1)[:, None] + reach
    picture = torch.arange(len(pictures))[:, None, None]
    down, right = torch.from_numpy(rows)[:, :, None], torch.from_numpy(columns)[:, None, :]
    return padded.permute(0, 2, 3, 1)[picture, down, right].permute(0, 3, 1, 2).contiguous()


def resized_crops(pictures: Tensor, stream: Stream, step: Step) -> Tensor:
    """Cut a part of random area and shape from each picture and resize it to the whole."""
    size = list(pictures.shape[-2:])
    boxes = _boxes(stream, step, size, whole=True)
    made = [
        vision.resized_crop(one, int(top), int(left), int(height), int(width), size)
        for one, (top, left, height, width) in zip(pictures, boxes, strict=True)
    ]
    return torch.stack(made)


def erased(pictures: Tensor, stream: Stream, step: Step) -> Tensor:
    """Fill a rectangle of random area, shape and place in each picture."""
    height, width = pictures.shape[-2:]
    boxes = torch.from_numpy(_boxes(stream, step, [height, width], whole=False))
    top, left, tall, wide = (boxes[:, place, None] for place in range(4))
    rows, columns = torch.arange(height), torch.arange(width)
    down = (rows >= top) & (rows < top + tall)
    across = (columns >= left) & (columns < left + wide)
    hidden = (down[:, :, None] & across[:, None, :])[:, None]
    fill = filling(step, pictures.shape[1], "value")
    return torch.where(hidden, fill, pictures)


def _boxes(stream: Stream, step: Step, size: list[int], *, whole: bool) -> NDArray[np.int64]:
    """Draw rectangles (n, 4): top, left, height, width; torchvision tries up to ten times.

    ``whole`` tells that a rectangle may be the whole picture, and that ``ratio`` is width to
    height; without a rectangle it is the whole picture then, else empty.
    """
    height, width = size
    boxes = np.zeros((len(stream), 4), dtype=np.int64)
    boxes[:, 2:] = _whole(step, size) if whole else 0
    if whole:
        boxes[:, :2] = (np.array(size) - boxes[:, 2:]) // 2
    open_, room = np.ones(len(stream), dtype=bool), 0 if whole else 1
    log_ratio = torch.log(torch.tensor(interval(step, "ratio"))).tolist()
    for attempt in range(ATTEMPTS):
        words = stream.words[stream.place + 2 * attempt :]
        area = height * width * scaled(words[0], *interval(step, "scale")).astype(np.float64)
        shape = torch.exp(torch.from_numpy(scaled(words[1], *log_ratio))).double().numpy()
        long, short = np.rint(np.sqrt(area * shape)), np.rint(np.sqrt(area / shape))
        tall, wide = (short, long) if whole else (long, short)
        fits = (tall <= height - room) & (wide <= width - room) & open_
        fits &= (tall >= 1 - room) & (wide >= 1 - room)
        tall, wide = tall[fits].astype(np.int64), wide[fits].astype(np.int64)
        top = words[2][fits].astype(np.int64) % (height - tall + 1)
        left = words[3][fits].astype(np.int64) % (width - wide + 1)
        boxes[fits] = np.stack([top, left, tall, wide], axis=1)
        open_ &= ~fits
        if not open_.any():
            break
    return boxes


def _whole(step: Step, size: list[int]) -> tuple[int, int]:
    """Give height and width of the crop from the middle where no rectangle was found."""
    (height, width), (least, most) = size, interval(step, "ratio")
    shape = width / height
    if shape < least:
        return round(width / least), width
    return (height, round(height * most)) if shape > most else (height, width)


def filling(step: Step, channels: int, name: str = "fill") -> Tensor:
    """Give a step's colour, (channels, 1, 1) uint8; grey pictures get its luminance."""
    choices = next(one.choices for one in step.transform.parameters if one.name == name)
    colour = dict(choices)[str(step.parameters[name])]
    levels = list(colour) if isinstance(colour, tuple) else [colour] * 3
    if channels == 1:
        levels = [math.floor(sum(w * v for w, v in zip(GREY, levels, strict=True)) + 0.5)]
    return torch.tensor(levels, dtype=torch.uint8)[:, None, None]


def number(step: Step, name: str) -> float:
    """Read a number among a step's settings."""
    return float(step.parameters[name])  # type: ignore[arg-type]


def interval(step: Step, name: str) -> tuple[float, float]:
    """Read a range among a step's settings."""
    low, high = step.parameters[name]  # type: ignore[misc, str-unpack]
    return float(low), float(high)
