"""What the Training tab asks about a moment of a training, and about its pictures."""

from __future__ import annotations

import numpy as np
from starlette.responses import Response

from visualizer.errors import VisualizerError
from visualizer.panels.training.looking import read_look
from visualizer.panels.training.memory import Memory, memory
from visualizer.runtime.training.history import Moment
from visualizer.runtime.training.showing import finished
from visualizer.ui.http import Endpoint, Query, binary
from visualizer.ui.service import Service

PICTURES_MOST = 400


def moment(service: Service, query: Query) -> Response:
    """Answer with what the network looked like at ``moment``; without one, looks like now."""
    kept = memory(service, query.path["handle"])
    found = _moment(query, kept)
    look = read_look(service, query, kept)
    display, training = kept.past, kept.training
    with service.turns.short(), display.lock:
        with training.lock:
            display.take(training.network.state_dict() if found is None else found.state)
            now = {"moment": None, "step": training.step, "epoch": training.epoch}
        answers = None if found is None else found.answers
        header, arrays = finished(display.steps(look, answers))
    if found is not None:
        now = {"moment": found.k, "step": found.step, "epoch": found.epoch}
    picture = query.parameters.get("picture")
    return binary({**header, **now, "picture": picture}, arrays)


def _moment(query: Query, kept: Memory) -> Moment | None:
    """Find the moment asked for; None where the network as it is now is none of them."""
    training = kept.training
    if query.parameters.get("moment"):
        return training.moment(query.whole_number("moment"))
    last = training.moments[-1]
    return last if last.step == training.step else None


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
