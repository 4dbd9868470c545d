"""What transfer learning gave: an accuracy for each way, number of pictures and seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean, stdev
from typing import TYPE_CHECKING

from visualizer.runtime.model import Model
from visualizer.runtime.training.trained_model import TrainedModel, make_model

if TYPE_CHECKING:
    from visualizer.runtime.training.transfer_training import FewTraining


@dataclass(frozen=True)
class Way:
    """One way to train on few pictures; ``words`` name it in a sentence."""

    name: str
    title: str
    words: str
    sentence: str
    learning_rate: float


WAYS = (
    Way(
        "scratch",
        "From scratch",
        "training from scratch",
        "The same network with random weights: it knows nothing but these pictures.",
        3e-3,
    ),
    Way(
        "start",
        "Weights as a start",
        "starting from the trained weights",
        "All layers begin where the other task left them, and all of them go on learning.",
        1e-3,
    ),
    Way(
        "frozen",
        "Early layers frozen",
        "freezing the early layers",
        "The early layers stay as they are, to the last bit; only those behind them learn.",
        2e-3,
    ),
    Way(
        "head",
        "New last layer only",
        "a new last layer alone",
        "The frozen network sees each picture once; a new layer learns from what it made of them.",
        1e-2,
    ),
)
NAMES = tuple(way.name for way in WAYS)


def way_of(name: str) -> Way:
    """Find a way by its name."""
    return next(way for way in WAYS if way.name == name)


@dataclass(frozen=True)
class Outcome:
    """One training: how many pictures it had, and its share of right answers on the test pictures.

    ``seconds`` is the time of its steps alone; ``why`` says why it ended early, None otherwise.
    """

    way: str
    per_class: int
    seed: int
    accuracy: float
    seconds: float
    steps: int
    why: str | None = None


@dataclass(frozen=True)
class Point:
    """One way with one number of pictures, over all seeds; ``spread`` is None for one seed."""

    way: str
    per_class: int
    accuracies: tuple[float, ...]
    seconds: float

    @property
    def mean(self) -> float:
        """Give the mean accuracy, in [0, 1]."""
        return mean(self.accuracies)

    @property
    def spread(self) -> float | None:
        """Give the standard deviation over the seeds."""
        return stdev(self.accuracies) if len(self.accuracies) > 1 else None


@dataclass(frozen=True)
class Saving:
    """What cached features save: seconds of one pass over ``pictures`` pictures.

    ``network`` is a pass through the frozen network, paid once; ``head`` one of the last layer's
    training on what it gave. Without the cache every epoch would take both.
    """

    pictures: int
    network: float
    head: float

    @property
    def factor(self) -> float:
        """Tell how many times quicker an epoch is on cached features."""
        return (self.network + self.head) / self.head


@dataclass(frozen=True)
class Transfer:
    """The accuracies of all ways by number of pictures; print it for a table.

    ``frozen`` is the layer up to which the second way freezes; ``tested`` counts the pictures that
    were asked, which no step has seen; ``notes`` are sentences about what it was run on.
    ``trainings`` are those of the first seed with the most pictures.
    """

    base: str
    data: str
    classes: int
    per_class: tuple[int, ...]
    ways: tuple[str, ...]
    seeds: tuple[int, ...]
    frozen: str | None
    tested: int
    outcomes: tuple[Outcome, ...] = field(repr=False)
    saving: Saving | None
    sentence: str
    best: Mapping[int, tuple[str, ...]]
    notes: tuple[str, ...] = ()
    trainings: Mapping[str, FewTraining] = field(repr=False, default_factory=dict)

    def point(self, way: str, per_class: int) -> Point:
        """Give one way's accuracy with ``per_class`` pictures a class."""
        return points(self.outcomes)[way, per_class]

    def model(self, way: str, name: str | None = None) -> Model:
        """Give a way's network: that of the first seed with the most pictures."""
        found: TrainedModel = make_model(self.trainings[way], name=name or f"transfer_{way}")
        return found

    def __str__(self) -> str:
        """Write a table, a row a way, and the sentence below."""
        width = max(len(way_of(name).title) for name in self.ways)
        found = points(self.outcomes)
        counts = "".join(f"{count:>13}" for count in self.per_class)
        seeds = f"{len(self.seeds)} seed{'s' * (len(self.seeds) != 1)}"
        lines = [f"{self.base} → {self.data}, right answers in % by pictures a class, {seeds}"]
        lines.append(f"{'':{width}}{counts}{'training':>12}")
        for name in self.ways:
            cells = "".join(f"{_cell(found[name, count]):>13}" for count in self.per_class)
            seconds = found[name, self.per_class[-1]].seconds
            lines.append(f"{way_of(name).title:{width}}{cells}{seconds:>10.2f} s")
        return "\n".join([*lines, self.sentence])


def points(outcomes: Sequence[Outcome]) -> dict[tuple[str, int], Point]:
    """Put the seeds of each way and number of pictures together."""
    kinds = dict.fromkeys((one.way, one.per_class) for one in outcomes)
    made = {}
    for way, count in kinds:
        own = [one for one in outcomes if (one.way, one.per_class) == (way, count)]
        accuracies = tuple(one.accuracy for one in own)
        made[way, count] = Point(way, count, accuracies, mean(one.seconds for one in own))
    return made


def _cell(point: Point) -> str:
    if point.spread is None:
        return f"{100 * point.mean:.1f}"
    return f"{100 * point.mean:.1f} ± {100 * point.spread:.1f}"
