"""Foretelling a training's duration by some of its steps."""

import time
from typing import Any

import pytest

from tests.runtime.training.toys import LINEAR, STACK
from visualizer.errors import StackError
from visualizer.runtime.training import timing as timing_module
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.timing import Timing, timing
from visualizer.runtime.training.training import Training
from visualizer.zoo.stack import find_network

SHAPE = (2, 6, 8)


def timed(stack: str = STACK, **recipe: Any) -> tuple[Timing, int]:
    """Give what was timed, and in how many slices."""
    steps, slices = timing(find_network(stack), SHAPE, 3, Recipe(**recipe)), 0
    while True:
        try:
            next(steps)
            slices += 1
        except StopIteration as end:
            return end.value, slices


class Clock:
    """A clock that a step of the training moves on by a tenth of a millisecond a picture."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 0.0
        self.batches: list[int] = []
        monkeypatch.setattr(time, "perf_counter", lambda: self.now_s)
        advance = Training.advance

        def slowly(training: Training) -> Any:
            batch = training.batches.sizes[0]
            self.batches.append(batch)
            self.now_s += 0.5 if len(self.batches) == 1 else 1e-4 * batch
            return advance(training)

        monkeypatch.setattr(Training, "advance", slowly)


def test_the_first_step_is_not_counted_and_some_tenth_of_a_second_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(monkeypatch)
    found, slices = timed(batch_size=128)
    assert found.step_s == pytest.approx(0.0128)
    assert clock.batches == [128] * 9  # one of half a second, eight of 12.8 ms
    assert slices == 9


def test_a_large_batch_is_timed_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing_module, "MACS_MOST", 5_000)  # of 3 * 2 * 9 * 48 + 3 * 36 a picture
    clock = Clock(monkeypatch)
    found, _ = timed("conv(3,3,padding=1);relu;maxpool(2);flatten;linear(classes)", batch_size=64)
    assert set(clock.batches) == {2}  # 5,000 / 2,700, but never a lonely picture
    assert found.step_s == pytest.approx(64 * 1e-4)


def test_few_quick_steps_are_enough_and_a_picture_costs_less_than_a_step() -> None:
    found, slices = timed(LINEAR, batch_size=64, augment="hflip")
    assert 0 < found.picture_s < found.step_s
    assert slices <= timing_module.STEPS_MOST


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(StackError, match="99"):
        timed("conv(3,99);flatten;linear(classes)")
