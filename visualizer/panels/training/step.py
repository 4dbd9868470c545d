"""One step explained: the next step of a training, or of one of its moments, taken apart."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from visualizer.analyses.step_records import (
    TOP,
    layer_record,
    origin_record,
    step_record,
    weight_record,
)
from visualizer.errors import GeometryError, VisualizerError
from visualizer.panels.training.kept_steps import KeptSteps
from visualizer.runtime.training.explained_step import ExplainedStep
from visualizer.ui.http import Endpoint, Query, binary
from visualizer.ui.service import Service

UNCACHED = {"Cache-Control": "no-store"}
KEPT = KeptSteps()


def step(service: Service, query: Query) -> Response:
    """Answer with the step as a whole: batch, losses, norms of gradients and updates."""
    training = service.trainings.get(query.path["handle"])
    moment = query.whole_number("moment") if "moment" in query.parameters else None
    with service.turns.short():
        at, made = KEPT.explain(training, moment)
        header, arrays = step_record(made, training)
    return binary({"at": at, **header}, arrays)


def layer(service: Service, query: Query) -> Response:
    """Answer with a layer's weights and their gradients, and one picture's maps and theirs."""
    with service.turns.short():
        made = _kept(service, query)
        name, picture = query.parameters.get("layer", ""), query.whole_number("picture")
        return binary(*layer_record(made, name, _picture(made, picture)))


def weight(service: Service, query: Query) -> Response:
    """Answer with one weight's gradient as a sum, and its update."""
    with service.turns.short():
        made = _kept(service, query)
        index = _numbers(query, "index")
        opened = made.weight(query.parameters.get("weight", ""), index)
        picture = _picture(made, query.whole_number("picture"))
        return JSONResponse(weight_record(made, opened, picture), headers=UNCACHED)


def origin(service: Service, query: Query) -> Response:
    """Answer with what made the gradient by one value of a layer; ``all=1`` lists it whole."""
    with service.turns.short():
        made = _kept(service, query)
        cell = _numbers(query, "cell")
        if len(cell) != 3:
            raise GeometryError(f"cell={query.parameters.get('cell')!r}: give channel,row,column.")
        picture = query.whole_number("picture")
        name = query.parameters.get("layer", "")
        found = made.origin(name, picture, (cell[0], cell[1], cell[2]))
        top = None if query.parameters.get("all") == "1" else TOP
        return JSONResponse(origin_record(made, found, top), headers=UNCACHED)


def check(service: Service, query: Query) -> Response:
    """Compare the weights that were foretold with those of the training, one step later."""
    training = service.trainings.get(query.path["handle"])
    made = _kept(service, query)
    with training.lock:
        taken = training.step == made.step + 1 and query.parameters["at"][:1] != "m"
        same = made.agreeing(training.network) if taken else 0
    count = sum(change.new.size for change in made.changes.values())
    body = {"taken": taken, "same": same, "count": count, "step": training.step}
    return JSONResponse(body, headers=UNCACHED)


def _kept(service: Service, query: Query) -> ExplainedStep:
    training = service.trainings.get(query.path["handle"])
    return KEPT.get(training, query.parameters.get("at", ""))


def _numbers(query: Query, name: str) -> tuple[int, ...]:
    words = query.parameters.get(name, "").split(",")
    if not all(word.isascii() and word.isdecimal() and len(word) < 8 for word in words):
        raise VisualizerError(f"{name}={','.join(words)[:40]!r}: give whole numbers from 0.")
    return tuple(map(int, words))


def _picture(made: ExplainedStep, picture: int) -> int:
    if picture >= len(made.labels):
        raise GeometryError(f"The batch has no picture {picture}: it has {len(made.labels)}.")
    return picture


ROOT = "/training/{handle}/step"
ENDPOINTS = (
    Endpoint(ROOT, step),
    Endpoint(f"{ROOT}/layer", layer),
    Endpoint(f"{ROOT}/weight", weight),
    Endpoint(f"{ROOT}/origin", origin),
    Endpoint(f"{ROOT}/check", check),
)
