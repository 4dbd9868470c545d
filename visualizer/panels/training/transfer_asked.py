"""What a request about transfer learning names: the network, the pictures, the comparison."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

import numpy as np

from visualizer.errors import VisualizerError
from visualizer.panels.training.data_asked import pictures
from visualizer.runtime.collection import Collection
from visualizer.runtime.training.data_menu import DATA
from visualizer.runtime.training.dividing import OTHERS
from visualizer.runtime.training.splitting import check_labels, training_count
from visualizer.runtime.training.transfer_base import Base
from visualizer.runtime.training.transfer_learning import question
from visualizer.runtime.training.transfer_pictures import supplying
from visualizer.runtime.training.transfer_running import Question
from visualizer.ui.http import Query
from visualizer.ui.service import Service

BASE, SOURCE = "lenet5", "shapes"
TEXT_MOST = 200

Found = TypeVar("Found")


def read_base(service: Service, query: Query) -> Base:
    """Find the network to begin with."""
    return Base(service.model(query.parameters.get("base") or BASE))


def read_source(service: Service, query: Query) -> str | Collection:
    """Name the data to learn, or find a visitor's own."""
    name = query.parameters.get("data") or SOURCE
    if name in OTHERS:
        return service.collection(name)
    given = {**query.parameters, "data": name}
    return pictures(service, Query(given, query.body, query.visitor, query.path))


def extent(source: str | Collection) -> tuple[int, int]:
    """Count the classes, and about how many training pictures the smallest has.

    Raises:
        CollectionError: no labels, one class, or a class with too few pictures.
    """
    if isinstance(source, str):
        record = next(one for one in DATA if one.name == source)
        return record.classes, record.training // record.classes
    counts = np.bincount(check_labels(source))
    least = int(counts[counts > 0].min())
    return int(np.count_nonzero(counts)), max(1, training_count(least))


def read_question(service: Service, query: Query, base: Base) -> Question:
    """Read the whole comparison, letting others have their turn while pictures are opened."""
    steps = supplying(read_source(service, query), base.model.spec)
    return question(base, _in_turn(service, steps), **read_choices(query))


def read_choices(query: Query) -> dict[str, Any]:
    """Read numbers of pictures, ways, seeds and the layer up to which is frozen; None: as usual."""
    asked = query.parameters
    return {
        "per_class": _numbers(asked["per_class"]) if asked.get("per_class") else None,
        "ways": tuple(_words(asked["ways"])) if asked.get("ways") else None,
        "seeds": query.whole_number("seeds") if asked.get("seeds") else None,
        "seed": query.whole_number("seed") if asked.get("seed") else 0,
        "frozen": asked.get("frozen") or None,
    }


def _in_turn(service: Service, steps: Generator[Any, None, Found]) -> Found:
    while True:
        with service.turns.step():
            try:
                next(steps)
            except StopIteration as end:
                found: Found = end.value
                return found


def _words(text: str) -> list[str]:
    if len(text) > TEXT_MOST:
        raise VisualizerError(f"A list has {len(text):,} letters, at most {TEXT_MOST:,}.")
    return [word.strip() for word in text.split(",")]


def _numbers(text: str) -> list[int]:
    words = _words(text)
    for word in words:
        if not (word.isascii() and word.isdecimal() and len(word) < 7):
            raise VisualizerError(
                f"per_class={text[:40]!r}: {word[:20]!r} is no number of pictures; "
                "give some like 1,5,20."
            )
    return list(map(int, words))
