"""Transfer learning three ways on few pictures, against training from scratch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches

import torch
from torch import Tensor

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.collection import Collection
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.training.data import Data
from visualizer.runtime.training.task import SEEDS
from visualizer.runtime.training.transfer_base import Base
from visualizer.runtime.training.transfer_pictures import Supply, supply_of, supplying
from visualizer.runtime.training.transfer_record import NAMES, Outcome, Transfer
from visualizer.runtime.training.transfer_running import Question, run_transfer
from visualizer.runtime.training.transfer_scale import is_large, usual_counts
from visualizer.zoo import find

COUNTS_MOST, PICTURES_MOST = 8, 5_000
SEEDS_MOST = 5
TESTED_MACS = 1_000_000_000
FEW_TESTED = 30  # pictures; below, a note says what a single one of them is worth


def transfer(
    base: str | Model = "lenet5",
    data: str | Collection | Data = "shapes",
    *,
    per_class: Sequence[int] | None = None,
    ways: Sequence[str] | None = None,
    seeds: int | None = None,
    seed: int = 0,
    frozen: str | None = None,
    on_outcome: Callable[[Outcome], object] | None = None,
) -> Transfer:
    """Teach a trained network another task with few pictures, in several ways, and compare.

    ``ways`` are among "scratch" (random weights), "start" (its weights as a start), "frozen" (its
    layers up to the one named ``frozen`` stay as they are) and "head" (only a new last layer, on
    cached features). All of them get the same ``per_class`` training pictures of each class and
    are tested on the same others. Each is repeated with ``seeds`` choices of pictures and weights,
    beginning with ``seed``. What is left out is as usual for the network: for large ones fewer
    numbers, one seed, and nothing from scratch. Pictures are brought to the network's own size,
    channels, mean and standard deviation. Print the result for a table; ``on_outcome`` hears of
    each training.

    Raises:
        UnknownNameError: no such network, data, way or layer.
        WeightsError: the network's weights are not here.
        VisualizerError: a setting that is not possible, or a network that does not suit.
    """
    found = Base(opened(base) if isinstance(base, str) else base)
    steps = supplying(data, found.model.spec)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            supply: Supply = end.value
            break
    asked = question(
        found, supply, per_class=per_class, ways=ways, seeds=seeds, seed=seed, frozen=frozen
    )
    return _answered(asked, on_outcome)


def opened(name: str) -> Model:
    """Load a network to begin with, a large one for the runtime that is fastest on a processor."""
    return load_model(name, "cpu", "onnx" if is_large(find(name)) else "torch")


def _answered(asked: Question, on_outcome: Callable[[Outcome], object] | None) -> Transfer:
    steps = run_transfer(asked)
    while True:
        try:
            progress = next(steps)
        except StopIteration as end:
            result: Transfer = end.value
            return result
        if on_outcome is not None and progress.outcome is not None:
            on_outcome(progress.outcome)


def question(
    base: Base,
    pictures: Supply | Data,
    *,
    per_class: Sequence[int] | None = None,
    ways: Sequence[str] | None = None,
    seeds: int | None = None,
    seed: int = 0,
    frozen: str | None = None,
) -> Question:
    """Check a comparison; what is left out is as usual for the network, as far as data have it.

    Raises:
        UnknownNameError, VisualizerError: as :func:`transfer`.
    """
    ways = base.scale.ways if ways is None else ways
    seeds = base.scale.seeds if seeds is None else seeds
    _check(ways, seed, seeds)
    supply = supply_of(pictures) if isinstance(pictures, Data) else pictures
    data = supply.data
    _check_shape(base, data)
    cut = base.cut(frozen)
    chosen = _possible(base, ways)
    spec, (least, most) = base.model.spec, base.scale.tested
    tested = evenly(len(supply.test.labels), min(max(TESTED_MACS // base.macs, least), most))
    notes = _notes(base, data, chosen, len(tested))
    if len(chosen) < len(set(ways)):
        notes += (f"{base.title} has no early layers to freeze, so that way is left out.",)
    return Question(
        base,
        replace(supply, data=replace(data, mean=spec.mean, std=spec.std, fresh=None)),
        evenly(len(supply.validation.labels), base.scale.validated),
        tested,
        _counts(base, supply, per_class),
        chosen,
        tuple(range(seed, seed + seeds)),
        cut.layer if cut else None,
        notes,
    )


def _check_shape(base: Base, data: Data) -> None:
    if data.input_shape != base.model.spec.input_shape:
        raise VisualizerError(
            f"{data.title} comes as {_shape(data.input_shape)}, {base.title} takes "
            f"{_shape(base.model.spec.input_shape)} (channels × height × width). Give the data's "
            "name or collection, which is brought to size."
        )


def _possible(base: Base, ways: Sequence[str]) -> tuple[str, ...]:
    """Leave freezing out where there is nothing to freeze."""
    chosen = tuple(way for way in NAMES if way in ways and (way != "frozen" or base.cuts))
    if not chosen:
        raise VisualizerError(
            f"{base.title} has no early layers to freeze. Choose another way than 'frozen', or "
            "another network."
        )
    return chosen


def evenly(count: int, most: int) -> Tensor:
    """Choose at most so many places of ``count``, evenly spread."""
    return torch.arange(count) if count <= most else torch.linspace(0, count - 1, most).long()


def _check(ways: Sequence[str], seed: int, seeds: int) -> None:
    strange = next((way for way in ways if way not in NAMES), None)
    if strange is not None or not ways:
        near = get_close_matches(str(strange), NAMES, cutoff=0.4) or NAMES
        raise UnknownNameError(f"There is no way {str(strange)[:40]!r}. Choose {', '.join(near)}.")
    if not 1 <= seeds <= SEEDS_MOST:
        raise VisualizerError(f"{seeds} seeds are asked for; give 1 to {SEEDS_MOST}.")
    if not 0 <= seed <= SEEDS - seeds:
        raise VisualizerError(f"The first seed is {seed}; give 0 to {SEEDS - seeds:,}.")


def _counts(base: Base, supply: Supply, wanted: Sequence[int] | None) -> tuple[int, ...]:
    classes = supply.data.classes
    sizes = torch.bincount(supply.train.labels, minlength=len(classes))
    least = int(sizes.min())
    most = min(least, PICTURES_MOST // len(classes))
    if wanted is None:
        return tuple(usual_counts(base.scale, most))
    counts = tuple(sorted(set(wanted)))
    if not 1 <= len(counts) <= COUNTS_MOST:
        raise VisualizerError(
            f"{len(counts)} numbers of pictures are asked for; give 1 to {COUNTS_MOST}."
        )
    strange = next((one for one in counts if not 1 <= one <= most), None)
    if strange is not None:
        few_class = classes[int(sizes.argmin())][:40]
        reason = (
            f"the class {few_class!r} has {least} to train on"
            if most == least
            else f"at most {PICTURES_MOST:,} pictures are trained on here"
        )
        raise VisualizerError(
            f"{strange} pictures a class are asked for; give 1 to {most}: {reason}."
        )
    return counts


def _notes(base: Base, data: Data, ways: Sequence[str], tested: int) -> tuple[str, ...]:
    notes = []
    family = "imagenet" if data.name == "imagenette" else data.labels
    if family != "own" and family == base.model.spec.labels:
        notes.append(
            f"{base.title} has learned these very classes before: what it shows here is memory "
            "rather than transfer."
        )
    if tested < FEW_TESTED:
        notes.append(
            f"Only {tested} pictures are left to test on: one more right or wrong makes a "
            f"difference of {100 / tested:.0f} points. Give more pictures of each class."
        )
    if base.large and "scratch" in ways:
        notes.append(
            f"From scratch, {base.title} has {base.parameters:,} weights to find with these few "
            "pictures: hopeless, and slow; it takes half as many epochs as the others."
        )
    if base.large and base.normalises and len(ways) > ("head" in ways):
        notes.append(_statistics(base, ways))
    return tuple(notes)


def _statistics(base: Base, ways: Sequence[str]) -> str:
    """Say what batch normalisation goes by."""
    kept = f"Batch normalisation goes by the statistics that {base.title} learned with"
    ghost = "from scratch it takes them from a few pictures at a time"
    if "scratch" not in ways:
        return f"{kept}; a few pictures would give poor ones."
    return f"{kept}; {ghost}." if len(ways) > 1 else f"Batch normalisation: {ghost}."


def _shape(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape))
