"""What the Training tab asks to make a training stand still."""

from __future__ import annotations

from starlette.responses import Response

from visualizer.errors import GoneError
from visualizer.panels.training.memory import memory
from visualizer.panels.training.runs import described
from visualizer.ui.http import Endpoint, Query, binary
from visualizer.ui.service import Service


def pause(service: Service, query: Query) -> Response:
    """End the run of a training; once no further step follows, tell all that is known of it."""
    handle = query.path["handle"]
    if handle not in service.trainings.of(query.visitor):
        raise GoneError("This training is no longer kept. Start it again.")
    service.work.end(query.visitor, "training")
    return binary(*described(memory(service, handle)))


ENDPOINTS: tuple[Endpoint, ...] = (Endpoint("/training/{handle}/pause", pause, "POST", owned=True),)
