"""The registry record of a network: what it is, what it expects, where its weights come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from torch import Tensor, nn

Labels = Literal["imagenet", "mnist", "fashion_mnist", "cifar10", "shapes", "own"]


@dataclass(frozen=True)
class Weights:
    """Trained parameters in an official file.

    ``sha256`` is the file's whole digest, or its first digits where the publisher gives no more.
    ``url`` is set for files that are fetched when the user says so; the others travel with the
    installation. ``path`` says where the file belongs, present or not. ``read`` turns the file
    into a state dict that fits the network strictly, without unpickling objects.
    ``size_bytes`` is the file's size; of a file to fetch, to the publisher's three decimals.
    """

    instead: ClassVar[str] = "choose untrained weights"
    home: ClassVar[str] = "TORCH_HOME"

    label: str
    path: Callable[[], Path]
    sha256: str
    read: Callable[[Path], dict[str, Tensor]]
    licence: str
    size_bytes: int
    url: str | None = None


@dataclass(frozen=True)
class ModelSpec:
    """One network of the menu.

    Units: ``input_shape`` is (channels, height, width) in cells; ``mean`` and ``std`` refer to
    pixels in [0, 1]; ``resize`` is the shorter side, in pixels, before the centre crop.

    ``labels`` names the family of class names; ``classes`` are the names themselves where the
    family has none of its own (``own``). ``cam_layer`` gives the last feature maps, after
    their activation and before the last pooling; ``source`` is the publication.
    """

    name: str
    title: str
    build: Callable[[], nn.Module]
    input_shape: tuple[int, int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    labels: Labels
    cam_layer: str
    parameters: int
    source: str
    weights: Weights
    resize: int
    interpolation: Literal["bilinear", "bicubic"] = "bilinear"
    classes: tuple[str, ...] = ()
