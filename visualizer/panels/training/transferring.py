"""A comparison of ways to transfer on its way, as frames."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from visualizer.runtime.training.transfer_pace import pace_of
from visualizer.runtime.training.transfer_record import Outcome, Transfer
from visualizer.runtime.training.transfer_running import Progress, Question, Running
from visualizer.ui.long_work import SILENT, Frames

FRAME_S = 0.2  # between two reports


class Transferring:
    """A comparison under way; ``over`` hears what came out.

    Its share is of the time that each training is expected to take.
    """

    def __init__(self, asked: Question, steps: Running, over: Callable[[Transfer], None]) -> None:
        self.asked, self.steps, self.over = asked, steps, over
        self.fresh: list[Outcome] = []
        self.finished, self.done_s = 0, 0.0
        self.expected_s = _expected(asked)
        self.total_s = len(asked.seeds) * sum(self.expected_s.values())
        self.began_s = self.sent_s = time.perf_counter()

    def frames(self) -> Frames:
        """Run; a frame is sent now and then, and at the end one with the result."""
        yield {"setup": setup(self.asked)}, {}
        while True:
            try:
                progress = next(self.steps)
            except StopIteration as end:
                self.over(end.value)
                yield {**self._header(None), "result": result_record(end.value)}, {}
                return
            if progress.outcome is not None:
                self.fresh.append(progress.outcome)
                self.finished += 1
                self.done_s += self.expected_s[progress.way, progress.per_class]
            if time.perf_counter() - self.sent_s >= FRAME_S:
                yield self._header(progress), {}
            else:
                yield SILENT

    def _header(self, progress: Progress | None) -> dict[str, Any]:
        done_s, doing = self.done_s, None
        if progress is not None and progress.way:
            if progress.outcome is None:
                done_s += progress.share * self.expected_s[progress.way, progress.per_class]
            doing = {
                "way": progress.way, "per_class": progress.per_class, "seed": progress.seed,
            }  # fmt: skip
        share = 1.0 if self.finished == self.asked.trainings else done_s / self.total_s
        outcomes, self.fresh = [asdict(one) for one in self.fresh], []
        self.sent_s = time.perf_counter()
        return {
            "outcomes": outcomes,
            "doing": doing,
            "finished": self.finished,
            "trainings": self.asked.trainings,
            "share": share,
            "left_s": self._left_s(share),
        }

    def _left_s(self, share: float) -> float | None:
        passed = time.perf_counter() - self.began_s
        return passed * (1 - share) / share if share > 0.05 else None


def _expected(asked: Question) -> dict[tuple[str, int], float]:
    """Foretell the seconds of each training, the caching before the first one left out."""
    base, pace = asked.base, pace_of(asked.base)
    classes, held = len(asked.data.classes), len(asked.tested) + len(asked.validated)
    return {
        (way, count): pace.training(base, way, classes * count, held, asked.frozen)
        for way in asked.ways
        for count in asked.per_class
    }


def setup(asked: Question) -> dict[str, Any]:
    """Write down what is compared."""
    return {
        "base": asked.base.title,
        "data": asked.data.title,
        "classes": list(asked.data.classes),
        "per_class": list(asked.per_class),
        "ways": list(asked.ways),
        "seeds": list(asked.seeds),
        "frozen": asked.frozen,
        "trainings": asked.trainings,
        "tested": len(asked.tested),
        "notes": [*asked.notes, *asked.data.notes],
    }


def result_record(found: Transfer) -> dict[str, Any]:
    """Write down what came out."""
    saving = found.saving
    return {
        "sentence": found.sentence,
        "best": {str(count): list(ways) for count, ways in found.best.items()},
        "saving": None if saving is None else {**asdict(saving), "factor": saving.factor},
        "text": str(found),
        "kept": list(found.trainings),
    }
