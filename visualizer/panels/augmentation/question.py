"""What the Augmentation tab's questions have in common: picture, pipeline, seed, partner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import GoneError, UnknownNameError, VisualizerError
from visualizer.runtime.augmentation.draw import Draw, Drawer, working_copy
from visualizer.runtime.augmentation.menu import notes
from visualizer.runtime.augmentation.objects import sample_objects
from visualizer.runtime.augmentation.pipeline import Pipeline, parse
from visualizer.runtime.samples import SAMPLES
from visualizer.ui.http import Query
from visualizer.ui.service import SAMPLE, Service

COUNT_MOST = 64
SIDES = 32, 512
TEXT_MOST = 4000


@dataclass(frozen=True)
class Question:
    """A pipeline on a picture; ``family`` is that of the labels the picture belongs to."""

    picture: str
    text: str
    steps: Pipeline
    seed: int
    family: str
    drawer: Drawer
    partner: str

    def notes(self) -> list[str]:
        """Say what is worth knowing about the pipeline."""
        return notes(self.steps, self.family)


def read_question(service: Service, query: Query) -> Question:
    """Read ``picture``, ``pipeline``, ``seed`` and ``partner`` of a request.

    Raises:
        UnknownNameError: no such picture, partner or transform.
        GoneError: picture or partner is no longer kept.
        VisualizerError: the pipeline cannot be read.
    """
    handle = query.parameters.get("picture", "")
    found = service.picture(handle)
    text = query.parameters.get("pipeline", "")
    if len(text) > TEXT_MOST:
        raise VisualizerError(f"The pipeline has {len(text):,} letters, at most {TEXT_MOST:,}.")
    steps, seed = parse(text), _number(query, "seed", 0)
    name = handle.removeprefix(SAMPLE) if handle.startswith(SAMPLE) else ""
    pixels, objects = working_copy(found.pixels, sample_objects(name))
    partner = query.parameters.get("partner") or default_partner(handle)
    mixing = any(step.transform.pair for step in steps)
    other = _second(service, partner) if mixing else None
    drawer = Drawer(pixels, steps, seed, partner=other, objects=objects)
    return Question(handle, text, steps, seed, family(service, query), drawer, partner)


def _second(service: Service, partner: str) -> NDArray[np.uint8]:
    """Find the picture to mix with, a sample or a visitor's own; what is wrong names its part."""
    try:
        return working_copy(service.picture(partner).pixels)[0]
    except (UnknownNameError, GoneError) as error:
        raise type(error)(f"The second picture cannot be mixed in. {error}") from None


def family(service: Service, query: Query) -> str:
    """Name the family of labels a picture belongs to: a sample's own, else the network's."""
    for sample in SAMPLES:
        if query.parameters.get("picture") == SAMPLE + sample.name:
            return sample.suits
    net = query.parameters.get("net")
    return service.spec(net).labels if net else "imagenet"


def default_partner(handle: str) -> str:
    """Choose the sample that a picture is mixed with: the next of its family."""
    names = [sample for sample in SAMPLES if SAMPLE + sample.name == handle]
    suits = names[0].suits if names else "imagenet"
    kin = [SAMPLE + sample.name for sample in SAMPLES if sample.suits == suits]
    return kin[(kin.index(handle) + 1) % len(kin)] if handle in kin else kin[0]


def counted(query: Query) -> range:
    """Read ``first`` and ``count``: which draws are asked for."""
    first, count = _number(query, "first", 0), _number(query, "count", 16)
    if not 1 <= count <= COUNT_MOST:
        raise VisualizerError(f"{count} draws were asked for; choose 1 to {COUNT_MOST}.")
    return range(first, first + count)


def side(query: Query, usual: int) -> int:
    """Read ``side``, in pixels."""
    asked = _number(query, "side", usual)
    if not SIDES[0] <= asked <= SIDES[1]:
        raise VisualizerError(
            f"A side of {asked} pixels is not shown; choose {SIDES[0]} to {SIDES[1]}."
        )
    return asked


def _number(query: Query, name: str, usual: int) -> int:
    return query.whole_number(name) if query.parameters.get(name) else usual


def described(draw: Draw) -> dict[str, Any]:
    """Describe a draw: what fired with which values, where its objects are."""
    height, width = draw.pixels.shape[:2]
    applied = [
        {
            "step": one.step,
            "id": one.id,
            "title": one.title,
            "text": one.text,
            "values": one.values,
            "seed": one.seed,
        }
        for one in draw.applied
    ]
    boxes = [{"label": found.label, "box": list(found.box)} for found in draw.objects]
    return {
        "number": draw.number,
        "height": height,
        "width": width,
        "applied": applied,
        "skipped": list(draw.skipped),
        "boxes": boxes,
        "boxes_lost": draw.lost,
        "share": draw.share,
    }


def numbered_masks(draw: Draw) -> NDArray[np.uint8]:
    """Paint the masks of a draw: (h, w), 1 + the place in ``boxes`` of the object there, else 0."""
    painted = np.zeros(draw.pixels.shape[:2], np.uint8)
    for place, found in enumerate(draw.objects):
        if found.mask is not None:
            painted[found.mask] = place + 1
    return painted
