"""See what a convolutional network computes: ``import visualizer as vz``.

Names are loaded when they are first used, so that the import itself is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from visualizer.analyses.feature_maps import feature_maps
    from visualizer.analyses.prediction import Prediction, classify
    from visualizer.analyses.receptive_field import receptive_field
    from visualizer.analyses.trace import trace
    from visualizer.errors import VisualizerError
    from visualizer.runtime.graph import Layer
    from visualizer.runtime.menu import ModelInfo, list_models
    from visualizer.runtime.model import Model, load_model
    from visualizer.runtime.samples import sample_path as sample

__all__ = [
    "Layer",
    "Model",
    "ModelInfo",
    "Prediction",
    "VisualizerError",
    "classify",
    "feature_maps",
    "list_models",
    "load_model",
    "receptive_field",
    "sample",
    "trace",
]

_HOMES = {
    "Layer": ("visualizer.runtime.graph", "Layer"),
    "Model": ("visualizer.runtime.model", "Model"),
    "ModelInfo": ("visualizer.runtime.menu", "ModelInfo"),
    "Prediction": ("visualizer.analyses.prediction", "Prediction"),
    "VisualizerError": ("visualizer.errors", "VisualizerError"),
    "classify": ("visualizer.analyses.prediction", "classify"),
    "feature_maps": ("visualizer.analyses.feature_maps", "feature_maps"),
    "list_models": ("visualizer.runtime.menu", "list_models"),
    "load_model": ("visualizer.runtime.model", "load_model"),
    "receptive_field": ("visualizer.analyses.receptive_field", "receptive_field"),
    "sample": ("visualizer.runtime.samples", "sample_path"),
    "trace": ("visualizer.analyses.trace", "trace"),
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'visualizer' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
