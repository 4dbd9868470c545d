"""Which pictures a request names, and loading them in turn with other visitors."""

from __future__ import annotations

from typing import Any

from visualizer.errors import GoneError, UnknownNameError
from visualizer.runtime.collection import Collection
from visualizer.runtime.training.data import Data, loading
from visualizer.runtime.training.data_menu import DATA
from visualizer.ui.http import Query
from visualizer.ui.service import Service


def load_in_turn(service: Service, query: Query, **form: Any) -> Data:
    """Load the data that is named, letting others have their turn; ``form`` as for ``loading``."""
    steps = loading(pictures(service, query), **form)
    while True:
        with service.turns.step():  # thousands of pictures take seconds
            try:
                next(steps)
            except StopIteration as end:
                found: Data = end.value
                return found


def pictures(service: Service, query: Query) -> str | Collection:
    """Name the data, or find a visitor's own."""
    name = query.parameters.get("data") or DATA[0].name
    if name in [record.name for record in DATA]:
        return name
    try:
        return service.collections.get(name)
    except GoneError:
        if len(name) == 32:
            raise
        known = ", ".join(record.name for record in DATA)
        raise UnknownNameError(
            f"There is no data set {name[:40]!r}. Choose one of {known}, or add a zip of your own."
        ) from None
