"""The feature maps of every layer, and their exact values."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from starlette.responses import Response

from visualizer.analyses.feature_maps import overview
from visualizer.analyses.receptive_field import COLUMNS, ROWS, receptive_intervals
from visualizer.errors import VisualizerError
from visualizer.ui.http import Endpoint, Query, binary
from visualizer.ui.networks import file_stem
from visualizer.ui.panel import Panel
from visualizer.ui.service import Service
from visualizer.ui.widget import widget


def maps(service: Service, query: Query) -> Response:
    """Answer with one layer at a glance: all channels in one small payload."""
    view = service.view(query.parameters)
    layer = view.model.layer(query.parameters.get("layer", ""))
    values = view.maps(layer.name)
    seen = overview(values)
    shown = values if seen.cells is None else seen.cells
    header = {
        "layer": layer.name,
        "kind": layer.kind,
        "shape": list(layer.output_shape),
        "tile": list(shown.shape[1:]),
        "pool": seen.pool,
        "exact": seen.cells is None,
        "levels": seen.levels,
    }
    arrays = {
        "minimum": seen.minimum,
        "maximum": seen.maximum,
        "mean": seen.mean,
        "zeros": seen.zeros,
        "receptive_rows": receptive_intervals(view.model.graph, layer.name, ROWS).astype(np.int32),
        "receptive_columns": receptive_intervals(view.model.graph, layer.name, COLUMNS).astype(
            np.int32
        ),
        "values" if seen.cells is None else "cells": shown,
    }
    return binary(header, arrays)


def values(service: Service, query: Query) -> Response:
    """Answer with one channel's exact values: (h, w) float32."""
    view = service.view(query.parameters)
    layer = view.model.layer(query.parameters.get("layer", ""))
    channel = query.whole_number("channel")
    if channel >= layer.output_shape[0]:
        raise VisualizerError(
            f"Channel {channel} is outside {layer.name}, which has {layer.output_shape[0]}: "
            f"0 to {layer.output_shape[0] - 1}."
        )
    header = {"layer": layer.name, "channel": channel}
    return binary(header, {"values": view.maps(layer.name)[channel]})


def export(service: Service, query: Query) -> Response:
    """Answer with a layer's values as ``.npz``, under the layer's own name."""
    view = service.view(query.parameters)
    layer = view.model.layer(query.parameters.get("layer", ""))
    file = io.BytesIO()
    arrays: dict[str, Any] = {layer.name: view.maps(layer.name)}
    np.savez_compressed(file, **arrays)
    name = f"{file_stem(view.model.spec)}-{layer.name.replace('.', '-')}.npz"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(file.getvalue(), media_type="application/zip", headers=headers)


def build() -> None:
    """Lay out the tab: one widget."""
    widget("feature_maps", elem_id="feature-maps")


PANEL = Panel(
    "Feature maps",
    "feature-maps",
    build,
    (Endpoint("/maps", maps), Endpoint("/values", values), Endpoint("/export", export)),
)
