"""What the Filters tab asks about the weights themselves."""

from __future__ import annotations

import numpy as np
from starlette.responses import Response

from visualizer.analyses.filters import (
    as_drawn,
    filter_sheet,
    flattened_shape,
    similarity_order,
)
from visualizer.errors import VisualizerError
from visualizer.maths.filters import cosine_similarity, kernel_norms
from visualizer.panels.filters.weights_asked import drawn, kept, moments, place, weights_of
from visualizer.runtime.model import Model
from visualizer.runtime.training.recorded import recorded
from visualizer.ui.http import Endpoint, Query, binary
from visualizer.ui.service import Service

USUAL = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1)}


def sheet(service: Service, query: Query) -> Response:
    """Answer with all filters of a layer in one small payload; no picture is needed."""
    model, name, trained = place(service, query)
    with service.turns.short():
        return kept(model, ("sheet", name, trained), lambda: _sheet(model, name, trained))


def _sheet(model: Model, name: str, trained: bool) -> Response:
    layer = model.layer(name)
    weights, bias = weights_of(model, layer, trained)
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
        "checkpoints": moments(model, layer) if trained else 0,
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
    model, name, trained = place(service, query)
    channel = query.whole_number("channel")
    with service.turns.short():
        weights = drawn(model, name, trained)
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
    model, name, trained = place(service, query)
    with service.turns.short():
        return kept(model, ("order", name, trained), lambda: _order(model, name, trained))


def _order(model: Model, name: str, trained: bool) -> Response:
    weights = drawn(model, name, trained)
    return binary({"layer": name}, {"order": similarity_order(weights).astype(np.int32)})


def checkpoints(service: Service, query: Query) -> Response:
    """Answer with a convolution's filters at several moments of the training."""
    model, name, _ = place(service, query)
    layer = model.layer(name)
    found = recorded(model, layer)
    if found is None:
        raise VisualizerError(
            f"Nobody recorded how {name} of {model.spec.title} was trained. LeNet-5's convolutions "
            "have checkpoints, and those of every network trained in the Training tab."
        )
    arrays = {"steps": found.steps, "epochs": found.epochs, "accuracy": found.accuracy}
    header = {"layer": name, "split": found.split}
    return binary(header, {**arrays, "values": found.weights[layer.weights[0]]})


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/filters", sheet),
    Endpoint("/filters/kernel", kernel),
    Endpoint("/filters/order", order),
    Endpoint("/filters/checkpoints", checkpoints),
)
