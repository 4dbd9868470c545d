"""Explained steps that are kept for the next question, as long as their training is."""

from __future__ import annotations

from threading import Lock
from weakref import WeakKeyDictionary, ref

from visualizer.errors import VisualizerError
from visualizer.runtime.training.explained_step import ExplainedStep
from visualizer.runtime.training.next_step import explain_step
from visualizer.runtime.training.training import Training

MOST_BYTES = 256 * 2**20  # of all steps that are kept; the newest stays in any case


class KeptSteps:
    """The steps that were taken apart last, by training and where it stood; they go with it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._steps: WeakKeyDictionary[Training, dict[str, ExplainedStep]] = WeakKeyDictionary()
        self._order: list[tuple[ref[Training], str]] = []  # the newest last
        self._lock = Lock()

    def explain(self, training: Training, moment: int | None) -> tuple[str, ExplainedStep]:
        """Take the next step apart, or that of a moment; known ones come at once."""
        at = f"m{moment}" if moment is not None else str(training.step)
        with self._lock:
            known = self._steps.get(training, {}).get(at)
        if known is not None:
            return at, known
        made = explain_step(training, moment)
        at = at if moment is not None else str(made.step)
        with self._lock:
            self._steps.setdefault(training, {})[at] = made
            self._order.append((ref(training), at))
            self._spare()
        return at, made

    def get(self, training: Training, at: str) -> ExplainedStep:
        """Find a step by where it stands; one that can be made again is.

        Raises:
            VisualizerError: the training has moved on, and the step is no longer kept.
        """
        with self._lock:
            known = self._steps.get(training, {}).get(at)
        if known is not None:
            return known
        if at[:1] == "m" and at[1:].isdecimal() and len(at) < 8:
            return self.explain(training, int(at[1:]))[1]
        if at == str(training.step):
            return self.explain(training, None)[1]
        raise VisualizerError(
            f"Step {at[:9]!r} is no longer kept: the training is at {training.step}. "
            "Explain the newest step."
        )

    def _spare(self) -> None:
        """Let go of the oldest, beyond the memory they may take."""
        kept = [
            (training, at)
            for one, at in self._order
            if (training := one()) is not None and at in self._steps.get(training, {})
        ]
        used = sum(self._steps[training][at].size_bytes for training, at in kept)
        while used > self.most_bytes and len(kept) > 1:
            training, at = kept.pop(0)
            used -= self._steps[training].pop(at).size_bytes
        self._order = [(ref(training), at) for training, at in kept]
