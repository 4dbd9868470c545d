"""Weights that this project trained: safetensors files in ``models/``, a card beside each."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from torch import Tensor

from visualizer.zoo.resources import folder
from visualizer.zoo.spec import Weights


def trained_here(name: str, *, data: str, sha256: str, size_bytes: int) -> Weights:
    """Describe ``models/NAME.safetensors``; ``data`` is what the network was trained on."""
    return Weights(
        label=f"{data} (this project)",
        path=partial(_path, f"{name}.safetensors"),
        sha256=sha256,
        read=_read,
        licence="MIT",
        size_bytes=size_bytes,
    )


def _path(filename: str) -> Path:
    return folder("models") / filename


def _read(path: Path) -> dict[str, Tensor]:
    from safetensors.torch import load_file

    return load_file(path)
