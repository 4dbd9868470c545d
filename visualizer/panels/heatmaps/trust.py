"""What the Heatmaps tab asks about how far to trust a heatmap."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.responses import Response

from visualizer.analyses.evidence import Evidence, needed_layers
from visualizer.analyses.faithfulness import Curve, measure
from visualizer.analyses.heat_answer import Method, answers, takes_long
from visualizer.analyses.sanity import sanity
from visualizer.errors import VisualizerError
from visualizer.panels.heatmaps.question import read_question
from visualizer.runtime.attribution import Attribution
from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import Model
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.long_work import Frames
from visualizer.ui.service import Service

Array = NDArray[np.float32]

CURVES = ("deletion", "insertion", "hottest_removed", "coldest_removed")
BASELINES = ("centre", "random")  # what any method has to beat
SHOWN_SIDE = 64  # maps of the sanity check are thumbnails


def trust(service: Service, query: Query) -> Response:
    """Answer with deletion, insertion and ROAD of a heatmap, as they are measured."""
    service.visitors.touch(query.visitor)
    baseline = query.parameters.get("baseline")
    parameters = {**query.parameters, "method": "grad-cam"} if baseline else query.parameters
    method, evidence = read_question(
        service, Query(parameters, query.body, query.visitor, query.path)
    )
    if baseline and baseline not in BASELINES:
        raise VisualizerError(
            f"There is no baseline {baseline[:40]!r}. Choose {' or '.join(BASELINES)}."
        )
    return service.work.stream(query.visitor, "trust", _measured(method, evidence, baseline))


def _measured(method: Method, evidence: Evidence, baseline: str | None) -> Frames:
    start_s = time.perf_counter()
    batch = evidence.values[INPUT]
    if baseline:
        heat = _baseline(baseline, batch)
    else:
        for answer in answers(method, evidence):  # a long method grows first
            heat = answer.heat
            yield {"heating": True, "step": answer.step, "steps": answer.steps}, {}
    for progress in measure(evidence.model, batch, heat, evidence.cotangent):
        found = progress.found
        seen_s = time.perf_counter() - start_s
        header = {
            "step": progress.step,
            "steps": progress.steps,
            "remaining_s": seen_s * (progress.steps - progress.step) / progress.step,
            "notes": list(found.notes),
            "time_ms": 1000 * seen_s,
        }
        if progress.step == progress.steps:
            areas = {"deletion": found.deletion.area, "insertion": found.insertion.area}
            header |= {name: _number(value) for name, value in areas.items()}
            header["road"] = _number(found.road)
        yield header, dict(_arrays([getattr(found, name) for name in CURVES]))


def _arrays(curves: list[Curve]) -> Iterator[tuple[str, Array]]:
    for name, curve in zip(CURVES, curves, strict=True):
        yield f"{name}_shares", curve.shares
        yield f"{name}_scores", curve.scores


def _baseline(name: str, batch: Array) -> Array:
    """Draw a map that knows nothing of the network: the picture's middle, or chance."""
    height, width = batch.shape[2:]
    if name == "random":  # as coarse as the maps of a last layer
        return np.random.default_rng(0).random((7, 7), dtype=np.float32)
    rows, columns = (np.linspace(-1, 1, size, dtype=np.float32) for size in (height, width))
    return -(rows[:, None] ** 2 + columns**2)


def check(service: Service, query: Query) -> Response:
    """Answer with the heatmaps of a network that forgets its training layer by layer."""
    service.visitors.touch(query.visitor)
    method, evidence = read_question(service, query)
    if takes_long(method, evidence):
        raise VisualizerError(
            f"{method.title} runs the network many times for each map, and this check needs nine "
            "maps. Choose a quick method, such as Grad-CAM or saliency."
        )
    return service.work.stream(query.visitor, "sanity", _stages(method, evidence))


def _stages(method: Method, evidence: Evidence) -> Frames:
    def explain(model: Model) -> Array:
        batch = evidence.values[INPUT]
        names = needed_layers(model, evidence.layer)
        values = {**model.values(batch, names), INPUT: batch}
        *_, last = answers(method, Evidence(model, evidence.layer, values, evidence.score))
        return last.heat

    signed = method.signed if isinstance(method, Attribution) else not method.rectified
    yield {"step": 0, "steps": 1}, {}  # copying the network takes a moment
    for stage in sanity(evidence.model, explain):
        header: dict[str, Any] = {
            "step": stage.step,
            "steps": stage.steps,
            "layer": stage.layer,
            "correlation": _number(stage.correlation),
            "similarity": _number(stage.similarity),
            "zero": not stage.heat.any(),
            "signed": signed,
        }
        pool = max(1, -(-max(stage.heat.shape) // SHOWN_SIDE))
        yield header, {"heat": _pooled(stage.heat, pool)}


def _pooled(heat: Array, pool: int) -> Array:
    """Average blocks of cells; what does not fill a block at the end is left out."""
    rows, columns = heat.shape[0] // pool * pool, heat.shape[1] // pool * pool
    blocks = heat[:rows, :columns].reshape(rows // pool, pool, columns // pool, pool)
    return blocks.mean(axis=(1, 3))


def _number(value: float) -> float | None:
    """Replace what JSON cannot carry."""
    return value if math.isfinite(value) else None


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/trust", trust, "POST"),
    Endpoint("/trust/sanity", check, "POST"),
)
