"""What a request about features asks: which network, which pictures, which layers, which map."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from visualizer.analyses.embedding import Settings, find_method
from visualizer.analyses.embedding.checks import check_count, check_settings, check_tsne
from visualizer.analyses.feature_store import FeatureStore, Subject
from visualizer.analyses.features import POWER, classifier_input
from visualizer.analyses.map_store import MapStore
from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.ui.http import Query
from visualizer.ui.service import Service

LAYERS_MOST = 12


@dataclass(eq=False)
class Memory:
    """What the panel keeps: features and finished maps, each as long as its collection."""

    features: FeatureStore = field(default_factory=FeatureStore)
    maps: MapStore = field(default_factory=MapStore)

    def forget_network(self, name: str) -> None:
        """Drop what belongs to networks whose names begin with ``name``."""
        self.features.forget_network(name)
        self.maps.forget_network(name)


def memory(service: Service) -> Memory:
    """Find what is kept for the running page."""
    return service.store(Memory, lambda made: service.forgetful.append(made.forget_network))


def read_subject(service: Service, query: Query) -> Subject:
    """Read ``net``, ``weights``, ``collection``, ``limit``, ``pool``, ``power``."""
    asked = query.parameters
    collection = service.collection(asked.get("collection", ""))
    model = service.asked_model(asked)
    limit = whole(query, "limit", 0) or None
    pool = asked.get("pool") or "average"
    return Subject(model, collection, limit, pool, number(query, "power", POWER))


def read_layer(subject: Subject, query: Query) -> str:
    """Read ``layer``; without one the classifier's input."""
    layer = query.parameters.get("layer") or classifier_input(subject.model)
    subject.size(layer)  # refuses unknown layers and poolings
    return layer


def read_layers(subject: Subject, query: Query) -> tuple[str, ...]:
    """Read ``layers``, names with commas between."""
    layers = tuple(dict.fromkeys(filter(None, query.parameters.get("layers", "").split(","))))
    if not 1 <= len(layers) <= LAYERS_MOST:
        raise VisualizerError(
            f"{len(layers)} layers are named; name 1 to {LAYERS_MOST}, with commas between."
        )
    for layer in layers:
        subject.size(layer)
    return layers


def read_map(query: Query, subject: Subject, layers: tuple[str, ...]) -> tuple[str, Settings]:
    """Read the method and its settings, and refuse at once what cannot become a map."""
    plain = Settings()
    settings = Settings(
        perplexity=number(query, "perplexity", plain.perplexity),
        seed=whole(query, "seed", plain.seed),
        dimensions=whole(query, "dimensions", plain.dimensions),
        metric=query.parameters.get("metric") or plain.metric,
        exaggeration=number(query, "exaggeration", plain.exaggeration),
        exaggerated_iterations=whole(query, "early", plain.exaggerated_iterations),
        iterations=whole(query, "iterations", plain.iterations),
        start=query.parameters.get("start") or plain.start,
        neighbours=whole(query, "neighbours", plain.neighbours),
        smallest_distance=number(query, "smallest_distance", plain.smallest_distance),
    )
    method = find_method(query.parameters.get("method") or "t-sne")
    missing = method.reason()
    if missing:
        raise VisualizerError(missing)
    check_count(subject.count)
    for layer in layers:
        check_settings(settings, subject.count, subject.size(layer))
    if method.id == "t-sne":
        check_tsne(settings, subject.count)
    return method.id, settings


def read_metric(query: Query, metrics: tuple[str, ...], usual: str) -> str:
    """Read ``metric``, one of several."""
    metric = query.parameters.get("metric") or usual
    if metric not in metrics:
        raise UnknownNameError(
            f"There is no metric {metric[:40]!r}; choose one of {', '.join(metrics)}."
        )
    return metric


def whole(query: Query, name: str, default: int) -> int:
    """Read a whole number of at least 0; empty or missing is the default."""
    return query.whole_number(name) if query.parameters.get(name) else default


def number(query: Query, name: str, default: float) -> float:
    """Read a number with a decimal point; empty or missing is the default."""
    text = query.parameters.get(name)
    if not text:
        return default
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise VisualizerError(f"{name}={text[:40]!r} is no number; give one such as {default:g}.")
    return found
