"""How much a comparison takes on: small networks are measured broadly, large ones in a minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visualizer.runtime.training.fitting import SIDES
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.transfer_record import NAMES, way_of
from visualizer.zoo.spec import ModelSpec

MACS_MOST = 3_000_000_000  # of one picture: above, a single one holds up everybody else
PARAMETERS_MOST = 13_000_000


@dataclass(frozen=True)
class Scale:
    """What is usual for networks of one size.

    ``per_class``, ``seeds`` and ``ways`` are compared unless others are asked for. A training takes
    ``steps`` steps, or as many more as ``epochs`` (least and most) make of it; one from scratch
    takes ``scratch`` times that. ``tested`` (at least, and at most) and ``validated`` count
    pictures. Where ``kept_statistics``, batch normalisation that has learned goes by the
    statistics it has. The usual cut leaves at most the share ``behind`` of the multiplications.
    ``rates`` are learning rates where they differ from a way's own.
    """

    per_class: tuple[int, ...]
    seeds: int
    ways: tuple[str, ...]
    batch: int
    steps: int
    epochs: tuple[int, int]
    scratch: float
    tested: tuple[int, int]
    validated: int
    kept_statistics: bool
    behind: float
    rates: Mapping[str, float]


SMALL = Scale(
    per_class=(1, 2, 5, 10, 20, 50),
    seeds=3,
    ways=NAMES,
    batch=32,
    steps=100,
    epochs=(10, 100),
    scratch=1,
    tested=(300, 1_000),
    validated=200,
    kept_statistics=False,
    behind=1,
    rates={},
)
LARGE = Scale(
    per_class=(1, 5),
    seeds=1,
    ways=("start", "frozen", "head"),
    batch=8,
    steps=20,
    epochs=(5, 20),
    scratch=0.5,
    tested=(100, 100),
    validated=20,
    kept_statistics=True,
    behind=0.4,
    rates={"start": 3e-4, "frozen": 3e-4},
)


def is_large(spec: ModelSpec) -> bool:
    """Tell whether a network takes larger pictures than are trained on from scratch here."""
    return max(spec.input_shape[1:]) > SIDES[1]


def scale_of(spec: ModelSpec) -> Scale:
    """Find what is usual for a network."""
    return LARGE if is_large(spec) else SMALL


def recipe_of(way: str, pictures: int, scale: Scale) -> Recipe:
    """Give the recipe of a way: the same for all of them but for the rate, and scratch's length.

    One thread: on a busy machine, several wait for each other ten times as long as they compute.
    """
    batch = min(scale.batch, pictures)
    least, most = scale.epochs
    epochs = max(least, min(most, -(-scale.steps // -(-pictures // batch))))
    return Recipe(
        epochs=max(1, round(epochs * scale.scratch)) if way == "scratch" else epochs,
        batch_size=batch,
        learning_rate=scale.rates.get(way, way_of(way).learning_rate),
        label_smoothing=0.1,
        threads=1,
    )


def usual_counts(scale: Scale, most: int) -> Sequence[int]:
    """Give the usual numbers of pictures that there are."""
    return tuple(count for count in scale.per_class if count <= most) or (1,)
