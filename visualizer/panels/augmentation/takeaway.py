"""The draws as files: pictures without loss, their values, the code."""

from __future__ import annotations

import io
import json
import zipfile

from PIL import Image
from starlette.responses import Response

from visualizer.panels.augmentation.question import counted, described, read_question
from visualizer.runtime.augmentation.code import python_code
from visualizer.runtime.augmentation.pipeline import format_pipeline
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.service import SAMPLE, Service

EPOCH = (1980, 1, 1, 0, 0, 0)  # so that equal draws make equal files


def archive(service: Service, query: Query) -> Response:
    """Answer with a zip: draws as PNG, ``draws.json``, ``transform.py``."""
    numbers = counted(query)
    with service.turns.short():
        question = read_question(service, query)
        file, told = io.BytesIO(), []
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
            for draw in question.drawer.draws(numbers):
                name = f"draw_{draw.number:03d}.png"
                picture = io.BytesIO()
                Image.fromarray(draw.pixels).save(picture, "PNG", compress_level=1)
                _put(made, name, picture.getvalue())
                told.append({"file": name, **described(draw)})
            text = {
                "pipeline": format_pipeline(question.steps),
                "seed": question.seed,
                "picture": _named(question.picture),
                "partner": None if question.drawer.partner is None else _named(question.partner),
                "notes": question.notes(),
                "draws": told,
            }
            _put(made, "draws.json", json.dumps(text, indent=1).encode())
            _put(made, "transform.py", python_code(question.steps).encode())
    headers = {
        "Content-Disposition": f'attachment; filename="draws_seed_{question.seed}.zip"',
        "Cache-Control": "no-store",
    }
    return Response(file.getvalue(), media_type="application/zip", headers=headers)


def _named(handle: str) -> str:
    """Name a sample; an upload's handle is its owner's secret."""
    return handle if handle.startswith(SAMPLE) else "own picture"


def _put(made: zipfile.ZipFile, name: str, data: bytes) -> None:
    made.writestr(zipfile.ZipInfo(name, EPOCH), data)


ENDPOINTS: tuple[Endpoint, ...] = (Endpoint("/augment/zip", archive),)
