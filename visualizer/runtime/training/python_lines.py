"""The Python lines that train a network again, to the same weights."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from visualizer.runtime.model import UNTRAINED
from visualizer.runtime.training.dividing import OTHERS
from visualizer.runtime.training.origin import Transferred
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task

OPTIONAL = ("augment", "pixels_shuffled", "pictures", "precision", "shift", "flip")
DATA_CALLS = ("digits", "shapes", "mnist", "fashion_mnist", "cifar10")


def python_script(task: Task, k: int | None = None) -> str:
    """Write the lines for a task; with ``k`` also one that takes the weights of that moment."""
    made = _training(task) if task.origin is None else _transfer(task, task.origin)
    lines = [
        f'"""Train {plain(task.network.title)} again on {plain(task.data.title)}: '
        'the same weights."""',
        "",
        "import visualizer as vz",
        "",
    ]
    if _own(task):
        source = task.data.name if task.data.name in OTHERS else "your-pictures.zip"
        lines += [f'pictures = vz.collection("{source}")  # {plain(task.data.title)}']
    lines += [*made, 'print(f"{model.test_accuracy:.2%} of the test pictures are right")']
    last = 1 if task.origin is not None else task.recipe.epochs
    if k is not None and k < last:
        when = f"after epoch {k}" if k else "before the first step"
        lines += [f"weights = model.training.moment({k}).state  # as they were {when}"]
    return "\n".join(lines) + "\n"


def _training(task: Task) -> list[str]:
    stack = task.network.name == "own"
    given = {**_settings(task.recipe), "side": task.input_shape[1], "seed": task.seed}
    return [
        "model = vz.train(",
        f"    {_written(task.network.text if stack else task.network.name)},",
        f"    {_data(task)},",
        *(f"    {name}={_written(value)}," for name, value in given.items()),
        ")",
    ]


def _transfer(task: Task, origin: Transferred) -> list[str]:
    """One way with one number of pictures and one seed gives what it gave among all others."""
    base, before = _written(origin.menu), []
    if not origin.menu:
        before = [f'base = vz.read_trained("BASE.safetensors", "cpu")  # {plain(origin.base)}']
        base = "base"
    elif origin.weights == UNTRAINED:
        base = f'vz.load_model({base}, "cpu", weights=None)'
    given: dict[str, Any] = {
        "per_class": [origin.per_class], "ways": [origin.way], "seeds": 1, "seed": task.seed
    }  # fmt: skip
    if origin.frozen is not None:
        given["frozen"] = origin.frozen
    return [
        *before,
        "found = vz.transfer(",
        f"    {base},",
        f"    {_data(task)},",
        *(f"    {name}={_written(value)}," for name, value in given.items()),
        ")",
        f"model = found.model({_written(origin.way)})",
    ]


def _own(task: Task) -> bool:
    return task.data.name not in DATA_CALLS


def _data(task: Task) -> str:
    return "pictures" if _own(task) else _written(task.data.name)


def _settings(recipe: Recipe) -> dict[str, Any]:
    usual = Recipe()
    return {
        name: value
        for name, value in asdict(recipe).items()
        if name not in OPTIONAL or value != getattr(usual, name)
    }


def _written(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def plain(title: str) -> str:
    """Take out of a visitor's title what would end a string or a table cell."""
    return "".join(c if c.isprintable() and c not in '"\\|`' else " " for c in title).strip()
