"""What every panel shares: the menus, the chosen picture, the run, the files of the page."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.download import download
from visualizer.runtime.framing import FRAMINGS
from visualizer.runtime.picture import open_picture
from visualizer.runtime.picture_file import MAX_BYTES
from visualizer.runtime.samples import SAMPLES
from visualizer.ui import collections
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.progress import Tell, progress_lines
from visualizer.ui.service import SAMPLE, Service
from visualizer.ui.shown import picture_answer
from visualizer.ui.widget import STYLE, asset, build_hash, stylesheet
from visualizer.zoo import MODELS, find
from visualizer.zoo.spec import ModelSpec

DEFAULT = {
    "net": "efficientnet_lite0",
    "picture": f"{SAMPLE}chelsea",
    "layer": "blocks.1.0.act1",
    "panel": "feature-maps",
}
TEXTS = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def project_version() -> str:
    """Give the installed version; a bare checkout has none."""
    try:
        return version("cnn-visualizer")
    except PackageNotFoundError:
        return "checkout"


def catalogue(_service: Service, _query: Query) -> Response:
    """Answer with the menus: networks, samples, framings, limits."""
    samples = [
        {"name": s.name, "title": s.title, "source": s.source, "suits": s.suits} for s in SAMPLES
    ]
    return JSONResponse(
        {
            "version": project_version(),
            "models": [_entry(spec) for spec in MODELS],
            "samples": samples,
            "framings": list(FRAMINGS),
            "limits": {"bytes": MAX_BYTES},
            "default": DEFAULT,
        }
    )


def _entry(spec: ModelSpec) -> dict[str, Any]:
    weights = spec.weights
    return {
        "name": spec.name,
        "title": spec.title,
        "weights": weights.label,
        "source": spec.source,
        "input": list(spec.input_shape),
        "labels": spec.labels,
        "parameters": spec.parameters,
        "ready": weights.path().is_file(),
        "download": weights.url is not None,
        "size_bytes": weights.size_bytes,
        "licence": weights.licence,
    }


def run(service: Service, query: Query) -> Response:
    """Answer with the prediction and every layer's summary; runs the network where needed."""
    view = service.view(query.parameters)
    observation, cached = view.observe()
    model = view.model
    layers = [
        {
            "name": layer.name,
            "kind": layer.kind,
            "settings": layer.settings,
            "shape": list(layer.output_shape),
            "parameters": layer.parameters,
            "zeros": summary.zeros,
            "dead": summary.dead,
            "inputs": list(layer.inputs),
        }
        for layer, summary in zip(model.graph.layers, observation.summaries, strict=True)
    ]
    height, width = view.pixels.shape[:2]
    answer = {
        "net": query.parameters.get("net", ""),
        "title": model.spec.title,
        "weights": model.weights,
        "trained": model.trained,
        "device": model.device,
        "backend": model.backend,
        "time_ms": observation.time_ms,
        "cached": cached,
        "input": list(model.spec.input_shape),
        "picture": {"height": height, "width": width},
        "frame": asdict(view.frame),
        "top": [
            {**asdict(one), "probability": _finite(one.probability)} for one in observation.top
        ],
        "layers": layers,
    }
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _finite(number: float) -> float | None:
    """Replace what JSON cannot carry: not-a-number and infinities become null."""
    return number if abs(number) < float("inf") else None


def show_picture(service: Service, query: Query) -> Response:
    """Answer with a picture for the screen."""
    handle = query.path["handle"]
    return picture_answer(service.picture(handle).pixels, private=not handle.startswith(SAMPLE))


def welcome(service: Service, _query: Query) -> Response:
    """Give a page the token that its uploads belong to."""
    return JSONResponse({"visitor": service.visitors.welcome()})


def stay(_service: Service, _query: Query) -> Response:
    """Hear that a page is still open."""
    return Response(status_code=204)


def leave(service: Service, query: Query) -> Response:
    """Forget a page that was closed: browsers send its token as the body."""
    service.visitors.leave(query.body.decode("ascii", "replace"))
    return Response(status_code=204)


def take_picture(service: Service, query: Query) -> Response:
    """Keep an uploaded picture for its visitor alone."""
    opened = open_picture(query.body)
    handle = service.visitors.keep(query.visitor, opened.pixels)
    height, width = opened.pixels.shape[:2]
    return JSONResponse(
        {"picture": handle, "width": width, "height": height, "notes": list(opened.notes)}
    )


def fetch_weights(_service: Service, query: Query) -> Response:
    """Fetch a network's official weights, telling the progress line by line."""
    spec = find(query.parameters.get("net", ""))
    if spec.weights.url is None:
        raise VisualizerError(f"{spec.title} needs no download: its weights are installed.")

    def work(tell: Tell, cancelled: Callable[[], bool]) -> None:
        def report(received: int, total: int) -> None:
            tell({"received": received, "total": total})

        download(spec.weights, on_progress=report, cancelled=cancelled)

    return StreamingResponse(progress_lines(work), media_type="application/x-ndjson")


def serve_asset(_service: Service, query: Query) -> Response:
    """Answer with a file of the page; its address changes with its content."""
    name = query.path["path"]
    found = asset(name)
    if query.path["build"] != build_hash() or (found is None and name != STYLE):
        raise UnknownNameError("There is no such file in this version. Reload the page.")
    if found is not None and found.suffix not in TEXTS:
        return FileResponse(found, headers=FOREVER)
    headers = {**FOREVER, "Content-Encoding": "gzip"}
    return Response(_compressed(found), media_type=TEXTS[Path(name).suffix], headers=headers)


@lru_cache(maxsize=512)
def _compressed(path: Path | None) -> bytes:
    """Pack a file's text, or without one the joined style sheets."""
    return gzip.compress(path.read_bytes() if path else stylesheet().encode())


ENDPOINTS = (
    Endpoint("/catalogue", catalogue),
    Endpoint("/run", run),
    Endpoint("/pictures/{handle}", show_picture),
    Endpoint("/pictures", take_picture, "POST", body_bytes=MAX_BYTES, owned=True),
    Endpoint("/visitors", welcome, "POST"),
    Endpoint("/visitors/stay", stay, "POST", owned=True),
    Endpoint("/visitors/leave", leave, "POST", body_bytes=64),
    Endpoint("/download", fetch_weights, "POST", owned=True),
    Endpoint("/assets/{build}/{path:path}", serve_asset),
    *collections.ENDPOINTS,
)
