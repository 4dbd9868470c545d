"""What the Augmentation tab asks about a shift: do maps follow it, do they forgive it."""

from __future__ import annotations

from dataclasses import asdict

from starlette.responses import JSONResponse, Response

from visualizer.analyses.equivariance import (
    BorderError,
    changed_by_a_pixel,
    first_convolution,
    measured,
)
from visualizer.errors import VisualizerError
from visualizer.runtime.framing import network_input
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.service import Service

LAYERS_MOST = 16


def moved(service: Service, query: Query) -> Response:
    """Answer with how well a layer's maps follow a shift of the input, or the reason why not."""
    view = service.view(query.parameters)
    layer = query.parameters.get("layer") or first_convolution(view.model)
    cells = query.whole_number("cells") if query.parameters.get("cells") else 1
    with service.turns.short():
        batch = network_input(view.pixels, view.model.spec, view.framing)
        try:
            told = {**asdict(measured(view.model, batch, layer, cells)), "reason": None}
        except BorderError as error:  # an answer about the layer, no mistake of the page
            told = {"layer": layer, "cells": cells, "reason": str(error)}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def forgiven(service: Service, query: Query) -> Response:
    """Answer with how much each of ``layers`` changes when the input moves by one pixel."""
    view = service.view(query.parameters)
    layers = [name for name in query.parameters.get("layers", "").split(",") if name]
    if not 1 <= len(layers) <= LAYERS_MOST:
        raise VisualizerError(f"{len(layers)} layers were asked for; choose 1 to {LAYERS_MOST}.")
    with service.turns.short():
        batch = network_input(view.pixels, view.model.spec, view.framing)
        changes = changed_by_a_pixel(view.model, batch, layers)
    told = [
        {"layer": layer, "change": change} for layer, change in zip(layers, changes, strict=True)
    ]
    return JSONResponse({"layers": told}, headers={"Cache-Control": "no-store"})


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/augment/equivariance", moved),
    Endpoint("/augment/forgiven", forgiven),
)
