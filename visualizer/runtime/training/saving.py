"""A trained network on one's own disk."""

from __future__ import annotations

from pathlib import Path

from visualizer.errors import VisualizerError
from visualizer.runtime.training.keeping import weights_file
from visualizer.runtime.training.trained_model import TrainedModel
from visualizer.runtime.writing import write_whole


def save_trained(model: TrainedModel, path: str | Path) -> Path:
    """Write a trained network with its whole task as safetensors; ``read_trained`` opens it.

    Raises:
        VisualizerError: a model that was not trained here, one taken between two epochs, or a disk
            that is full or cannot be written; then nothing is left of the file.
    """
    if not isinstance(model, TrainedModel):
        raise VisualizerError(
            "This network was not trained here, so no task could be written. Take one that "
            "vz.train made."
        )
    if model.moment is None:
        raise VisualizerError(
            "This network was taken between two epochs, of which nothing is kept. Take one of an "
            "epoch's end."
        )
    target = Path(path)
    write_whole(target, weights_file(model.training, model.moment))
    return target
