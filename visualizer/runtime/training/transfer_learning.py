"""Transfer learning three ways on few pictures, against training from scratch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches

import torch

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.collection import Collection
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.training.batches import evenly
from visualizer.runtime.training.data import Data, load_data
from visualizer.runtime.training.macs import macs_of
from visualizer.runtime.training.task import SEEDS
from visualizer.runtime.training.transfer_base import Base
from visualizer.runtime.training.transfer_record import NAMES, Outcome, Transfer
from visualizer.runtime.training.transfer_running import Question, run_transfer

PER_CLASS = (1, 2, 5, 10, 20, 50)
COUNTS_MOST, PICTURES_MOST = 8, 5_000
SEEDS_MOST = 5
TESTED = (300, 1_000)  # pictures at most, of a large and of a small network
TESTED_MACS = 1_000_000_000
VALIDATED = 200  # pictures at most


def transfer(
    base: str | Model = "lenet5",
    data: str | Collection | Data = "shapes",
    *,
    per_class: Sequence[int] = PER_CLASS,
    ways: Sequence[str] = NAMES,
    seeds: int = 3,
    seed: int = 0,
    frozen: str | None = None,
    on_outcome: Callable[[Outcome], object] | None = None,
) -> Transfer:
    """Teach a trained network another task with few pictures, in several ways, and compare.

    ``ways`` are among "scratch" (random weights), "start" (its weights as a start), "frozen" (its
    layers up to the one named ``frozen`` stay as they are) and "head" (only a new last layer, on
    cached features). All of them get the same ``per_class`` training pictures of each class and
    are tested on the same others. Each is repeated with ``seeds`` choices of pictures and weights,
    beginning with ``seed``. Pictures are brought to the network's own size, channels, mean and
    standard deviation. Print the result for a table; ``on_outcome`` hears of each training.

    Raises:
        UnknownNameError: no such network, data, way or layer.
        WeightsError: the network's weights are not here.
        VisualizerError: a setting that is not possible, or a network that does not suit.
    """
    found = Base(load_model(base, "cpu") if isinstance(base, str) else base)
    pictures = data if isinstance(data, Data) else load_data(data, **pictures_of(found))
    asked = question(
        found, pictures, per_class=per_class, ways=ways, seeds=seeds, seed=seed, frozen=frozen
    )
    steps = run_transfer(asked)
    while True:
        try:
            progress = next(steps)
        except StopIteration as end:
            result: Transfer = end.value
            return result
        if on_outcome is not None and progress.outcome is not None:
            on_outcome(progress.outcome)


def pictures_of(base: Base) -> dict[str, int]:
    """Tell the side and the channels of the pictures that a network takes."""
    channels, side, _ = base.model.spec.input_shape
    return {"side": side, "channels": channels}


def question(
    base: Base,
    data: Data,
    *,
    per_class: Sequence[int] | None = None,
    ways: Sequence[str] = NAMES,
    seeds: int = 3,
    seed: int = 0,
    frozen: str | None = None,
) -> Question:
    """Check a comparison; without ``per_class`` the usual numbers that the data have.

    Raises:
        UnknownNameError, VisualizerError: as :func:`transfer`.
    """
    _check(ways, seed, seeds)
    if data.input_shape != base.model.spec.input_shape:
        raise VisualizerError(
            f"{data.title} comes as {_shape(data.input_shape)}, {base.title} takes "
            f"{_shape(base.model.spec.input_shape)} (channels × height × width). Give the data's "
            "name or collection, which is brought to size."
        )
    cut = base.cut(frozen)
    chosen = tuple(way for way in NAMES if way in ways and (way != "frozen" or cut is not None))
    notes = _notes(base, data)
    if not chosen:
        raise VisualizerError(
            f"{base.title} has no early layers to freeze. Choose another way than 'frozen', or "
            "another network."
        )
    if len(chosen) < len(set(ways)):
        notes += (f"{base.title} has no early layers to freeze, so that way is left out.",)
    return Question(
        base, _measured(base, data), _counts(data, per_class), chosen,
        tuple(range(seed, seed + seeds)), cut.layer if cut else None, notes,
    )  # fmt: skip


def _check(ways: Sequence[str], seed: int, seeds: int) -> None:
    strange = next((way for way in ways if way not in NAMES), None)
    if strange is not None or not ways:
        near = get_close_matches(str(strange), NAMES, cutoff=0.4) or NAMES
        raise UnknownNameError(f"There is no way {str(strange)[:40]!r}. Choose {', '.join(near)}.")
    if not 1 <= seeds <= SEEDS_MOST:
        raise VisualizerError(f"{seeds} seeds are asked for; give 1 to {SEEDS_MOST}.")
    if not 0 <= seed <= SEEDS - seeds:
        raise VisualizerError(f"The first seed is {seed}; give 0 to {SEEDS - seeds:,}.")


def _measured(base: Base, data: Data) -> Data:
    """Give the pictures the network's own preprocessing, and keep few enough to measure on."""
    spec, (least, most) = base.model.spec, TESTED
    macs = max(1, macs_of(base.model.module, spec.input_shape))
    return replace(
        data,
        mean=spec.mean,
        std=spec.std,
        validation=evenly(data.validation, VALIDATED),
        test=evenly(data.test, min(max(TESTED_MACS // macs, least), most)),
        fresh=None,
    )


def _counts(data: Data, wanted: Sequence[int] | None) -> tuple[int, ...]:
    sizes = torch.bincount(data.train.labels, minlength=len(data.classes))
    least = int(sizes.min())
    most = min(least, PICTURES_MOST // len(data.classes))
    if wanted is None:
        return tuple(count for count in PER_CLASS if count <= most) or (1,)
    counts = tuple(sorted(set(wanted)))
    if not 1 <= len(counts) <= COUNTS_MOST:
        raise VisualizerError(
            f"{len(counts)} numbers of pictures are asked for; give 1 to {COUNTS_MOST}."
        )
    strange = next((one for one in counts if not 1 <= one <= most), None)
    if strange is not None:
        few_class = data.classes[int(sizes.argmin())][:40]
        reason = (
            f"the class {few_class!r} has {least} to train on"
            if most == least
            else f"at most {PICTURES_MOST:,} pictures are trained on here"
        )
        raise VisualizerError(
            f"{strange} pictures a class are asked for; give 1 to {most}: {reason}."
        )
    return counts


def _notes(base: Base, data: Data) -> tuple[str, ...]:
    if data.labels != "own" and data.labels == base.model.spec.labels:
        return (
            f"{base.title} has learned these very classes before: what it shows here is memory "
            "rather than transfer.",
        )
    return ()


def _shape(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape))
