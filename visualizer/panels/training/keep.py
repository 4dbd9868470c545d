"""What a visitor keeps of a training: the network in every tab, and files to take home."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from visualizer.errors import UnknownNameError
from visualizer.panels.training.memory import Memory, memory
from visualizer.panels.training.moments import asked_moment
from visualizer.runtime.training.card import card
from visualizer.runtime.training.data import Split
from visualizer.runtime.training.keeping import onnx_file, weights_file
from visualizer.runtime.training.python_lines import python_script
from visualizer.runtime.training.showing import MACS_AT_ONCE
from visualizer.runtime.training.trained_model import make_model
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.networks import file_stem, titled
from visualizer.ui.service import Service

FILES = {  # what is asked for: the name's ending, the media type
    "safetensors": (".safetensors", "application/octet-stream"),
    "onnx": (".onnx", "application/octet-stream"),
    "python": (".py", "text/x-python; charset=utf-8"),
    "card": (".md", "text/markdown; charset=utf-8"),
}


def networks(service: Service, query: Query) -> Response:
    """List the networks that the visitor trained, as entries of the page's menu."""
    entries = service.networks.entries(query.visitor)
    return JSONResponse({"networks": entries}, headers={"Cache-Control": "no-store"})


def download(service: Service, query: Query) -> Response:
    """Answer with a file: weights with their task, ONNX, Python lines, or a card."""
    kept = memory(service, query.path["handle"])
    kind, training = query.parameters.get("as", ""), kept.training
    if kind not in FILES:
        raise UnknownNameError(
            f"A training cannot be taken home as {kind[:40]!r}. Choose {', '.join(FILES)}."
        )
    k = asked_moment(query, kept)
    training.moment(k)
    tested = _tested(service, kept, k) if kind in ("safetensors", "card") else None
    with training.lock:
        match kind:
            case "safetensors":
                body = weights_file(training, k, tested)
            case "onnx":
                body = onnx_file(titled(make_model(training, k), training, k))
            case "python":
                body = python_script(training.task, k).encode()
            case _:
                body = card(training, k, tested).encode()
    ending, media_type = FILES[kind]
    name = file_stem(service.spec(f"{kept.handle}_{k}"))
    headers = {
        "Content-Disposition": f'attachment; filename="{name}{ending}"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=media_type, headers=headers)


def _tested(service: Service, kept: Memory, k: int) -> float:
    """Measure a moment on the test split once, in slices between which others have their turn."""
    if k not in kept.tested:
        training, right = kept.training, 0
        test = training.task.data.test
        size = max(16, int(MACS_AT_ONCE / max(1, kept.live.macs)))
        for start in range(0, len(test.labels), size):
            part = Split(test.pictures[start : start + size], test.labels[start : start + size])
            with service.turns.step(), training.lock:
                right += int((training.predict(part, k).argmax(1) == part.labels).sum())
        kept.tested[k] = right / len(test.labels)
    return kept.tested[k]


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/networks", networks, owned=True),
    Endpoint("/training/{handle}/download", download),
)
