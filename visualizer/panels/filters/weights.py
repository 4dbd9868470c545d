"""What the Filters tab asks about the weights themselves."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np
from starlette.responses import Response

from visualizer.analyses.filters import (
    Array,
    as_drawn,
    filter_sheet,
    flattened_shape,
    similarity_order,
)
from visualizer.errors import VisualizerError
from visualizer.maths.filters import cosine_similarity, kernel_norms
from visualizer.runtime.graph import Layer
from visualizer.runtime.model import UNTRAINED, Model
from visualizer.runtime.training.recorded import recorded
from visualizer.runtime.weights import layer_weights, untrained_weights
from visualizer.ui.http import Endpoint, Query, binary
from visualizer.ui.kept_answers import KeptAnswers
from visualizer.ui.networks import own_name
from visualizer.ui.service import Service

ANSWERS = KeptAnswers()
USUAL = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1)}


def sheet(service: Service, query: Query) -> Response:
    """Answer with all filters of a layer in one small payload; no picture is needed."""
    model, name, trained = _place(service, query)
    with service.turns.short():
        return _kept(model, ("sheet", name, trained), lambda: _sheet(model, name, trained))


def _sheet(model: Model, name: str, trained: bool) -> Response:
    layer = model.layer(name)
    weights, bias = _weights(model, layer, trained)
    found = filter_sheet(as_drawn(weights, model.graph, layer))
    header = {
        "layer": layer.name,
        "kind": layer.kind,
        "settings": layer.settings,
        "form": found.form,
        "shape": list(found.shape),
        "exact": found.cells is None,
        "steps": found.steps,
        "pool": found.pool,
        "groups": layer.attributes.get("groups", 1),
        **{key: layer.attributes.get(key, usual) for key, usual in USUAL.items()},
        "flattened": flattened_shape(model.graph, layer) if layer.op == "linear" else None,
        "source": layer.inputs[0],
        "trained": trained,
        "parameters": layer.parameters,
        "checkpoints": _moments(model, layer) if trained else 0,
    }
    arrays = {
        name: getattr(found, name) for name in ("scale", "norm", "mean", "minimum", "maximum")
    }
    for key, array in (("bias", bias), ("values", found.values), ("cells", found.cells)):
        if array is not None:
            arrays[key] = array
    return binary(header, arrays)


def kernel(service: Service, query: Query) -> Response:
    """Answer with one filter's exact weights, its kernels' norms, and how alike all others are."""
    model, name, trained = _place(service, query)
    channel = query.whole_number("channel")
    with service.turns.short():
        weights = _drawn(model, name, trained)
        if channel >= len(weights):
            raise VisualizerError(
                f"Channel {channel} is outside {name}, which has {len(weights)}: "
                f"0 to {len(weights) - 1}."
            )
        own = weights[channel : channel + 1]
        arrays = {
            "values": own[0],
            "norms": kernel_norms(own)[0],
            "alike": cosine_similarity(weights, channel),
        }
    return binary({"layer": name, "channel": channel}, arrays)


def order(service: Service, query: Query) -> Response:
    """Answer with the filters' order in which neighbours are alike."""
    model, name, trained = _place(service, query)
    with service.turns.short():
        return _kept(model, ("order", name, trained), lambda: _order(model, name, trained))


def _kept(model: Model, key: tuple[Hashable, ...], make: Callable[[], Response]) -> Response:
    """Answer once for all visitors; what is a visitor's own is kept by nobody."""
    if own_name(model.name) is not None:
        return make()
    return ANSWERS.get((model.name, *key), make)


def _order(model: Model, name: str, trained: bool) -> Response:
    weights = _drawn(model, name, trained)
    return binary({"layer": name}, {"order": similarity_order(weights).astype(np.int32)})


def checkpoints(service: Service, query: Query) -> Response:
    """Answer with a convolution's filters at several moments of the training."""
    model, name, _ = _place(service, query)
    layer = model.layer(name)
    kept = recorded(model, layer)
    if kept is None:
        raise VisualizerError(
            f"Nobody recorded how {name} of {model.spec.title} was trained. LeNet-5's convolutions "
            "have checkpoints, and those of every network trained in the Training tab."
        )
    arrays = {"steps": kept.steps, "epochs": kept.epochs, "accuracy": kept.accuracy}
    header = {"layer": name, "split": kept.split}
    return binary(header, {**arrays, "values": kept.weights[layer.weights[0]]})


def _place(service: Service, query: Query) -> tuple[Model, str, bool]:
    """Read which layer is meant; the twin before training needs no second network in memory."""
    parameters = query.parameters
    net = parameters.get("net", "")
    trained = parameters.get("weights") != UNTRAINED
    known = not trained and (net, True) in service.shelf
    model = service.model(net, trained or known)
    return model, model.layer(parameters.get("layer", "")).name, trained


def _weights(model: Model, layer: Layer, trained: bool) -> tuple[Array, Array | None]:
    if model.trained and not trained:
        return untrained_weights(model.spec, layer)
    return layer_weights(model, layer)


def _drawn(model: Model, name: str, trained: bool) -> Array:
    layer = model.layer(name)
    return as_drawn(_weights(model, layer, trained)[0], model.graph, layer)


def _moments(model: Model, layer: Layer) -> int:
    kept = recorded(model, layer)
    return 0 if kept is None else len(kept.steps)


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/filters", sheet),
    Endpoint("/filters/kernel", kernel),
    Endpoint("/filters/order", order),
    Endpoint("/filters/checkpoints", checkpoints),
)
