"""What the heatmap methods ask about a layer and a class, each answer computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.cam.method import Need
from visualizer.analyses.channel_survey import Survey, ablated, masked
from visualizer.analyses.pooled_head import pooled_gradients, pooled_residuals
from visualizer.runtime.classifier import classifier_layer, classifier_weights
from visualizer.runtime.curvature import residual_curvature
from visualizer.runtime.model import Model
from visualizer.runtime.segment import Segment, tail

Array = NDArray[np.float32]


@dataclass(frozen=True)
class ClassScore:
    """Which class is explained, for each row of a batch; ``against`` asks for a difference."""

    targets: tuple[int, ...]
    against: int | None = None

    def __str__(self) -> str:
        """Name it in few letters."""
        return f"{self.targets} - {self.against}"

    def cotangent(self, classes: int) -> Array:
        """Weigh the logits, 1 for the target and -1 for the other: (N, classes, 1, 1)."""
        rows = np.arange(len(self.targets))
        chosen = np.zeros((len(rows), classes, 1, 1), np.float32)
        chosen[rows, self.targets] += 1
        if self.against is not None:
            chosen[rows, self.against] -= 1
        return chosen

    def of(self, logits: Array) -> Array:
        """Pick the score out of (N or 1, ..., classes) -> (N, ...)."""
        rows = np.arange(len(self.targets))
        logits = np.broadcast_to(logits, (len(rows), *logits.shape[1:]))
        scores = logits[rows, ..., self.targets]
        return scores if self.against is None else scores - logits[..., self.against]


@dataclass
class Memory:
    """Where answers are kept under a name; by default as long as the memory itself lives."""

    own: dict[str, NDArray[Any]] = field(default_factory=dict)

    def recall(self, name: str) -> NDArray[Any] | None:
        """Give what is kept under ``name``."""
        return self.own.get(name)

    def keep(self, name: str, answer: NDArray[Any]) -> None:
        """Keep ``answer`` under ``name``."""
        self.own[name] = answer


class Evidence:
    """Computes what a method needs, when it asks.

    ``values`` holds what the layer, the parallel branches behind it, the logits' layer and, for
    Score-CAM, the input produced: each (N, C, h, w), or (1, C, h, w) for several classes of one
    picture.
    """

    def __init__(
        self,
        model: Model,
        layer: str,
        values: Mapping[str, Array],
        score: ClassScore,
        memory: Memory | None = None,
    ) -> None:
        self.model = model
        self.layer = layer
        self.values = values
        self.score = score
        self.memory = Memory() if memory is None else memory

    def __getitem__(self, need: Need) -> Array:
        """Give what a method needs."""
        if need == "activations":
            return self.activations
        found = self.memory.recall(self._name(need))
        if found is None:
            found = COMPUTE[need](self)
            self.keep(need, found)
        return found

    def keep(self, need: Need, answer: Array) -> None:
        """Remember an answer for this layer and class."""
        self.memory.keep(self._name(need), answer)

    def _name(self, need: Need) -> str:
        return f"{self.layer}: {need} of {self.score}"

    @cached_property
    def segment(self) -> Segment:
        """Give the layers behind."""
        return tail(self.model.graph, self.layer)

    @cached_property
    def pooled(self) -> bool:
        """Tell whether nothing but averages and one fully connected layer follows."""
        return classifier_layer(self.model.graph, self.layer) is not None

    @property
    def activations(self) -> Array:
        """Give what the layer produced, one row per explained class: (N, K, h, w)."""
        given = self.values[self.layer]
        count = len(self.score.targets)
        return given if len(given) == count else np.repeat(given, count, axis=0)

    @property
    def logits(self) -> Array:
        """Give the class scores: (N or 1, classes)."""
        return self.values[self.model.logits][:, :, 0, 0]

    @property
    def cotangent(self) -> Array:
        """Weigh the logits: (N, classes, 1, 1)."""
        return self.score.cotangent(self.logits.shape[1])

    def sources(self) -> list[Array]:
        """List the values that the layers behind need."""
        return [self.activations, *(self.values[name] for name in self.segment.sources[1:])]


def _gradients(evidence: Evidence) -> Array:
    if evidence.pooled:
        return pooled_gradients(evidence["classifier"], evidence.activations.shape)
    model, segment = evidence.model, evidence.segment
    return model.pull_back(segment, evidence.sources(), evidence.cotangent)[1]


def _classifier(evidence: Evidence) -> Array:
    weights, score = classifier_weights(evidence.model, evidence.layer), evidence.score
    chosen = weights[list(score.targets)]
    return chosen if score.against is None else chosen - weights[score.against]


def _residual(position: int) -> Callable[[Evidence], Array]:
    """Compute both derivatives together, since the second is had with the first; give one."""

    def derivative(evidence: Evidence) -> Array:
        both = _residuals(evidence)
        evidence.keep("residual_gradients", both[0])
        evidence.keep("residual_curvature", both[1])
        return both[position]

    return derivative


def _residuals(evidence: Evidence) -> tuple[Array, Array]:
    model, cotangent = evidence.model, evidence.cotangent
    if not evidence.pooled:
        return residual_curvature(model, evidence.segment, evidence.sources(), cotangent)
    weights = classifier_weights(model, evidence.layer)
    return pooled_residuals(weights, evidence.activations, evidence.logits, cotangent[:, :, 0, 0])


def _score(evidence: Evidence) -> Array:
    return evidence.score.of(evidence.logits)


def _surveyed(need: Need) -> Callable[[Evidence], Array]:
    def scores(evidence: Evidence) -> Array:
        logits = evidence.memory.recall(survey_name(evidence.layer, need))
        if logits is None:
            for row in range(len(evidence.logits)):
                *_, last = survey(evidence, need, row)
                found = last.logits[None]
                logits = found if logits is None else np.concatenate([logits, found])
        assert logits is not None  # there is at least one row
        return evidence.score.of(logits)

    return scores


def survey(evidence: Evidence, need: Need, row: int = 0) -> Iterator[Survey]:
    """Find the logits that ``need`` rests on, for one picture, in batches; see :class:`Survey`.

    They serve every class, so those of a lone picture are kept, and one that was given up goes on
    where it stopped.
    """
    values = {
        name: value[row : row + 1] if len(value) > 1 else value
        for name, value in evidence.values.items()
    }
    lone, name = len(evidence.logits) == 1, survey_name(evidence.layer, need)
    memory, channels = evidence.memory, evidence.activations.shape[1]
    so_far = _so_far(memory.recall(f"{name}, so far")) if lone else None
    for partial in SURVEYS[need](evidence.model, evidence.layer, values, so_far):
        if lone and partial.step < partial.steps:
            listed = np.full((channels, partial.logits.shape[1]), np.nan, np.float32)
            listed[partial.channels] = partial.logits
            memory.keep(f"{name}, so far", listed)
        elif lone:
            memory.keep(name, partial.logits[None])
            memory.keep(f"{name}, so far", partial.logits[:0])
        yield partial


def _so_far(listed: Array | None) -> Survey | None:
    """Read which channels' logits an interrupted survey has left; not-a-number: not run yet."""
    if listed is None:
        return None
    channels = np.flatnonzero(np.isfinite(listed).all(axis=1))
    return Survey(len(channels), len(listed), channels, listed[channels])


def survey_name(layer: str, need: Need) -> str:
    """Name what a survey found, whatever the class."""
    return f"{layer}: {need}, all classes"


SURVEYS: dict[
    Need, Callable[[Model, str, Mapping[str, Array], Survey | None], Iterator[Survey]]
] = {
    "masked_scores": masked,
    "ablated_scores": ablated,
}

COMPUTE: dict[Need, Callable[[Evidence], Array]] = {
    "gradients": _gradients,
    "classifier": _classifier,
    "residual_gradients": _residual(0),
    "residual_curvature": _residual(1),
    "score": _score,
    **{need: _surveyed(need) for need in SURVEYS},
}


def needed_layers(model: Model, layer: str) -> tuple[str, ...]:
    """Name the layers whose values an :class:`Evidence` has to be given."""
    return tuple(dict.fromkeys((*tail(model.graph, layer).sources, model.logits)))
