"""How strongly real pictures drive what an optimised picture is made for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from visualizer.runtime.collection import Collection
from visualizer.runtime.framing import network_input
from visualizer.runtime.model import Model
from visualizer.runtime.pattern.objective import Objective
from visualizer.runtime.picture import read_picture
from visualizer.runtime.samples import SAMPLES, Sample, sample_path

PHOTOS = "imagenet"

_parts: WeakKeyDictionary[Collection, dict[tuple[int, ...], Collection]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Found:
    """The sample that drives an objective most, of those looked at so far."""

    title: str
    value: float


def drive(objective: Objective, maps: NDArray[np.float32]) -> float:
    """Evaluate an objective on a layer's maps of a real picture.

    Shapes: maps (C, h, w). The mean of the channel; where the objective is one cell, the best cell
    of the channel, so that the picture's place does not matter; of a whole layer the mean square.
    """
    if objective.channel is None:
        return float(np.square(maps).mean())
    channel = maps[objective.channel]
    if objective.cell is None:
        return float(channel.mean())
    return float(channel.min() if objective.negative else channel.max())


def strongest(model: Model, objective: Objective) -> Iterator[Found]:
    """Look at the samples that suit a network one by one; give the strongest so far each time."""
    best: Found | None = None
    for sample in suiting(model):
        batch = network_input(read_picture(sample_path(sample.name)), model.spec)
        maps = model.values(batch, [objective.layer])[objective.layer][0]
        value = drive(objective, maps)
        ahead = -1 if objective.negative else 1
        if best is None or ahead * value > ahead * best.value:
            best = Found(sample.title, value)
        yield best


def suiting(model: Model) -> list[Sample]:
    """List the samples made for a network's classes; photos where there are none."""
    suited = [sample for sample in SAMPLES if sample.suits == model.spec.labels]
    return suited or [sample for sample in SAMPLES if sample.suits == PHOTOS]


def suiting_part(model: Model, samples: Collection) -> tuple[tuple[int, ...], Collection]:
    """Take those of all samples that are made for a network's classes: which, and the pictures.

    A white digit on black has harder edges than any photo and would win most channels of a network
    for photos. The same part is given each time, so that what is known of it can be kept.
    """
    suited = suiting(model)
    places = tuple(place for place, sample in enumerate(SAMPLES) if sample in suited)
    parts = _parts.setdefault(samples, {})
    if places not in parts:
        parts[places] = samples.part(places)
    return places, parts[places]
