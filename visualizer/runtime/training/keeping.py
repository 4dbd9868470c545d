"""What a visitor takes home of a training: weights with their task, ONNX, Python lines, a card."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from visualizer.errors import VisualizerError, WeightsError
from visualizer.runtime.graph import INPUT, SOFTMAX, trace
from visualizer.runtime.model import Model, choose_device, model_of
from visualizer.runtime.onnx_export import whole_file
from visualizer.runtime.segment import between
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.trained_model import TrainedModel, cam_layer
from visualizer.runtime.training.training import Training
from visualizer.zoo.spec import ModelSpec, Weights
from visualizer.zoo.stack import build_stack, parse_stack

FORMAT = "cnn-visualizer training 1"
OPTIONAL = ("augment", "pixels_shuffled", "pictures", "precision", "shift", "flip", "threads")
DATA_CALLS = ("digits", "shapes", "mnist", "fashion_mnist", "cifar10")


def weights_file(training: Training, k: int, test_accuracy: float | None = None) -> bytes:
    """Give moment ``k`` as a safetensors file whose metadata carry the whole task."""
    moment = training.moment(k)
    metadata = {"format": FORMAT, "task": json.dumps(task_record(training, k, test_accuracy))}
    return save({name: value.contiguous() for name, value in moment.state.items()}, metadata)


def task_record(training: Training, k: int, test_accuracy: float | None) -> dict[str, Any]:
    """Write down network, data, recipe, seed and what was reached, without any secret name."""
    if test_accuracy is None:
        test_accuracy = training.test_accuracy(k)
    task, moment = training.task, training.moment(k)
    return {
        "network": {
            "name": task.network.name,
            "title": task.network.title,
            "stack": task.network.text,
            "source": task.network.source,
        },
        "data": {
            "name": task.data.name,
            "title": task.data.title,
            "digest": task.data.digest,
            "labels": task.data.labels,
            "classes": task.data.classes,
            "mean": task.data.mean,
            "std": task.data.std,
            "input_shape": task.input_shape,
            "counts": counts(task),
        },
        "recipe": asdict(task.recipe),
        "seed": task.seed,
        "moment": {
            "epoch": moment.epoch,
            "step": moment.step,
            "validation_loss": moment.loss,
            "validation_accuracy": moment.accuracy,
            "test_accuracy": test_accuracy,
        },
        "made_with": f"PyTorch {torch.__version__}, {platform.machine()}",
    }


def counts(task: Task) -> dict[str, int]:
    """Count the pictures of each part; those of training as the recipe limits them."""
    train = len(task.data.train.labels)
    return {
        "train": min(train, task.recipe.pictures or train),
        "validation": len(task.data.validation.labels),
        "test": len(task.data.test.labels),
    }


def read_trained(path: str | Path, device: str = "auto", backend: str = "torch") -> Model:
    """Load a network that the Training tab or :func:`weights_file` wrote.

    Nothing is unpickled, and no data set is needed.

    Raises:
        WeightsError: the file is absent, damaged, or not of this kind.
        BackendError: this machine lacks the device, or the runtime cannot use it.
    """
    chosen = choose_device(device, backend)
    path = Path(path)
    if not path.is_file():
        raise WeightsError(f"{path} is not there. Download the network in the Training tab again.")
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{path} is damaged: {error}. Download it again.") from error
    if metadata.get("format") != FORMAT:
        raise WeightsError(
            f"{path} holds weights, but not what they were trained for: its format is "
            f"{str(metadata.get('format'))[:40]!r}, not {FORMAT!r}. Read files of the Training tab."
        )
    try:
        spec = _spec(
            json.loads(metadata["task"]), path, sum(map(torch.Tensor.numel, state.values()))
        )
        module = spec.build()
        module.load_state_dict(state, strict=True)
        spec = replace(spec, cam_layer=cam_layer(trace(module.eval(), spec.input_shape)))
    except (KeyError, ValueError, TypeError, RuntimeError, VisualizerError) as error:
        raise WeightsError(f"{path} does not fit itself: {error}. Download it again.") from error
    return model_of(spec, module, chosen, backend)


def _spec(record: Mapping[str, Any], path: Path, values: int) -> ModelSpec:
    network, data = record["network"], record["data"]
    stack, classes = parse_stack(network["stack"]), tuple(map(str, data["classes"]))
    channels, height, width = map(int, data["input_shape"])
    shape = channels, height, width
    module = build_stack(stack, shape, len(classes))
    return ModelSpec(
        name=path.stem,
        title=f"{network['title']}, {data['title']}, epoch {int(record['moment']['epoch'])}"
        + (", for shuffled pixels" if record["recipe"]["pixels_shuffled"] else ""),
        build=lambda: build_stack(stack, shape, len(classes)),
        input_shape=shape,
        mean=tuple(map(float, data["mean"])),
        std=tuple(map(float, data["std"])),
        labels=data["labels"],
        cam_layer=INPUT,
        parameters=sum(value.numel() for value in module.parameters()),
        source=str(network["source"]),
        weights=Weights(
            label=str(data["title"]),
            path=lambda: path,
            sha256="",
            read=lambda _: {},
            licence="",
            size_bytes=4 * values,
        ),
        resize=height,
        classes=classes,
    )


def onnx_file(model: TrainedModel) -> bytes:
    """Write the network as ONNX with its weights inside.

    Input ``input`` (N, C, H, W): pixels in [0, 1], minus mean, by standard deviation, both in the
    metadata. Outputs: the logits under their layer's name, and ``softmax``.
    """
    weights = {
        name: value.detach().cpu().numpy()
        for name, value in model.graph.module.state_dict().items()
        if value.is_floating_point()
    }
    segment = between(model.graph, (INPUT,), (model.logits, SOFTMAX))
    spec = model.spec
    notes = {
        "title": spec.title,
        "classes": json.dumps(spec.classes),
        "mean": json.dumps(spec.mean),
        "std": json.dumps(spec.std),
        "source": spec.source,
    }
    return whole_file(model.graph, weights, segment, notes)


def python_script(task: Task, k: int | None = None) -> str:
    """Write the Python lines that train the same network again, to the same weights."""
    own = task.data.name not in DATA_CALLS
    stack = task.network.name == "own"
    given = {**_settings(task.recipe), "side": task.input_shape[1], "seed": task.seed}
    lines = [
        f'"""Train {task.network.title} again on {_plain(task.data.title)}: the same weights."""',
        "",
        "import visualizer as vz",
        "",
    ]
    if own:
        total = sum(len(part.labels) for part in _parts(task))
        note = f"  # the {total:,} pictures of {_plain(task.data.title)}"
        lines += [f'pictures = vz.collection("your-pictures.zip"){note}']
    lines += ["model = vz.train("]
    lines += [f"    {_written(task.network.text if stack else task.network.name)},"]
    lines += ["    pictures," if own else f"    {_written(task.data.name)},"]
    lines += [f"    {name}={_written(value)}," for name, value in given.items()]
    lines += [")", 'print(f"{model.test_accuracy:.2%} of the test pictures are right")']
    if k is not None and k < task.recipe.epochs:
        lines += [f"weights = model.training.moment({k}).state  # as they were after epoch {k}"]
    return "\n".join(lines) + "\n"


def _settings(recipe: Recipe) -> dict[str, Any]:
    plain = Recipe()
    return {
        name: value
        for name, value in asdict(recipe).items()
        if name not in OPTIONAL or value != getattr(plain, name)
    }


def _parts(task: Task) -> Sequence[Any]:
    return task.data.train, task.data.validation, task.data.test


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _plain(title: str) -> str:
    """Take out of a visitor's title what would end a string or a table cell."""
    return "".join(c if c.isprintable() and c not in '"\\|`' else " " for c in title).strip()


def card(training: Training, k: int, test_accuracy: float | None = None) -> str:
    """Describe moment ``k`` as Markdown: what it is, what it learned from, what it reached."""
    tested = training.test_accuracy(k) if test_accuracy is None else test_accuracy
    task, moment, found = training.task, training.moment(k), counts(training.task)
    recipe, title = task.recipe, _plain(task.data.title)
    parameters = sum(value.numel() for value in training.network.parameters())
    classes = ", ".join(map(_plain, task.data.classes))
    rows = {
        "network": f"`{task.network.text}`; {parameters:,} parameters",
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
    lines = [f"# {task.network.title}, trained on {title}", "", "| | |", "| --- | --- |"]
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
        words.append(f"augmented by `{_plain(recipe.augment)}`")
    if recipe.shift or recipe.flip:
        words.append(f"shifted by up to {recipe.shift} pixels{', mirrored' * recipe.flip}")
    if recipe.pixels_shuffled:
        words.append("all pixels shuffled by one fixed permutation")
    if recipe.precision != "float32":
        words.append(recipe.precision)
    return words
