"""What a request of the Training tab looks at: a layer, and a picture of the split or one's own."""

from __future__ import annotations

from visualizer.panels.training.memory import Memory
from visualizer.runtime.framing import FRAMINGS, network_input
from visualizer.runtime.training.showing import Look
from visualizer.ui.http import Query
from visualizer.ui.service import Service


def read_look(service: Service, query: Query, kept: Memory) -> Look:
    """Read ``layer`` and ``example``; without them the first layer with filters, picture 0.

    ``picture``, a handle of the workspace, takes the example's place, framed by ``framing``.

    Raises:
        UnknownNameError: no such layer, or no such framing.
        VisualizerError: no such picture.
        GoneError: the workspace's picture is no longer kept.
    """
    named = [one["name"] for one in kept.live.layers if one["filters"]]
    asked = query.parameters
    example = query.whole_number("example") if asked.get("example", "").isdecimal() else 0
    picture = None
    if asked.get("picture"):
        framing = asked.get("framing") or FRAMINGS[0]
        pixels = service.picture(asked["picture"]).pixels
        picture = network_input(pixels, service.spec(f"{kept.handle}_0"), framing)
    look = Look(asked.get("layer") or named[0], example, picture)
    kept.live.check(look)
    return look
