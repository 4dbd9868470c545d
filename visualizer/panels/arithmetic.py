"""The arithmetic of convolution: a workbench to edit, and any value of the network taken apart."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from visualizer.analyses.arithmetic import check
from visualizer.analyses.explanation import TOP, explain
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.panel import Panel
from visualizer.ui.service import Service
from visualizer.ui.widget import widget


def trace(service: Service, query: Query) -> Response:
    """Answer with one value of a layer as the arithmetic that made it; ``all=1`` lists it whole."""
    view = service.view(query.parameters)
    layer = view.model.layer(query.parameters.get("layer", ""))
    channel, row, column = (query.whole_number(name) for name in ("channel", "row", "column"))
    check(layer.name, layer.output_shape, (channel, row, column))
    maps = view.gather({layer.name, *layer.inputs})
    top = None if query.parameters.get("all") == "1" else TOP
    found = explain(view.model, maps.__getitem__, layer.name, channel, row, column, top=top)
    return JSONResponse(found.record(), headers={"Cache-Control": "no-store"})


def build() -> None:
    """Lay out the tab: one widget."""
    widget("arithmetic", elem_id="arithmetic")


PANEL = Panel("Arithmetic", "arithmetic", build, (Endpoint("/trace", trace),))
