"""An experiment on its way, as frames: what each of its trainings has added since the last."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from visualizer.panels.training.records import Arrays, finite
from visualizer.runtime.training.experiments.record import (
    ArmResult,
    Experiment,
    ExperimentResult,
)
from visualizer.runtime.training.experiments.running import Running
from visualizer.runtime.training.history import Validation
from visualizer.runtime.training.training import Training
from visualizer.ui.long_work import SILENT, Frames

FRAME_S = 0.15  # between two reports


class Followed:
    """One training, and how much of it the page knows."""

    def __init__(self, arm: int, repetition: int, training: Training) -> None:
        self.arm, self.repetition, self.training = arm, repetition, training
        self.steps = self.records = 0
        self.told = False

    @property
    def new(self) -> bool:
        """Tell whether there is something the page does not know."""
        history = self.training.history
        known = self.steps == len(history) and self.records == len(history.validation)
        return not (self.told and known)

    def entry(self) -> dict[str, Any]:
        """Write down what is new, but for the curves."""
        training = self.training
        records = training.history.validation[self.records :]
        self.records += len(records)
        self.told = True
        return {
            "arm": self.arm,
            "run": self.repetition,
            "seed": training.task.seed,
            "step": training.step,
            "steps": training.steps,
            "steps_per_epoch": training.steps_per_epoch,
            "validation": [_record(one) for one in records],
            "why": training.why,
        }

    def curves(self, place: int) -> Arrays:
        """Give the losses and accuracies since the last time."""
        history, known = self.training.history, self.steps
        self.steps = len(history)
        names = ("losses", "accuracies")
        return {f"{name}{place}": getattr(history, name)[known:] for name in names}


class Comparing:
    """An experiment of ``seeds`` repetitions; ``over`` hears what came out."""

    def __init__(
        self,
        experiment: Experiment,
        seeds: int,
        steps: Running,
        over: Callable[[ExperimentResult], None],
    ) -> None:
        self.experiment, self.seeds, self.steps, self.over = experiment, seeds, steps, over
        self.followed: dict[tuple[int, int], Followed] = {}
        self.began_s = self.sent_s = time.perf_counter()

    def frames(self) -> Frames:
        """Run; a frame is sent now and then, and at the end one with the result."""
        while True:
            try:
                progress = next(self.steps)
            except StopIteration as end:
                self.over(end.value)
                yield self._frame({"result": result_record(end.value)})
                return
            key = progress.repetition, progress.arm
            if key not in self.followed:
                self.followed[key] = Followed(progress.arm, progress.repetition, progress.training)
            if time.perf_counter() - self.sent_s >= FRAME_S:
                yield self._frame({})
            else:
                yield SILENT

    def _frame(self, more: dict[str, Any]) -> tuple[dict[str, Any], Arrays]:
        fresh = [one for one in self.followed.values() if one.new]
        header = {"trainings": [one.entry() for one in fresh], "left_s": self._left_s(), **more}
        arrays: dict[str, Any] = {}
        for place, one in enumerate(fresh):
            arrays |= one.curves(place)
        self.sent_s = time.perf_counter()
        return header, arrays

    def _left_s(self) -> float | None:
        """Foretell the seconds left from the share that is done."""
        done = sum(
            1 if one.training.ended else one.training.step / one.training.steps
            for one in self.followed.values()
        )
        share = done / (self.seeds * len(self.experiment.arms))
        passed = time.perf_counter() - self.began_s
        return passed * (1 - share) / share if share > 0.02 else None


def result_record(found: ExperimentResult) -> dict[str, Any]:
    """Write down what came out."""
    return {
        "sentence": found.sentence,
        "guess": found.guess,
        "data": found.data,
        "seeds": list(found.seeds),
        "tested": found.tested,
        "arms": [_arm(one) for one in found.arms],
    }


def _arm(one: ArmResult) -> dict[str, Any]:
    return {
        "title": one.title,
        "test": list(one.test),
        "mean": one.mean,
        "spread": one.spread,
        "trained": one.trained,
        "why": one.why,
        "opens": not one.arm.recipe.get("pixels_shuffled", False),
    }


def _record(one: Validation) -> dict[str, Any]:
    return {"step": one.step, "loss": finite(one.loss), "accuracy": finite(one.accuracy)}
