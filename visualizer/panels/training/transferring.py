"""A comparison of ways to transfer on its way, as frames."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from visualizer.runtime.training.transfer_record import Outcome, Transfer
from visualizer.runtime.training.transfer_running import Progress, Question, Running
from visualizer.ui.long_work import SILENT, Frames

FRAME_S = 0.2  # between two reports


class Transferring:
    """A comparison under way; ``over`` hears what came out."""

    def __init__(self, asked: Question, steps: Running, over: Callable[[Transfer], None]) -> None:
        self.asked, self.steps, self.over = asked, steps, over
        self.fresh: list[Outcome] = []
        self.finished = 0
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
            if time.perf_counter() - self.sent_s >= FRAME_S:
                yield self._header(progress), {}
            else:
                yield SILENT

    def _header(self, progress: Progress | None) -> dict[str, Any]:
        share: float = self.finished
        doing = None
        if progress is not None:
            if progress.outcome is None:
                share += progress.share
            doing = {
                "way": progress.way, "per_class": progress.per_class, "seed": progress.seed,
            }  # fmt: skip
        outcomes, self.fresh = [asdict(one) for one in self.fresh], []
        self.sent_s = time.perf_counter()
        return {
            "outcomes": outcomes,
            "doing": doing,
            "finished": self.finished,
            "trainings": self.asked.trainings,
            "share": share / self.asked.trainings,
            "left_s": self._left_s(share / self.asked.trainings),
        }

    def _left_s(self, share: float) -> float | None:
        passed = time.perf_counter() - self.began_s
        return passed * (1 - share) / share if share > 0.05 else None


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
        "tested": len(asked.data.test),
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
