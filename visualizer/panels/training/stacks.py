"""What the Training tab asks before it trains: a stack taken apart, and data that are not here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.responses import JSONResponse, Response, StreamingResponse

from visualizer.panels.training.data_asked import pictures
from visualizer.panels.training.question import read_data, read_network, read_side
from visualizer.runtime.collection import Collection
from visualizer.runtime.training.data_menu import fetch_data, find_data
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.progress import Tell, progress_lines
from visualizer.ui.service import Service
from visualizer.zoo.stack import Network, describe_stack


def stack(service: Service, query: Query) -> Response:
    """Answer with a stack's layers and their shapes, up to what does not fit."""
    network = read_network(query)
    shape, classes = _input(service, query, network)
    rows = describe_stack(network.stack, shape, classes)
    answer = {
        "stack": network.text,
        "input": list(shape),
        "classes": classes,
        "rows": [_row(one) for one in rows],
        "totals": {
            "parameters": sum(one.parameters for one in rows),
            "macs": sum(one.macs for one in rows),
        },
        "fits": not any(one.error for one in rows),
    }
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def fetch(_service: Service, query: Query) -> Response:
    """Download data to train on, telling the progress line by line."""
    record = find_data(query.parameters.get("data", ""))

    def work(tell: Tell, cancelled: Callable[[], bool]) -> None:
        def report(step: str, done: int, total: int) -> None:
            tell({"step": step, "received": done, "total": total})

        fetch_data(record.name, report=report, cancelled=cancelled)

    return StreamingResponse(progress_lines(work), media_type="application/x-ndjson")


def _input(service: Service, query: Query, network: Network) -> tuple[tuple[int, int, int], int]:
    """Tell the shape of a picture and the number of classes, without reading a data set."""
    source = pictures(service, query)
    if isinstance(source, Collection):
        data = read_data(service, query, network)
        return data.input_shape, len(data.classes)
    record, side = find_data(source), read_side(service, query, network)
    return (record.channels, side, side), record.classes


def _row(one: Any) -> dict[str, Any]:
    shape = None if one.output_shape is None else list(one.output_shape)
    return {**asdict(one), "output_shape": shape}


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/training/stack", stack),
    Endpoint("/training/fetch", fetch, "POST", owned=True),
)
