"""What the Training tab asks before a start: how long it will take, timed on this machine."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import asdict, replace
from types import SimpleNamespace
from typing import Any

from starlette.responses import JSONResponse, Response

from visualizer.panels.training.data_asked import pictures
from visualizer.panels.training.question import read_data, read_network, read_recipe, read_side
from visualizer.runtime.collection import Collection
from visualizer.runtime.training.data_menu import find_data
from visualizer.runtime.training.splitting import VALIDATION_MOST, VALIDATION_SHARE
from visualizer.runtime.training.timing import Timing, timing
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.service import Service
from visualizer.zoo.stack import Network

FRESH_S = 60.0  # after which a machine may be less busy, or more
MOST = 64


class Timings:
    """What was timed lately: the same question again costs nothing."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[float, Timing]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Timing | None:
        """Find what was timed, unless that is long ago."""
        with self._lock:
            when_s, found = self._kept.get(key, (float("-inf"), None))
        return found if time.monotonic() - when_s < FRESH_S else None

    def keep(self, key: Hashable, found: Timing) -> None:
        """Keep what was timed just now."""
        with self._lock:
            self._kept[key] = time.monotonic(), found
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)


KEPT = Timings()


def timed(service: Service, query: Query) -> Response:
    """Answer with the seconds of a step and of a picture, their counts, and who else computes."""
    network = read_network(query)
    shape, classes, data = _described(service, query, network)
    recipe = replace(read_recipe(query, network, data), epochs=1, pictures=None)
    key = network.text, shape, classes, recipe
    found = KEPT.get(key)
    if found is None:
        found = _time_in_turn(service, network, shape, classes, recipe)
        KEPT.keep(key, found)
    counts = {"training": len(data.train.labels), "validated": data.validated}
    answer = {**asdict(found), **counts, "others": service.work.running}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _time_in_turn(service: Service, *asked: Any) -> Timing:
    steps = timing(*asked)
    while True:
        with service.turns.step():
            try:
                next(steps)
            except StopIteration as end:
                found: Timing = end.value
                return found


def _described(
    service: Service, query: Query, network: Network
) -> tuple[tuple[int, int, int], int, Any]:
    """Tell a picture's shape, the number of classes, and of the data what a recipe depends on."""
    source = pictures(service, query)
    if isinstance(source, Collection):
        own = read_data(service, query, network)
        counts = len(own.train), len(own.validation)
        return own.input_shape, len(own.classes), _sized(own.name, *counts)
    record, side = find_data(source), read_side(service, query, network)
    validated = record.training * VALIDATION_SHARE / (1 - VALIDATION_SHARE)
    sized = _sized(record.name, record.training, min(round(validated), VALIDATION_MOST))
    return (record.channels, side, side), record.classes, sized


def _sized(name: str, training: int, validated: int) -> Any:
    """Stand for data of which only name and size matter: reading them would take seconds."""
    train = SimpleNamespace(labels=range(training))
    return SimpleNamespace(name=name, train=train, validated=validated)


ENDPOINTS: tuple[Endpoint, ...] = (Endpoint("/training/time", timed),)
