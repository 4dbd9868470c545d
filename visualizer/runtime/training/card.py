"""A card for a trained network: what it is, what it learned from, what it reached."""

from __future__ import annotations

import platform

import torch

from visualizer.runtime.training.keeping import counts
from visualizer.runtime.training.origin import Transferred
from visualizer.runtime.training.python_lines import plain, python_script
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.runtime.training.transfer_record import way_of


def card(training: Training, k: int, test_accuracy: float | None = None) -> str:
    """Describe moment ``k`` as Markdown: what it is, what it learned from, what it reached."""
    tested = training.test_accuracy(k) if test_accuracy is None else test_accuracy
    task, moment, found = training.task, training.moment(k), counts(training.task)
    recipe, title = task.recipe, plain(task.data.title)
    parameters = sum(value.numel() for value in training.network.parameters())
    classes = ", ".join(map(plain, task.data.classes))
    rows = {
        "network": f"{_built(task)}; {parameters:,} parameters",
        **_origin_rows(task.origin),
        "source": task.network.source or "built layer by layer",
        "data": f"{title}: {found['train']:,} pictures to train, {found['validation']:,} to "
        f"validate, {found['test']:,} to test; {' × '.join(map(str, task.input_shape))} cells",
        "classes": classes,
        "recipe": "; ".join(_recipe_words(recipe)),
        "seed": str(task.seed),
        "this file": f"epoch {moment.epoch} of {recipe.epochs}, step {moment.step:,}",
        "validation": f"accuracy {moment.accuracy:.2%}, loss {moment.loss:.4f}",
        "test": f"accuracy {tested:.2%}",
        "made with": f"PyTorch {torch.__version__}, {recipe.threads} thread(s) of an "
        f"{platform.machine()} processor",
    }
    lines = [f"# {plain(task.network.title)}, trained on {title}", "", "| | |", "| --- | --- |"]
    lines += [f"| {name} | {words} |" for name, words in rows.items()]
    lines += ["", "One training with one seed: another seed gives other weights, and an accuracy a"]
    lines += ["little above or below. Train it again, to the same weights on the same kind of"]
    lines += ["machine:", "", "```python", python_script(task, k).rstrip(), "```", ""]
    lines += [
        "Open the weights without a training:",
        "",
        "```python",
        "import visualizer as vz",
        "",
    ]
    return "\n".join([*lines, 'model = vz.read_trained("FILE.safetensors")', "```", ""])


def _built(task: Task) -> str:
    """Say how the network is built, by its stack or by the network it was."""
    if task.origin is None:
        return f"`{task.network.text}`"
    return f"{plain(task.origin.base)} with a last layer for {len(task.data.classes)} classes"


def _origin_rows(origin: Transferred | None) -> dict[str, str]:
    if origin is None:
        return {}
    frozen = (
        "" if origin.frozen is None else f" All up to layer `{plain(origin.frozen)}` is frozen."
    )
    return {
        "began as": f"{plain(origin.base)}, weights: {plain(origin.weights)}",
        "way": f"{way_of(origin.way).title}. {way_of(origin.way).sentence}{frozen}",
        "pictures a class": f"{origin.per_class} to train on",
    }


def _recipe_words(recipe: Recipe) -> list[str]:
    words = [
        f"{recipe.optimiser}, {recipe.schedule} learning rate {recipe.learning_rate:g}",
        f"batch {recipe.batch_size}",
        f"{recipe.epochs} epochs",
        f"weight decay {recipe.weight_decay:g}",
        f"momentum {recipe.momentum:g}",
    ]
    if recipe.label_smoothing:
        words.append(f"label smoothing {recipe.label_smoothing:g}")
    if recipe.augment:
        words.append(f"augmented by `{plain(recipe.augment)}`")
    if recipe.shift or recipe.flip:
        words.append(f"shifted by up to {recipe.shift} pixels{', mirrored' * recipe.flip}")
    if recipe.pixels_shuffled:
        words.append("all pixels shuffled by one fixed permutation")
    if recipe.precision != "float32":
        words.append(recipe.precision)
    return words
