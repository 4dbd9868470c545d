"""What the Embeddings tab asks about a whole collection: how often the nearest pictures fit."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.responses import Response

from visualizer.analyses.feature_store import Subject
from visualizer.analyses.retrieval import RetrievalScores, scoring
from visualizer.errors import VisualizerError
from visualizer.maths.neighbours import METRICS
from visualizer.panels.embeddings.growth import features_stage
from visualizer.panels.embeddings.question import (
    Memory,
    memory,
    read_layer,
    read_metric,
    read_subject,
)
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.long_work import Frames
from visualizer.ui.service import Service

K = 10
RANKS = (1, 5, 10)
SLICE_S = 0.1
QUERIES_LEAST = 200
CELLS_READ = 2e10  # of pixels, by all queries together: some ten seconds


def features(service: Service, query: Query) -> Response:
    """Extract the features of a layer, telling the progress, so that one can ask with pictures."""
    subject = read_subject(service, query)
    layer = read_layer(subject, query)
    return service.work.stream(query.visitor, "features", _ready(memory(service), subject, layer))


def _ready(kept: Memory, subject: Subject, layer: str) -> Frames:
    gathered = yield from features_stage(kept.features, subject, (layer,))
    count, size = gathered.features[layer].shape
    yield {"stage": "ready", "count": count, "values": size}, {}


def scores(service: Service, query: Query) -> Response:
    """Answer with precision and mean average precision, features against pixels, as they grow."""
    subject = read_subject(service, query)
    layer, metric = read_layer(subject, query), read_metric(query, METRICS, "cosine")
    known = subject.collection.labels
    if known is None:
        raise VisualizerError(
            f"{subject.collection.title} has no labels, so nothing tells which answers are right. "
            "Put the pictures into one folder per class."
        )
    grown = _scored(memory(service), subject, layer, metric, known[subject.indices])
    return service.work.stream(query.visitor, "retrieval scores", grown)


def _scored(
    kept: Memory, subject: Subject, layer: str, metric: str, labels: NDArray[np.int64]
) -> Frames:
    gathered = yield from features_stage(kept.features, subject, (layer,))
    k = min(K, max(1, subject.count - 1))
    queries = asked_queries(subject.count, gathered.pixels.shape[1])
    # both sides ask with the same pictures
    deep = scoring(gathered.features[layer], labels, metric, k, queries=queries)
    pixels = scoring(gathered.pixels, labels, "l1", k, queries=queries)
    ours = next(deep)
    yield _progress(subject, ours, 0), {}
    last_s = time.perf_counter()
    for theirs in pixels:
        while ours.queries < min(theirs.queries, ours.planned):
            ours = next(deep)
        if time.perf_counter() - last_s > SLICE_S or theirs.queries == theirs.planned:
            yield _frame(subject, ours, theirs), {}
            last_s = time.perf_counter()


def asked_queries(count: int, cells: int) -> int:
    """Choose how many pictures ask, so that the pixels' side takes some ten seconds at most.

    Shapes: ``count`` pictures of ``cells`` pixels' values.
    """
    return min(count, max(QUERIES_LEAST, int(CELLS_READ / (count * cells))))


def _progress(subject: Subject, ours: RetrievalScores, queries: int) -> dict[str, Any]:
    return {
        "stage": "scores",
        "queries": queries,
        "planned": ours.planned,
        "left_out": ours.left_out,
        "count": subject.count,
        "k": ours.k,
    }


def _frame(subject: Subject, ours: RetrievalScores, theirs: RetrievalScores) -> Mapping[str, Any]:
    ranks = [rank for rank in RANKS if rank <= ours.k]
    return {
        **_progress(subject, ours, theirs.queries),
        "deep": _side(ours, ranks),
        "pixels": _side(theirs, ranks),
        "chance": {
            "precision": {str(rank): ours.chance for rank in ranks},
            "mean_average_precision": ours.chance,
        },
    }


def _side(scores: RetrievalScores, ranks: list[int]) -> dict[str, Any]:
    return {
        "precision": {str(rank): scores.precisions[rank - 1] for rank in ranks},
        "mean_average_precision": scores.mean_average_precision,
    }


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/retrieval/features", features, "POST", owned=True),
    Endpoint("/retrieval/scores", scores, "POST", owned=True),
)
