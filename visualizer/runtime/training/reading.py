"""A network read back from the file that a visitor took home; nothing is unpickled."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast, get_args

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from visualizer.errors import VisualizerError, WeightsError
from visualizer.runtime.framing import RESAMPLING
from visualizer.runtime.graph import INPUT, trace
from visualizer.runtime.model import Model, choose_device, model_of
from visualizer.runtime.training.fitting import SIDES
from visualizer.runtime.training.origin import Architecture
from visualizer.runtime.training.trained_model import cam_layer
from visualizer.zoo.spec import Labels, ModelSpec, Weights
from visualizer.zoo.stack import CLASSES_MOST
from visualizer.zoo.untrained import borrowed_generator

FORMAT = "cnn-visualizer training 1"
PICKLED = (b"PK\x03\x04", b"\x80\x02")  # how a .pt file begins, of today and of old
ODD = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)
TITLE_MOST = 200  # letters
RESIZED_MOST = 4  # times the network's side
LARGEST_SIDE = 512  # of pictures that a network of the menu was taught further with


@dataclass(frozen=True)
class StoredModel(Model):
    """A network from a file; ``record`` is what the file tells: network, data, recipe, seed."""

    record: Mapping[str, Any]

    @property
    def architecture(self) -> Architecture:
        """Tell how the network is built."""
        return _architecture(self.record)

    @property
    def pixels_shuffled(self) -> bool:
        """Tell whether it knows only pictures whose pixels were shuffled."""
        return bool(self.record["recipe"]["pixels_shuffled"])


def read_trained(path: str | Path, device: str = "auto", backend: str = "torch") -> StoredModel:
    """Load a network that the Training tab or ``keeping.weights_file`` wrote.

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
            record = _record(file.metadata() or {}, path)
            with borrowed_generator():
                module = _architecture(record).build(_shape(record), len(_classes(record)))
            module.load_state_dict(_state(file, module))
        spec = _spec(record, module, path)
    except (SafetensorError, OSError) as error:
        raise _damaged(path, error) from error
    except WeightsError:
        raise
    except (*ODD, RuntimeError, VisualizerError) as error:
        said = str(error) if isinstance(error, VisualizerError) else "what it tells is incomplete."
        raise WeightsError(f"{path} does not fit itself: {said} Download it again.") from error
    made = model_of(spec, module, chosen, backend)
    return StoredModel(
        **{one.name: getattr(made, one.name) for one in fields(Model)}, record=record
    )


def _damaged(path: Path, error: Exception) -> WeightsError:
    """Say why a file cannot be opened; one that is pickled is told by its first bytes alone."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError:
        start = b""
    if start.startswith(PICKLED):
        return WeightsError(
            f"{path} is a pickled PyTorch file, which could run any code and is not opened. Read "
            "the .safetensors file of the Training tab."
        )
    return WeightsError(f"{path} is damaged: {error}. Download it again.")


def _record(metadata: Mapping[str, str], path: Path) -> dict[str, Any]:
    if metadata.get("format") != FORMAT:
        raise WeightsError(
            f"{path} holds weights, but not what they were trained for: its format is "
            f"{str(metadata.get('format'))[:40]!r}, not {FORMAT!r}. Read files of the Training tab."
        )
    found: dict[str, Any] = json.loads(metadata["task"])
    _ = found["recipe"]["pixels_shuffled"]
    return found


def _architecture(record: Mapping[str, Any]) -> Architecture:
    network = record["network"]
    return Architecture(
        str(network["name"]), str(network["stack"]), int(network["classes"]), str(network["head"])
    )


def _shape(record: Mapping[str, Any]) -> tuple[int, int, int]:
    channels, height, width = record["data"]["input_shape"]
    least, most = 1, SIDES[1] if record["network"]["stack"] else LARGEST_SIDE
    if channels not in (1, 3) or not least <= height <= most or not least <= width <= most:
        given = " × ".join(str(one)[:12] for one in (channels, height, width))
        raise VisualizerError(
            f"its pictures are {given}, not 1 or 3 channels of up to {most} × {most}."
        )
    return int(channels), int(height), int(width)


def _classes(record: Mapping[str, Any]) -> tuple[str, ...]:
    found = record["data"]["classes"]
    if not isinstance(found, list) or not 2 <= len(found) <= CLASSES_MOST:
        raise VisualizerError(f"it names no classes, of which there are 2 to {CLASSES_MOST:,}.")
    return tuple(str(one)[:TITLE_MOST] for one in found)


def _state(file: Any, module: nn.Module) -> dict[str, Tensor]:
    """Read the weights that the network has, none of another shape.

    Raises:
        VisualizerError: names or shapes differ, or a value is no number.
    """
    wanted, there = module.state_dict(), set(file.keys())
    odd = sorted(there ^ wanted.keys())
    if odd:
        lacks = "lacks" if odd[0] in wanted else "has the unknown"
        raise VisualizerError(f"it {lacks} weights {odd[0][:60]!r}.")
    for name, value in wanted.items():
        shape = tuple(file.get_slice(name).get_shape())
        if shape != tuple(value.shape):
            raise VisualizerError(
                f"its weights {name!r} are {shape}, where the network has {tuple(value.shape)}."
            )
    found: dict[str, Tensor] = {name: file.get_tensor(name) for name in wanted}
    for name, value in found.items():
        if not bool(torch.isfinite(value).all()):
            raise VisualizerError(f"its weights {name!r} hold values that are no numbers.")
    return found


def _framing(data: Mapping[str, Any], side: int) -> tuple[int, Literal["bilinear", "bicubic"]]:
    """Read how pictures are brought to size; files of old say nothing, and meant no crop."""
    resize, interpolation = int(data.get("resize", side)), data.get("interpolation", "bilinear")
    if interpolation not in RESAMPLING or not side <= resize <= RESIZED_MOST * side:
        raise VisualizerError(
            f"its pictures are resized to {resize}, {str(interpolation)[:20]!r}, where the network "
            f"takes {side}: give {side} to {RESIZED_MOST * side}, {' or '.join(RESAMPLING)}."
        )
    return resize, cast(Literal["bilinear", "bicubic"], interpolation)


def _spec(record: Mapping[str, Any], module: nn.Module, path: Path) -> ModelSpec:
    network, data, shape = record["network"], record["data"], _shape(record)
    classes = _classes(record)
    mean, std = (tuple(map(float, data[name])) for name in ("mean", "std"))
    sizes = {len(mean), len(std), shape[0]}
    if len(sizes) > 1 or not all(map(math.isfinite, mean)) or not all(0 < s < 1e6 for s in std):
        raise VisualizerError("its mean and standard deviation are no scale of its pictures.")
    if data["labels"] not in get_args(Labels):
        raise VisualizerError(
            f"its classes are of the unknown family {str(data['labels'])[:40]!r}."
        )
    resize, interpolation = _framing(data, max(shape[1:]))
    title = f"{network['title']}, {data['title']}, epoch {int(record['moment']['epoch'])}"
    if record["recipe"]["pixels_shuffled"]:
        title += ", for shuffled pixels"
    spec = ModelSpec(
        name=path.stem,
        title=title[:TITLE_MOST],
        build=partial(_architecture(record).build, shape, len(classes)),
        input_shape=shape,
        mean=mean,
        std=std,
        labels=cast(Labels, data["labels"]),
        cam_layer=INPUT,
        parameters=sum(value.numel() for value in module.parameters()),
        source=str(network["source"]),
        weights=Weights(
            label=str(data["title"])[:TITLE_MOST],
            path=lambda: path,
            sha256="",
            read=lambda _: {},
            licence="",
            size_bytes=sum(v.numel() * v.element_size() for v in module.state_dict().values()),
        ),
        resize=resize,
        interpolation=interpolation,
        classes=classes,
    )
    return replace(spec, cam_layer=cam_layer(trace(module.eval(), shape)))
