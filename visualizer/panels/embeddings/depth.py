"""What the Embeddings tab asks about many layers: one map each, laid one on the other."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np
from starlette.responses import Response

from visualizer.analyses.embedding import Settings
from visualizer.analyses.embedding.layers import LayerFrame, layer_frames
from visualizer.analyses.feature_store import Gathered, Subject
from visualizer.analyses.map_measures import measured
from visualizer.panels.embeddings.growth import (
    Growth,
    Points,
    features_stage,
    points_frame,
)
from visualizer.panels.embeddings.loading import Loading
from visualizer.panels.embeddings.question import (
    Memory,
    memory,
    read_layers,
    read_map,
    read_subject,
)
from visualizer.panels.embeddings.worth import measuring, quality
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.long_work import Frame, Frames
from visualizer.ui.service import Service


def layers(service: Service, query: Query) -> Response:
    """Answer with one map per layer, in the order given, each aligned to the one before."""
    subject = read_subject(service, query)
    names = read_layers(subject, query)
    method, settings = read_map(query, subject, names)
    frames = _layers(memory(service), subject, names, method, settings)
    return service.work.stream(query.visitor, "embedding layers", frames)


def _layers(
    kept: Memory, subject: Subject, names: tuple[str, ...], method: str, settings: Settings
) -> Frames:
    loading = Loading(method)
    gathered = yield from features_stage(kept.features, subject, names)
    yield points_frame(subject, gathered)
    features = {name: gathered.features[name] for name in names}
    grown = layer_frames(features, method, settings)
    for position, layer in enumerate(names):
        more = {"layer": layer, "position": position, "of": len(names)}
        points = yield from _grown(grown, Growth(method, settings, **more), loading)
        yield from _finished(subject, gathered, layer, points, settings, more)


def _grown(
    frames: Iterator[LayerFrame], growth: Growth, loading: Loading
) -> Generator[Frame, None, Points]:
    """Send one layer's map while it grows; the generator returns its finished points."""
    for step in frames:
        yield from growth.frames(step.frame)
        yield from loading.waiting()
        if step.finished:
            break
    return step.frame.points


def _finished(
    subject: Subject,
    gathered: Gathered,
    layer: str,
    points: Points,
    settings: Settings,
    more: dict[str, object],
) -> Frames:
    whole = subject.collection
    known = None if whole.labels is None else whole.labels[subject.indices]
    worth = yield from measuring(measured(gathered.features[layer], points, known, settings.metric))
    header = {"stage": "layer", **more, "quality": quality(worth), "notes": worth.notes}
    arrays = {"xy": points.astype(np.float32), "neighbours": worth.neighbours}
    yield header, arrays


ENDPOINTS: tuple[Endpoint, ...] = (Endpoint("/embedding/layers", layers, "POST", owned=True),)
