"""What the Augmentation tab asks about draws: the menu, the sheet, one of them large."""

from __future__ import annotations

from contextlib import suppress

from starlette.responses import JSONResponse, Response

from visualizer.errors import VisualizerError
from visualizer.panels.augmentation.question import (
    counted,
    described,
    numbered_masks,
    read_question,
    side,
)
from visualizer.runtime.augmentation.code import python_code
from visualizer.runtime.augmentation.menu import menu as transforms
from visualizer.ui.container import container
from visualizer.ui.draw_sheet import fitted, mask_sheet, sheet
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.service import Service
from visualizer.ui.shown import picture_answer

SHEET_SIDE, LARGE_SIDE = 224, 448


def menu(_service: Service, _query: Query) -> Response:
    """Answer with the transforms, presets and curves."""
    return JSONResponse(transforms())


def draws(service: Service, query: Query) -> Response:
    """Answer with draws on one sheet, and what fired in each."""
    numbers, cell = counted(query), side(query, SHEET_SIDE)
    with service.turns.short():
        question = read_question(service, query)
        made = question.drawer.draws(numbers)
        laid, file = sheet([draw.pixels for draw in made], cell)
        arrays = {"sheet": file}
        if any(found.mask is not None for draw in made for found in draw.objects):
            arrays["masks"] = mask_sheet([numbered_masks(draw) for draw in made], cell)
    places = laid.pop("at")
    header = {
        **laid,
        "draws": [{**described(one), "at": at} for one, at in zip(made, places, strict=True)],
        "notes": question.notes(),
        "partner": question.partner if question.drawer.partner is not None else None,
        "python": python_code(question.steps),
    }
    body = container(header, arrays)  # a JPEG: compressing it again gains nothing
    headers = {"Cache-Control": "no-store"}
    return Response(body, media_type="application/octet-stream", headers=headers)


def draw(service: Service, query: Query) -> Response:
    """Answer with one draw as a picture; ``number=`` left out gives the picture before it."""
    cell = side(query, LARGE_SIDE)
    with service.turns.short():
        question = read_question(service, query)
        if query.parameters.get("number"):
            pixels = question.drawer.draw(query.whole_number("number")).pixels
        else:
            pixels = question.drawer.original
        return picture_answer(fitted(pixels, cell), private=True)


def adopt(service: Service, query: Query) -> Response:
    """Make a draw a picture of the visitor's own, for the other tabs.

    ``shown`` is a picture on the page that must not be the one to make room.
    """
    with suppress(VisualizerError):  # where it has gone, there is nothing to save
        service.picture(query.parameters.get("shown", ""))
    with service.turns.short():
        question = read_question(service, query)
        made = question.drawer.draw(query.whole_number("number"))
    handle = service.visitors.keep(query.visitor, made.pixels)
    height, width = made.pixels.shape[:2]
    return JSONResponse({"picture": handle, "width": width, "height": height, "notes": []})


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/augment/menu", menu),
    Endpoint("/augment/draws", draws),
    Endpoint("/augment/draw", draw),
    Endpoint("/augment/adopt", adopt, "POST", owned=True),
)
