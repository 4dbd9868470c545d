"""What the Embeddings tab asks about one map: what there is to choose, and how it grows."""

from __future__ import annotations

import math
import time

import numpy as np
from starlette.responses import JSONResponse, Response

from visualizer.analyses.embedding import METHODS, Settings, frames
from visualizer.analyses.feature_store import Subject
from visualizer.analyses.features import POOLS, POWER, classifier_input
from visualizer.analyses.map_measures import measured
from visualizer.analyses.map_store import finished, pca_components
from visualizer.panels.embeddings.growth import (
    Growth,
    features_stage,
    points_frame,
    told,
)
from visualizer.panels.embeddings.loading import Loading
from visualizer.panels.embeddings.question import (
    Memory,
    memory,
    read_layer,
    read_map,
    read_subject,
)
from visualizer.panels.embeddings.worth import measuring, quality
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.long_work import Frames
from visualizer.ui.service import Service


def menu(service: Service, query: Query) -> Response:
    """Answer with methods, poolings, metrics and layers; make ready what takes long to import."""
    Loading(METHODS[0].id)
    model = service.asked_model(query.parameters)
    plain = Settings()
    answer = {
        "methods": [
            {name: getattr(one, name) for name in ("id", "title", "sentence", "caution", "paper")}
            | {"reason": one.reason()}
            for one in METHODS
        ],
        "pools": list(POOLS),
        "power": POWER,
        "layers": [
            {"name": one.name, "kind": one.kind, "shape": list(one.output_shape)}
            for one in model.layers
        ],
        "default": {"layer": classifier_input(model), "pool": "average", "method": METHODS[0].id}
        | {name: getattr(plain, name) for name in ("perplexity", "exaggeration", "metric", "seed")},
    }
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def embedding(service: Service, query: Query) -> Response:
    """Answer with a map that grows: features, points, positions, and the finished map."""
    subject = read_subject(service, query)
    layer = read_layer(subject, query)
    method, settings = read_map(query, subject, (layer,))
    grown = _grown(memory(service), subject, layer, method, settings)
    return service.work.stream(query.visitor, "embedding", grown)


def _grown(kept: Memory, subject: Subject, layer: str, method: str, settings: Settings) -> Frames:
    start_s, loading = time.perf_counter(), Loading(method)
    gathered = yield from features_stage(kept.features, subject, (layer,))
    yield points_frame(subject, gathered)
    features = gathered.features[layer]
    last = yield from told(frames(features, method, settings), Growth(method, settings), loading)
    map_s = time.perf_counter() - start_s
    whole = subject.collection
    known = None if whole.labels is None else whole.labels[subject.indices]
    worth = yield from measuring(measured(features, last.points, known, settings.metric))
    axes = pca_components(features, settings) if method == "pca" else None
    made = finished(subject, layer, method, settings, last.points, gathered.predictions, axes)
    kept.features.index(subject, layer, settings.metric, features)  # ready for the next picture
    header = {
        "stage": "settled",
        "map": kept.maps.keep(made, whole),
        "quality": quality(worth),
        "groups": worth.groups,
        "notes": worth.notes,
        "kl": last.kl_divergence if math.isfinite(last.kl_divergence) else None,
        "time_s": map_s,
    }
    arrays = {"xy": last.points.astype(np.float32)}
    yield header, {**arrays, "clusters": worth.clusters, "neighbours": worth.neighbours}


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/embedding/menu", menu),
    Endpoint("/embedding", embedding, "POST", owned=True),
)
