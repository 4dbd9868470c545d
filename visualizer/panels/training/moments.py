"""What the Training tab asks about a moment of a training, and about its pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from starlette.responses import Response

from visualizer.errors import VisualizerError
from visualizer.panels.training.memory import Memory, memory
from visualizer.panels.training.runs import read_look
from visualizer.runtime.framing import FRAMINGS, network_input
from visualizer.runtime.training.showing import finished
from visualizer.ui.http import Endpoint, Query, binary
from visualizer.ui.service import Service

PICTURES_MOST = 400


def moment(service: Service, query: Query) -> Response:
    """Answer with what the network looked like at a moment."""
    kept = memory(service, query.path["handle"])
    found = kept.training.moment(asked_moment(query, kept))
    look = read_look(query, kept)
    handle = query.parameters.get("picture")
    if handle:
        pixels = service.picture(handle).pixels
        framing = query.parameters.get("framing", FRAMINGS[0])
        spec = service.spec(f"{kept.handle}_{found.k}")
        look = replace(look, picture=kept.past.shuffled(network_input(pixels, spec, framing)))
    display = kept.past
    with service.turns.short(), display.lock:
        display.take(found.state)
        header, arrays = finished(display.steps(look))
    header |= {"moment": found.k, "step": found.step, "epoch": found.epoch, "picture": handle}
    return binary(header, arrays)


def asked_moment(query: Query, kept: Memory) -> int:
    """Read ``moment``; without one, the newest."""
    if query.parameters.get("moment"):
        return query.whole_number("moment")
    return len(kept.training.moments) - 1


def pictures(service: Service, query: Query) -> Response:
    """Answer with validation pictures as they are before normalisation: (n, H, W, C) uint8."""
    kept = memory(service, query.path["handle"])
    validation = kept.training.task.data.validation
    indices = _indices(query.parameters.get("indices", ""), len(validation.labels))
    found = validation.pictures[indices].permute(0, 2, 3, 1).numpy()
    labels = validation.labels[indices].numpy().astype(np.uint8)
    return binary({"indices": indices}, {"pictures": found, "labels": labels})


def _indices(text: str, count: int) -> list[int]:
    parts = text.split(",")
    if not all(part.isascii() and part.isdecimal() and len(part) < 9 for part in parts):
        raise VisualizerError(
            f"indices={text[:40]!r} is no list of pictures; give numbers with commas between."
        )
    if len(parts) > PICTURES_MOST:
        raise VisualizerError(
            f"{len(parts)} pictures are asked for at once, at most {PICTURES_MOST} are sent."
        )
    indices = [int(part) for part in parts]
    if max(indices) >= count:
        raise VisualizerError(
            f"There is no validation picture {max(indices)}; there are {count}, 0 to {count - 1}."
        )
    return indices


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/training/{handle}/moment", moment),
    Endpoint("/training/{handle}/pictures", pictures),
)
