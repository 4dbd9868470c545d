"""The networks on offer, as short records."""

from __future__ import annotations

from dataclasses import dataclass

from visualizer.zoo import MODELS


@dataclass(frozen=True)
class ModelInfo:
    """One network: ``weights`` names its training data, ``ready`` tells whether they are here."""

    name: str
    title: str
    weights: str
    source: str
    licence: str
    input_shape: tuple[int, int, int]
    parameters: int
    ready: bool


def list_models() -> list[ModelInfo]:
    """List every network that :func:`load_model` knows, in menu order."""
    return [
        ModelInfo(
            spec.name,
            spec.title,
            spec.weights.label,
            spec.source,
            spec.weights.licence,
            spec.input_shape,
            spec.parameters,
            spec.weights.path().is_file(),
        )
        for spec in MODELS
    ]
