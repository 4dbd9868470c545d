"""What a visitor can choose: methods, each with a reason where it cannot be used, and layers."""

from __future__ import annotations

from typing import Any

from visualizer.analyses.cam import METHODS, CamMethod
from visualizer.analyses.evidence import SURVEYS
from visualizer.runtime.attribution import ATTRIBUTIONS
from visualizer.runtime.classifier import classifier_layer
from visualizer.runtime.heat_layers import heat_layer, recommended_layer, spatial_layers, why_not
from visualizer.runtime.model import Model

DEFAULT_METHOD = "grad-cam"


def menu(model: Model, layer: str | None) -> dict[str, Any]:
    """List methods and layers for the page; ``layer=None`` is the recommended one."""
    read = heat_layer(model, layer).name
    layers = [
        {"name": one.name, "shape": list(one.output_shape), "kind": one.kind}
        for one in spatial_layers(model.graph)
    ]
    return {
        "methods": [*_maps(model, read), *_attributions(model)],
        "layers": layers,
        "default": {"method": DEFAULT_METHOD, "layer": recommended_layer(model)},
    }


def _maps(model: Model, layer: str) -> list[dict[str, Any]]:
    return [
        {
            "id": method.id,
            "title": method.title,
            "family": "cam",
            "sentence": method.sentence,
            "formula": method.formula,
            "paper": method.paper,
            "long": _runs_per_channel(model, method, layer),
            "needs_layer": True,
            **_availability(why_not(model.graph, layer, method.needs)),
        }
        for method in METHODS
    ]


def _attributions(model: Model) -> list[dict[str, Any]]:
    return [
        {
            "id": method.id,
            "title": method.title,
            "family": "attribution",
            "sentence": method.sentence,
            "formula": method.formula,
            "paper": method.paper,
            "long": method.long,
            "needs_layer": method.needs_layer,
            **_availability(method.holds(model)),
        }
        for method in ATTRIBUTIONS
    ]


def _runs_per_channel(model: Model, method: CamMethod, layer: str) -> bool:
    """Tell whether the network runs once per channel: no closed form will do."""
    surveyed = [need for need in method.needs if need in SURVEYS]
    closed = classifier_layer(model.graph, layer) is not None
    return bool(surveyed) and not (surveyed == ["ablated_scores"] and closed)


def _availability(reason: str | None) -> dict[str, Any]:
    return {"available": reason is None, "reason": reason}
