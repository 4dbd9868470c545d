"""What the Training tab can be set to: networks, layers, data, recipes; and a stack taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any, get_args

from starlette.responses import JSONResponse, Response

from visualizer.panels.training.question import FIELDS, in_page_words
from visualizer.runtime.training.data_menu import DATA
from visualizer.runtime.training.recipe import CHOICES, RANGES, Optimiser, default_recipe
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.service import Service
from visualizer.ui.trainings import BUDGET_BYTES, MOST_BYTES, TRAININGS_EACH
from visualizer.zoo.stack import (
    KINDS,
    MACS_MOST,
    NETWORKS,
    PARAMETERS_MOST,
    PIECES_MOST,
    Network,
)

TITLES = {
    "adamw": "AdamW",
    "adam": "Adam",
    "momentum": "SGD with momentum",
    "sgd": "SGD",
    "one-cycle": "One cycle",
    "constant": "Constant",
    "cosine": "Cosine",
    "float32": "32-bit",
    "bfloat16": "bfloat16",
}
OTHER_SIZE = 1_000  # pictures a visitor's collection is taken to have
WORDS = {field: word for word, field in FIELDS.items()}


def menu(_service: Service, _query: Query) -> Response:
    """Answer with all there is to choose, its limits, and what is usual."""
    answer = {
        "networks": [_network(one) for one in NETWORKS],
        "kinds": [_kind(one) for one in KINDS],
        "data": [_data(one) for one in DATA],
        **{f"{name}s": _titled(CHOICES[name]) for name in ("optimiser", "schedule", "precision")},
        "ranges": {
            WORDS[one.name]: {"title": one.title, "low": one.low, "high": one.high}
            for one in RANGES
            if one.name in WORDS
        },
        "limits": {
            "parameters": PARAMETERS_MOST,
            "macs": MACS_MOST,
            "pieces": PIECES_MOST,
            "trainings": TRAININGS_EACH,
            "training_bytes": MOST_BYTES,
            "all_bytes": BUDGET_BYTES,
        },
        "defaults": {one.name: _usual(one) for one in NETWORKS},
        "rates": {one.name: _usual_rates(one) for one in NETWORKS},
    }
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _network(one: Network) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "stack": one.text,
        "side": one.side,
        "sentence": one.sentence,
        "source": one.source,
    }


def _kind(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "sentence": one.sentence,
        "family": one.family,
        "parameters": [asdict(parameter) for parameter in one.parameters],
    }


def _data(one: Any) -> dict[str, Any]:
    names = ("name", "title", "sentence", "side", "channels", "classes", "count", "training")
    return {name: getattr(one, name) for name in (*names, "ready", "size_bytes")}


def _titled(names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"name": name, "title": TITLES.get(name, name)} for name in names]


def _usual(network: Network) -> dict[str, Any]:
    """Give the usual recipe of a network on each data set, and on a visitor's pictures."""
    return {name: in_page_words(default_recipe(network, data)) for name, data in _stand_ins()}


def _usual_rates(network: Network) -> dict[str, dict[str, float]]:
    """Give the learning rate that is usual with each optimiser, for the same data."""
    return {
        name: {
            optimiser: default_recipe(network, data, optimiser).learning_rate
            for optimiser in get_args(Optimiser)
        }
        for name, data in _stand_ins()
    }


def _stand_ins() -> Iterator[tuple[str, Any]]:
    """Name all data of the menu, and a visitor's own, each with what stands for them."""
    for one in DATA:
        yield one.name, _sized(one.name, one.training)
    yield "recipe", _sized("recipe", OTHER_SIZE)


def _sized(name: str, count: int) -> Any:
    """Stand for data of which only name and size matter: reading them would take seconds."""
    return SimpleNamespace(name=name, train=SimpleNamespace(labels=range(count)))


ENDPOINTS: tuple[Endpoint, ...] = (Endpoint("/training/menu", menu),)
