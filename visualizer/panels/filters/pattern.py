"""What the Filters tab asks about the pattern that drives a channel most."""

from __future__ import annotations

import io
import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from starlette.responses import Response

from visualizer.analyses.drive import drive, strongest
from visualizer.errors import VisualizerError
from visualizer.runtime.model import Model
from visualizer.runtime.pattern.ascent import Ascent
from visualizer.runtime.pattern.objective import Objective
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.long_work import Frames
from visualizer.ui.service import Service

PAUSE_S = 0.2  # between two reports; also how soon others get their turn
QUALITY = 88
SMALL = 64  # pictures up to this side are sent as they are
KINDS = ("channel", "cell", "layer", "class")


def pattern(service: Service, query: Query) -> Response:
    """Stream pictures as they grow: frames ``start``, ``step`` …, ``final``.

    Between the steps ``picture`` and ``strongest`` tell what real pictures reach.
    """
    service.visitors.touch(query.visitor)
    return service.work.stream(query.visitor, "pattern", _frames(service, query))


def _frames(service: Service, query: Query) -> Frames:
    asked = query.parameters
    model = service.asked_model(asked)
    kind = asked.get("kind", KINDS[0])
    if kind not in KINDS:
        raise VisualizerError(f"There is no pattern of a {kind!r}. Choose {', '.join(KINDS)}.")
    objective = Objective(
        model.logits if kind == "class" else asked.get("layer", ""),
        None if kind == "layer" else query.whole_number("channel"),
        "centre" if kind == "cell" else None,
        asked.get("negative") == "1",
    )
    size = query.whole_number("size")
    ascent = Ascent(
        model,
        objective,
        steps=query.whole_number("steps"),
        count=query.whole_number("count"),
        seed=query.whole_number("seed"),
        size=(size, size) if size else None,
    )
    yield from _grow(ascent, service, query)


def _grow(ascent: Ascent, service: Service, query: Query) -> Frames:
    objective, model = ascent.objective, ascent.model
    header = {
        "kind": "start",
        "layer": objective.layer,
        "size": list(ascent.size),
        "start": _numbers(ascent.start),
        "steps": ascent.steps,
    }
    yield header, _encoded(ascent)
    compared = _compared(objective, model, service, query)
    for report in ascent.run(PAUSE_S):
        final = report.step == report.steps
        header = {
            "kind": "step",
            "step": report.step,
            "steps": report.steps,
            "values": [_numbers(row) for row in report.values],
            "remaining_s": report.remaining_s,
        }
        yield header, {} if final else _encoded(ascent)
        yield from itertools.islice(compared, None if final else 1)  # the picture grows meanwhile
    yield {"kind": "final", "reached": _numbers(ascent.values())}, _encoded(ascent, exact=True)


def _compared(objective: Objective, model: Model, service: Service, query: Query) -> Frames:
    """Measure the visitor's picture, then name the sample that comes closest, one a slice."""
    if query.parameters.get("picture"):
        maps = service.view(query.parameters).maps(objective.layer)
        yield {"kind": "picture", "value": _number(drive(objective, maps))}, {}
    for found in strongest(model, objective):
        header = {"kind": "strongest", "title": found.title, "value": _number(found.value)}
        yield header, {}


def _encoded(ascent: Ascent, *, exact: bool = False) -> dict[str, NDArray[Any]]:
    small = max(ascent.size) <= SMALL
    return {
        f"picture_{index}": _file(pixels, "PNG" if exact or small else "JPEG")
        for index, pixels in enumerate(ascent.pictures())
    }


def _file(pixels: NDArray[np.uint8], kind: str) -> NDArray[np.uint8]:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, quality=QUALITY, subsampling=0)
    return np.frombuffer(file.getvalue(), np.uint8)


def _numbers(values: NDArray[np.float32]) -> list[float | None]:
    return [_number(float(value)) for value in values]


def _number(value: float) -> float | None:
    """JSON knows no NaN and no infinity."""
    return value if np.isfinite(value) else None


ENDPOINTS: tuple[Endpoint, ...] = (Endpoint("/pattern", pattern, method="POST"),)
