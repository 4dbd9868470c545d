"""See what a convolutional network computes: ``import visualizer as vz``.

Names are loaded when they are first used, so that the import itself is quick.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from visualizer.analyses.ablation import Ablation, ablate, channel_importance
    from visualizer.analyses.attribution import attribute
    from visualizer.analyses.augmentation import agreement, augment
    from visualizer.analyses.cam.method import CamMethod
    from visualizer.analyses.embedding import embed
    from visualizer.analyses.embedding.placement import place_on_map
    from visualizer.analyses.embedding.quality import map_quality
    from visualizer.analyses.equivariance import equivariance
    from visualizer.analyses.faithfulness import Faithfulness, faithfulness
    from visualizer.analyses.feature_maps import feature_maps
    from visualizer.analyses.features import extract_features
    from visualizer.analyses.filters import filters
    from visualizer.analyses.heatmap import cam, cam_methods
    from visualizer.analyses.localisation import energy_inside, pointing_game
    from visualizer.analyses.prediction import Prediction, classify
    from visualizer.analyses.receptive_field import receptive_field
    from visualizer.analyses.response_curve import response_curve
    from visualizer.analyses.retrieval import nearest, retrieval_scores
    from visualizer.analyses.top_patches import Patch, top_patches
    from visualizer.analyses.trace import trace
    from visualizer.errors import VisualizerError
    from visualizer.runtime.augmentation.pipeline import Step
    from visualizer.runtime.collection import Collection
    from visualizer.runtime.collection_menu import collection
    from visualizer.runtime.graph import Layer
    from visualizer.runtime.menu import ModelInfo, list_models
    from visualizer.runtime.model import Model, load_model
    from visualizer.runtime.pattern.visualize import visualize_filter
    from visualizer.runtime.samples import sample_path as sample
    from visualizer.runtime.training.experiments.record import ExperimentResult
    from visualizer.runtime.training.experiments.running import experiment
    from visualizer.runtime.training.learn import train
    from visualizer.runtime.training.next_step import explain_step
    from visualizer.runtime.training.reading import read_trained
    from visualizer.runtime.training.saving import save_trained
    from visualizer.runtime.training.trained_model import TrainedModel
    from visualizer.runtime.training.transfer_learning import transfer

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read once, by the first OpenMP loaded

__all__ = [
    "Ablation",
    "CamMethod",
    "Collection",
    "ExperimentResult",
    "Faithfulness",
    "Layer",
    "Model",
    "ModelInfo",
    "Patch",
    "Prediction",
    "Step",
    "TrainedModel",
    "VisualizerError",
    "ablate",
    "agreement",
    "attribute",
    "augment",
    "cam",
    "cam_methods",
    "channel_importance",
    "classify",
    "collection",
    "embed",
    "energy_inside",
    "equivariance",
    "experiment",
    "explain_step",
    "extract_features",
    "faithfulness",
    "feature_maps",
    "filters",
    "list_models",
    "load_model",
    "map_quality",
    "nearest",
    "place_on_map",
    "pointing_game",
    "read_trained",
    "receptive_field",
    "response_curve",
    "retrieval_scores",
    "sample",
    "save_trained",
    "top_patches",
    "trace",
    "train",
    "transfer",
    "visualize_filter",
]

_HOMES = {
    "Ablation": ("visualizer.analyses.ablation", "Ablation"),
    "CamMethod": ("visualizer.analyses.cam.method", "CamMethod"),
    "Collection": ("visualizer.runtime.collection", "Collection"),
    "ExperimentResult": ("visualizer.runtime.training.experiments.record", "ExperimentResult"),
    "Faithfulness": ("visualizer.analyses.faithfulness", "Faithfulness"),
    "Layer": ("visualizer.runtime.graph", "Layer"),
    "Model": ("visualizer.runtime.model", "Model"),
    "ModelInfo": ("visualizer.runtime.menu", "ModelInfo"),
    "Patch": ("visualizer.analyses.top_patches", "Patch"),
    "Prediction": ("visualizer.analyses.prediction", "Prediction"),
    "Step": ("visualizer.runtime.augmentation.pipeline", "Step"),
    "TrainedModel": ("visualizer.runtime.training.trained_model", "TrainedModel"),
    "VisualizerError": ("visualizer.errors", "VisualizerError"),
    "ablate": ("visualizer.analyses.ablation", "ablate"),
    "agreement": ("visualizer.analyses.augmentation", "agreement"),
    "attribute": ("visualizer.analyses.attribution", "attribute"),
    "augment": ("visualizer.analyses.augmentation", "augment"),
    "cam": ("visualizer.analyses.heatmap", "cam"),
    "cam_methods": ("visualizer.analyses.heatmap", "cam_methods"),
    "channel_importance": ("visualizer.analyses.ablation", "channel_importance"),
    "classify": ("visualizer.analyses.prediction", "classify"),
    "collection": ("visualizer.runtime.collection_menu", "collection"),
    "embed": ("visualizer.analyses.embedding", "embed"),
    "energy_inside": ("visualizer.analyses.localisation", "energy_inside"),
    "equivariance": ("visualizer.analyses.equivariance", "equivariance"),
    "experiment": ("visualizer.runtime.training.experiments.running", "experiment"),
    "explain_step": ("visualizer.runtime.training.next_step", "explain_step"),
    "extract_features": ("visualizer.analyses.features", "extract_features"),
    "faithfulness": ("visualizer.analyses.faithfulness", "faithfulness"),
    "feature_maps": ("visualizer.analyses.feature_maps", "feature_maps"),
    "filters": ("visualizer.analyses.filters", "filters"),
    "list_models": ("visualizer.runtime.menu", "list_models"),
    "load_model": ("visualizer.runtime.model", "load_model"),
    "map_quality": ("visualizer.analyses.embedding.quality", "map_quality"),
    "nearest": ("visualizer.analyses.retrieval", "nearest"),
    "place_on_map": ("visualizer.analyses.embedding.placement", "place_on_map"),
    "pointing_game": ("visualizer.analyses.localisation", "pointing_game"),
    "read_trained": ("visualizer.runtime.training.reading", "read_trained"),
    "receptive_field": ("visualizer.analyses.receptive_field", "receptive_field"),
    "response_curve": ("visualizer.analyses.response_curve", "response_curve"),
    "retrieval_scores": ("visualizer.analyses.retrieval", "retrieval_scores"),
    "sample": ("visualizer.runtime.samples", "sample_path"),
    "save_trained": ("visualizer.runtime.training.saving", "save_trained"),
    "top_patches": ("visualizer.analyses.top_patches", "top_patches"),
    "trace": ("visualizer.analyses.trace", "trace"),
    "train": ("visualizer.runtime.training.learn", "train"),
    "transfer": ("visualizer.runtime.training.transfer_learning", "transfer"),
    "visualize_filter": ("visualizer.runtime.pattern.visualize", "visualize_filter"),
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
