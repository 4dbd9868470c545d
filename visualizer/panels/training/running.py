"""A training on its way, as frames: slices of steps, and now and then a display."""

from __future__ import annotations

import math
import time
from typing import Any

from visualizer.panels.training import records
from visualizer.panels.training.memory import Memory
from visualizer.panels.training.records import Arrays, finite
from visualizer.runtime.training.history import Answers
from visualizer.runtime.training.showing import Display, Look, Shown
from visualizer.runtime.training.training import Training
from visualizer.ui.long_work import SILENT, Frames
from visualizer.ui.service import Service

SLICE_S = 0.05  # of training before others have their turn
FRAME_S = 0.1  # between two reports
LONG_EPOCH_S = 1.0
PACE = 0.3  # weight of the newest slice in the steps per second


class Running:
    """A stretch of one training, ``steps`` long or to its end; the display follows ``look``."""

    def __init__(self, service: Service, kept: Memory, look: Look, steps: int | None) -> None:
        self.service, self.kept, self.look = service, kept, look
        self.training = kept.training
        self.single = steps == 1
        self.left = math.inf if steps is None else steps + _owed(self.training)
        self.told = self.training.step  # steps the page knows
        self.moments = len(self.training.moments)
        self.per_s: float | None = None
        self.sent_s = time.perf_counter()
        self.worked_s = self.sent_s

    def frames(self) -> Frames:
        """Train; a frame is sent now and then, at an epoch's end, and at the end."""
        training = self.training
        while True:
            if self.kept.handle not in self.service.trainings:
                return  # its visitor has left
            at_moment = self._slice()
            over = training.ended or self.left <= 0
            last = training.moments[-1]
            shown: Shown = self.kept.live.kept(self.look, last) if at_moment else ({}, {})
            if self._whole_due(at_moment):
                shown = yield from self._whole(last.answers if at_moment else None)
            elif self.kept.glances.due and (at_moment or self._late()):
                header, arrays = self._glance()
                shown = {**shown[0], **header}, {**shown[1], **arrays}
            if over or shown[1] or at_moment or self._late():
                yield self._frame(shown, at_moment)
            else:
                yield SILENT
            if over:
                return

    def _slice(self) -> bool:
        """Work until the slice is over, or an epoch; tells whether a moment was kept just now."""
        training, start_s, before = self.training, time.perf_counter(), self.training.step
        busy_s = time.thread_time()  # what others do on the cores is no cost of ours
        at_moment = False
        with training.lock:
            while not (training.ended or at_moment or self.left <= 0):
                record = training.part()
                if record is not None:
                    self.left -= 1
                    at_moment = record.moment is not None
                if time.perf_counter() - start_s >= SLICE_S:
                    break
        now_s = time.perf_counter()
        for allowance in (self.kept.whole, self.kept.glances):
            allowance.trained_s += time.thread_time() - busy_s
        pace = (training.step - before) / max(1e-6, now_s - self.worked_s)  # others' turns, too
        self.per_s = pace if self.per_s is None else self.per_s + PACE * (pace - self.per_s)
        self.worked_s = now_s
        return at_moment

    def _late(self) -> bool:
        """Tell whether the page has waited long enough for its next frame."""
        return time.perf_counter() - self.sent_s >= FRAME_S

    def _whole_due(self, at_moment: bool) -> bool:
        """At the end, after a single step, and as the allowance goes: at epochs' ends if short."""
        if self.training.ended or self.single:
            return True
        short = self.training.steps_per_epoch <= LONG_EPOCH_S * (self.per_s or 0)
        return self.kept.whole.due and (at_moment or not short)

    def _glance(self) -> Shown:
        """Look at filters and maps alone."""
        start_s = time.thread_time()
        shown = self._taken().glance(self.look)
        self.kept.glances.spend(time.thread_time() - start_s)
        return shown

    def _taken(self) -> Display:
        with self.training.lock:
            self.kept.live.take(self.training.network.state_dict())
        return self.kept.live

    def _whole(self, answers: Answers | None) -> Any:
        """Work out a whole display in slices; the generator returns header and arrays."""
        start_s, cost_s = time.thread_time(), 0.0
        steps = self._taken().steps(self.look, answers)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                self.kept.whole.spend(cost_s + time.thread_time() - start_s)
                return end.value
            cost_s += time.thread_time() - start_s
            yield SILENT
            start_s = time.thread_time()

    def _frame(self, shown: Shown, at_moment: bool) -> tuple[dict[str, Any], Arrays]:
        training, history, start_s = self.training, self.training.history, time.thread_time()
        last = training.moments[-1]
        header = {
            "step": training.step,
            "epoch": training.epoch,
            "loss": finite(float(history.losses[-1])) if training.step else None,
            "accuracy": finite(float(history.accuracies[-1])) if training.step else None,
            "rate": finite(float(history.rates[-1])) if training.step else None,
            "per_s": self.per_s,
            "left_s": (training.steps - training.step) / self.per_s if self.per_s else None,
            "validation": records.validation_record(last) if at_moment else None,
            "moment": last.k if at_moment else None,
            "moments": [records.moment_record(one) for one in training.moments[self.moments :]],
            "ended": training.ended,
            "why": training.why,
            **shown[0],
        }
        arrays = records.history_arrays(history, self.told)
        self.told, self.moments = training.step, len(training.moments)
        self.sent_s = time.perf_counter()
        self.kept.whole.shown_s += time.thread_time() - start_s  # telling costs, too
        return header, {**arrays, **shown[1]}


def _owed(training: Training) -> int:
    """Count the step, if any, that was taken but not told: a pause cut its validation short."""
    with training.lock:
        taken, told = training.step, training.moments[-1].step
        return int(taken > told and taken % training.steps_per_epoch == 0 and not training.ended)
