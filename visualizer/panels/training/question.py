"""What a request to train asks: which network, on which pictures, by which recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from visualizer.errors import VisualizerError
from visualizer.panels.training.data_asked import load_in_turn, pictures
from visualizer.runtime.training.data import Data
from visualizer.runtime.training.learn import usual_side
from visualizer.runtime.training.recipe import CHOICES, Recipe, default_recipe
from visualizer.runtime.training.task import Task
from visualizer.ui.http import Query
from visualizer.ui.service import Service
from visualizer.zoo.stack import Network, find_network

TEXT_MOST = 4000
FIELDS = {  # the page's words: the recipe's fields
    "epochs": "epochs",
    "rate": "learning_rate",
    "batch": "batch_size",
    "optimiser": "optimiser",
    "schedule": "schedule",
    "decay": "weight_decay",
    "momentum": "momentum",
    "smoothing": "label_smoothing",
    "augment": "augment",
    "pictures": "pictures",
    "shuffled": "pixels_shuffled",
    "precision": "precision",
}
WHOLE = ("epochs", "batch", "pictures")
DECIMAL = ("rate", "decay", "momentum", "smoothing")
FLAGS = {"yes": True, "1": True, "true": True, "no": False, "0": False, "false": False}


def read_task(service: Service, query: Query) -> Task:
    """Read a training's whole setup.

    Raises:
        VisualizerError: something of it is not possible; says what would be.
    """
    network = read_network(query)
    data = read_data(service, query, network)
    seed = query.whole_number("seed") if query.parameters.get("seed") else 0
    return Task(network, data, read_recipe(query, network, data), seed)


def read_network(query: Query) -> Network:
    """Read ``network``, a name, or ``stack``, a text."""
    text = query.parameters.get("stack") or query.parameters.get("network") or "lenet5"
    if len(text) > TEXT_MOST:
        raise VisualizerError(f"The stack has {len(text):,} letters, at most {TEXT_MOST:,}.")
    return find_network(text)


def read_data(service: Service, query: Query, network: Network) -> Data:
    """Read ``data``, a name of the menu or a visitor's collection, and ``side``.

    Raises:
        CollectionError: its files are not on this machine.
        GoneError: the visitor's collection is no longer kept.
    """
    return load_in_turn(service, query, side=read_side(service, query, network))


def read_side(service: Service, query: Query, network: Network) -> int:
    """Read ``side``, the height and width of a picture."""
    if query.parameters.get("side"):
        return query.whole_number("side")
    return usual_side(network, pictures(service, query))


def read_recipe(query: Query, network: Network, data: Data) -> Recipe:
    """Read what differs from the usual recipe for this network and these pictures."""
    given = {}
    for word, field in FIELDS.items():
        text = query.parameters.get(word)
        if text:
            given[field] = _value(query, word, text)
    optimiser = given.get("optimiser", CHOICES["optimiser"][0])
    return replace(default_recipe(network, data, optimiser), **given)


def _value(query: Query, word: str, text: str) -> Any:
    if word in WHOLE:
        return query.whole_number(word)
    if word in DECIMAL:
        return _number(word, text)
    if word == "shuffled":
        if text not in FLAGS:
            raise VisualizerError(f"shuffled={text[:40]!r}; give yes or no.")
        return FLAGS[text]
    if len(text) > TEXT_MOST:
        raise VisualizerError(f"{word} has {len(text):,} letters, at most {TEXT_MOST:,}.")
    return text


def _number(word: str, text: str) -> float:
    try:
        return float(text[:40])
    except ValueError:
        raise VisualizerError(f"{word}={text[:40]!r} is no number; give one like 0.01.") from None


def setup(task: Task) -> dict[str, Any]:
    """Write a task in the page's words."""
    recipe = {word: getattr(task.recipe, field) for word, field in FIELDS.items()}
    shape = task.input_shape
    return {
        "network": task.network.name,
        "stack": task.network.text,
        "data": task.data.name,
        "side": shape[1],
        "seed": task.seed,
        **recipe,
    }


def in_page_words(recipe: Recipe) -> Mapping[str, Any]:
    """Write a recipe in the page's words."""
    return {word: getattr(recipe, field) for word, field in FIELDS.items()}
