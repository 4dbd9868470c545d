"""What the Embeddings tab asks about likeness: the nearest pictures, and how often they fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.responses import JSONResponse, Response

from visualizer.analyses.feature_store import PIXELS, Gathered, Subject, seen_pixels
from visualizer.analyses.features import macs
from visualizer.analyses.similar_pictures import (
    Similar,
    most_similar,
    search_cost,
    share_of_same,
)
from visualizer.errors import VisualizerError
from visualizer.maths.global_pooling import global_pool
from visualizer.maths.neighbours import METRICS, Index
from visualizer.panels.embeddings.question import (
    Memory,
    memory,
    read_layer,
    read_metric,
    read_subject,
    whole,
)
from visualizer.runtime.graph import INPUT
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.service import Service

PRIVATE = {"Cache-Control": "no-store"}
SHOWN = 20
QUICK_MACS = 4e10  # one or two seconds: more is done where the progress shows


def retrieve(service: Service, query: Query) -> Response:
    """Answer with the most similar pictures, by features and by pixels."""
    subject = read_subject(service, query)
    layer, metric = read_layer(subject, query), read_metric(query, METRICS, "cosine")
    kept = memory(service)
    gathered = kept.features.known(subject, (layer,))
    if gathered is None:
        if not _quick(subject):
            return _missing(subject)
        gathered = _extracted(service, kept, subject, layer)
    asked = _asked(service, query, subject, layer, gathered)
    count = whole(query, "k", min(SHOWN, max(1, subject.count - (asked.own is not None))))
    indices = {
        "deep": kept.features.index(subject, layer, metric, gathered.features[layer]),
        "pixels": kept.features.index(subject, PIXELS, "l1", gathered.pixels),
    }
    with service.turns.short():
        found = {
            side: most_similar(index, asked.vectors[side], count, own=asked.own)
            for side, index in indices.items()
        }
    return JSONResponse(_answer(subject, found, indices, asked.label), headers=PRIVATE)


@dataclass(frozen=True)
class Asked:
    """What is asked with: by its place in the collection, or the visitor's own picture."""

    vectors: dict[str, NDArray[Any]]
    own: int | None
    label: int | None


def _asked(
    service: Service, query: Query, subject: Subject, layer: str, gathered: Gathered
) -> Asked:
    if not query.parameters.get("index"):
        view = service.view(query.parameters)
        values = view.gather((INPUT, layer))
        pooled = global_pool(values[layer][None], subject.pool, power=subject.power)
        pixels = seen_pixels(values[INPUT][None], subject.model.spec)
        return Asked({"deep": pooled[0], "pixels": pixels[0]}, None, None)
    index = query.whole_number("index")
    places = np.flatnonzero(subject.indices == index)
    if not len(places):
        raise VisualizerError(
            f"Picture {index} is not among the {subject.count:,} of {subject.collection.title} "
            "that are compared. Choose another, or compare all."
        )
    own, labels = int(places[0]), subject.collection.labels
    vectors = {"deep": gathered.features[layer][own], "pixels": gathered.pixels[own]}
    return Asked(vectors, own, None if labels is None else int(labels[index]))


def _answer(
    subject: Subject, found: dict[str, Similar], indices: dict[str, Index], label: int | None
) -> dict[str, Any]:
    indexed = subject.indices
    labels = None if subject.collection.labels is None else subject.collection.labels[indexed]
    listed = {
        side: [
            {
                "index": int(indexed[place]),
                "distance": gap,
                "label": subject.collection.label(int(indexed[place])),
                "same": None if labels is None or label is None else bool(labels[place] == label),
            }
            for place, gap in zip(one.positions.tolist(), one.distances.tolist(), strict=True)
        ]
        for side, one in found.items()
    }
    shares = {side: share_of_same(one, labels, label) for side, one in found.items()}
    costs = {side: search_cost(indices[side], one.time_ms) for side, one in found.items()}
    return {
        **listed,
        "precision": {**shares, "k": len(found["deep"].positions)},
        "time_ms": {side: one.time_ms for side, one in found.items()},
        "cost": f"Exact search reads every vector. By the network: {costs['deep']}. "
        f"By pixels: {costs['pixels']}.",
    }


def _quick(subject: Subject) -> bool:
    return macs(subject.model) * subject.count <= QUICK_MACS


def _missing(subject: Subject) -> Response:
    sentence = (
        f"The features of {subject.count:,} pictures at this layer are not worked out yet, which "
        "takes a while. Make a map of this layer first, or choose a smaller collection."
    )
    return JSONResponse({"error": sentence, "features_missing": True}, 409)


def _extracted(service: Service, kept: Memory, subject: Subject, layer: str) -> Gathered:
    steps = kept.features.steps(subject, (layer,))
    while True:
        try:
            with service.turns.step():
                next(steps)
        except StopIteration as end:
            found: Gathered = end.value
            return found


ENDPOINTS: tuple[Endpoint, ...] = (Endpoint("/retrieval", retrieve),)
