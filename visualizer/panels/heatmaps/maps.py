"""What the Heatmaps tab asks about the heatmaps."""

from __future__ import annotations

import time

from starlette.responses import JSONResponse, Response

from visualizer.analyses.cam import CamMethod
from visualizer.analyses.evidence import Evidence
from visualizer.analyses.heat_answer import Method, answers, arrays, header, takes_long
from visualizer.analyses.heat_explanation import explain_cell
from visualizer.analyses.heat_menu import menu
from visualizer.errors import VisualizerError
from visualizer.panels.heatmaps.question import read_question
from visualizer.ui.http import Endpoint, Query, binary
from visualizer.ui.long_work import Frames
from visualizer.ui.service import Service
from visualizer.zoo import labels


def classes(service: Service, query: Query) -> Response:
    """Answer with the names of all classes of a network."""
    return JSONResponse({"labels": list(labels(service.spec(query.parameters.get("net", ""))))})


def methods(service: Service, query: Query) -> Response:
    """Answer with the methods, which of them can read a layer, and the layers."""
    model = service.asked_model(query.parameters)
    return JSONResponse(menu(model, query.parameters.get("layer") or None))


def heat(service: Service, query: Query) -> Response:
    """Answer with one heatmap, not rescaled; long ones only where they are known."""
    start_s = time.perf_counter()
    method, evidence = read_question(service, query)
    _refuse_long(method, evidence)
    with service.turns.short():
        *_, last = answers(method, evidence)
    return binary(header(method, evidence, last, start_s), arrays(method, evidence, last))


def stream(service: Service, query: Query) -> Response:
    """Answer with a heatmap that grows, each frame as :func:`heat` would answer."""
    service.visitors.touch(query.visitor)
    method, evidence = read_question(service, query)
    return service.work.stream(query.visitor, "heatmap", _frames(method, evidence))


def _frames(method: Method, evidence: Evidence) -> Frames:
    start_s = time.perf_counter()
    first, first_s = 0, start_s
    for answer in answers(method, evidence):
        pace_s = (time.perf_counter() - first_s) / max(1, answer.step - first)
        if not first:  # may include much that was known before: later steps tell the pace
            first, first_s = answer.step, time.perf_counter()
        remaining_s = pace_s * (answer.steps - answer.step)
        described = header(method, evidence, answer, start_s)
        yield {**described, "remaining_s": remaining_s}, arrays(method, evidence, answer)


def explain(service: Service, query: Query) -> Response:
    """Answer with the arithmetic of one cell of a class activation map."""
    method, evidence = read_question(service, query)
    if not isinstance(method, CamMethod):
        raise VisualizerError(
            f"{method.title} gives each pixel a number of its own: there is no sum over channels. "
            "Choose a class activation map, such as Grad-CAM."
        )
    _refuse_long(method, evidence)
    row, column = query.whole_number("row"), query.whole_number("column")
    with service.turns.short():
        return JSONResponse(
            explain_cell(method, evidence, row, column), headers={"Cache-Control": "no-store"}
        )


def _refuse_long(method: Method, evidence: Evidence) -> None:
    if takes_long(method, evidence):
        raise VisualizerError(
            f"{method.title} runs the network many times and is not worked out yet for this "
            "question. Start it, and ask again when it is done."
        )


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/classes", classes),
    Endpoint("/heat/methods", methods),
    Endpoint("/heat", heat),
    Endpoint("/heat/stream", stream, "POST"),
    Endpoint("/heat/explain", explain),
)
