"""Networks whose code and weights are torchvision's: one SPEC from the few facts that differ.

The facts are written out, not looked up: torchvision takes seconds to import, a menu must not.
Tests compare them with torchvision's own records.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from visualizer.zoo.spec import ModelSpec, Weights

URL = "https://download.pytorch.org/models/"
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

# files older than torch 0.4 call a dense layer's parts norm.1, conv.1, ...; names lost the dot
_DOTTED = re.compile(r"(denselayer\d+\.(?:norm|conv))\.([12])\.")


def torchvision_spec(
    name: str,
    *,
    title: str,
    file: str,
    size_mib: float,
    parameters: int,
    cam_layer: str,
    source: str,
    side: int = 224,
    resize: int = 256,
    interpolation: Literal["bilinear", "bicubic"] = "bilinear",
    mean: tuple[float, ...] = MEAN,
    std: tuple[float, ...] = STD,
    auxiliary: tuple[str, ...] = (),
    **options: Any,
) -> ModelSpec:
    """Describe ``torchvision.models.NAME`` with its IMAGENET1K_V1 weights.

    ``file`` ends in the first 8 digits of its SHA-256; ``size_mib`` is torchvision's statement, in
    1024 * 1024 bytes. ``side`` is the input's height and width. ``auxiliary`` heads are in the file
    and serve training alone: left out. ``options`` go to torchvision's function.
    """
    return ModelSpec(
        name=name,
        title=title,
        build=partial(_build, name, **options),
        input_shape=(3, side, side),
        mean=mean,
        std=std,
        labels="imagenet",
        cam_layer=cam_layer,
        parameters=parameters,
        source=source,
        weights=_weights(file, size_mib, auxiliary),
        resize=resize,
        interpolation=interpolation,
    )


def _weights(file: str, size_mib: float, auxiliary: tuple[str, ...]) -> Weights:
    return Weights(
        label="IMAGENET1K_V1",
        path=partial(_cached, file),
        sha256=Path(file).stem.rpartition("-")[2],
        read=partial(_read, auxiliary=auxiliary),
        licence="BSD-3-Clause (torchvision); trained on ImageNet, for research",
        size_bytes=round(size_mib * 1024 * 1024),
        url=URL + file,
    )


def _build(name: str, **options: Any) -> nn.Module:
    """Build the untrained network; no module overwrites its input, so each value stays to see."""
    from torchvision import models

    network: nn.Module = models.get_model(name, weights=None, **options)
    for module in network.modules():
        if getattr(module, "inplace", False):
            module.inplace = False  # type: ignore[assignment]
    return network


def _cached(file: str) -> Path:
    """Place the file where torch keeps its own downloads; ``TORCH_HOME`` is read at every call."""
    return Path(torch.hub.get_dir()) / "checkpoints" / file


def _read(path: Path, *, auxiliary: tuple[str, ...]) -> dict[str, Tensor]:
    """Read an official file: old names brought up to date, auxiliary heads left out."""
    state: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return {
        _DOTTED.sub(r"\1\2.", key): value
        for key, value in state.items()
        if key.partition(".")[0] not in auxiliary
    }
