"""What the Augmentation tab asks about a network: answers to draws, curves along one number."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
from starlette.responses import Response

from visualizer.analyses.augmentation import answers
from visualizer.analyses.drawn import as_resized
from visualizer.analyses.response_curve import (
    VALUES_MOST,
    Changes,
    curve_points,
    untouched_target,
)
from visualizer.errors import VisualizerError
from visualizer.panels.augmentation.question import Question, counted, read_question, side
from visualizer.runtime.augmentation.axes import find_axis
from visualizer.runtime.augmentation.draw import working_copy
from visualizer.ui.draw_sheet import fitted
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.long_work import Frames
from visualizer.ui.service import Service, View
from visualizer.ui.shown import picture_answer
from visualizer.zoo import labels

NETS_MOST = 5


def predictions(service: Service, query: Query) -> Response:
    """Stream what the network says to each draw."""
    question = read_question(service, query)
    frames = _predictions(service.view(query.parameters), question, counted(query), _target(query))
    return service.work.stream(query.visitor, "augmentation", frames)


def _predictions(view: View, question: Question, numbers: range, target: int | None) -> Frames:
    model, names, agreeing = view.model, labels(view.model.spec), 0
    target = untouched_target(model, view.pixels, target, view.framing)
    for number, shares in zip(
        numbers, answers(model, question.drawer, numbers, view.framing), strict=True
    ):
        best = int(shares.argmax())
        agreeing += best == target
        yield (
            {
                "number": number,
                "index": best,
                "label": names[best],
                "top": float(shares[best]),
                "probability": float(shares[target]),
                "agrees": best == target,
                "target": target,
                "agreement": agreeing / (number - numbers.start + 1),
            },
            {},
        )


def _target(query: Query) -> int | None:
    return query.whole_number("target") if query.parameters.get("target") else None


def _decimal(query: Query, name: str) -> float:
    text = query.parameters.get(name, "")
    try:
        return float(text)
    except ValueError:
        raise VisualizerError(f"{name}={text!r} is no number; give one, such as 0.5.") from None


def curve(service: Service, query: Query) -> Response:
    """Stream the probability of the class along one number, network by network."""
    nets = [net for net in query.parameters.get("nets", "").split(",") if net]
    if not 1 <= len(nets) <= NETS_MOST or len(set(nets)) < len(nets):
        raise VisualizerError(
            f"{len(nets)} networks were asked for; choose 1 to {NETS_MOST} different ones."
        )
    axis = find_axis(query.parameters.get("transform", ""), query.parameters.get("parameter"))
    count = query.whole_number("count")
    if not 2 <= count <= VALUES_MOST:
        raise VisualizerError(f"A curve of {count} values is not drawn; choose 2 to {VALUES_MOST}.")
    values = np.linspace(_decimal(query, "from"), _decimal(query, "to"), count).tolist()
    views = [service.view({**query.parameters, "net": net}) for net in nets]
    changes = Changes(views[0].pixels, axis, values)
    frames = _curve(views, changes, _target(query))
    return service.work.stream(query.visitor, "response curve", frames)


def _curve(views: list[View], changes: Changes, target: int | None) -> Frames:
    """Measure network by network: the class asked for, if it has the same classes as the first."""
    first = views[0]
    for view in views:
        asked = target if view.model.spec.labels == first.model.spec.labels else None
        if asked is None and view is first:  # the page has run this one on the picture
            asked = view.observe()[0].top[0].index
        wanted = untouched_target(view.model, view.pixels, asked, view.framing)
        names = labels(view.model.spec)
        for point in curve_points(view.model, changes, wanted, framing=view.framing):
            top = {"index": point.top, "label": names[point.top]}
            described = {**asdict(point), "top": top, "target": wanted}
            yield {"net": view.model.name, **described, "target_label": names[wanted]}, {}


def at(service: Service, query: Query) -> Response:
    """Answer with the picture at one value of a curve, at the resolution of ``net`` if given."""
    axis = find_axis(query.parameters.get("transform", ""), query.parameters.get("parameter"))
    cell, value = side(query, 224), _decimal(query, "value")
    with service.turns.short():
        if query.parameters.get("net"):
            view = service.view(query.parameters)
            pixels = as_resized(view.model, view.pixels, view.framing)
        else:
            pixels, _ = working_copy(service.picture(query.parameters.get("picture", "")).pixels)
        return picture_answer(fitted(axis.changed(pixels, value), cell), private=True)


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/augment/predictions", predictions, "POST", owned=True),
    Endpoint("/augment/curve", curve, "POST", owned=True),
    Endpoint("/augment/at", at),
)
