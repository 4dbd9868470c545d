"""Whose weights a question of the Filters tab means, and the answers that are kept for all."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from starlette.responses import Response

from visualizer.analyses.filters import Array, as_drawn
from visualizer.runtime.graph import Layer
from visualizer.runtime.model import UNTRAINED, Model
from visualizer.runtime.training.recorded import recorded
from visualizer.runtime.weights import layer_weights, untrained_weights
from visualizer.ui.http import Query
from visualizer.ui.kept_answers import KeptAnswers
from visualizer.ui.networks import own_name
from visualizer.ui.service import Service

ANSWERS = KeptAnswers()


def place(service: Service, query: Query) -> tuple[Model, str, bool]:
    """Read which layer is meant; the twin before training needs no second network in memory."""
    parameters = query.parameters
    net = parameters.get("net", "")
    trained = parameters.get("weights") != UNTRAINED
    known = not trained and (net, True) in service.shelf
    model = service.model(net, trained or known)
    return model, model.layer(parameters.get("layer", "")).name, trained


def weights_of(model: Model, layer: Layer, trained: bool) -> tuple[Array, Array | None]:
    """Give weights and bias of a layer, or those it had before training."""
    if model.trained and not trained:
        return untrained_weights(model.spec, layer)
    return layer_weights(model, layer)


def drawn(model: Model, name: str, trained: bool) -> Array:
    """Give a layer's weights in the shape in which they are drawn."""
    layer = model.layer(name)
    return as_drawn(weights_of(model, layer, trained)[0], model.graph, layer)


def moments(model: Model, layer: Layer) -> int:
    """Count the moments of the training at which a layer's weights were recorded."""
    found = recorded(model, layer)
    return 0 if found is None else len(found.steps)


def kept(model: Model, key: tuple[Hashable, ...], make: Callable[[], Response]) -> Response:
    """Answer once for all visitors; what is a visitor's own is kept by nobody."""
    if own_name(model.name) is not None:
        return make()
    return ANSWERS.get((model.name, *key), make)
