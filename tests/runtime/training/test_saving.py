"""What vz.train made goes to disk and comes back; a full disk leaves nothing behind."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
import torch

import visualizer as vz
from tests.runtime.training.toys import toy_task
from visualizer.runtime.training.trained_model import make_model
from visualizer.runtime.training.training import Training


@pytest.fixture(scope="module")
def model() -> vz.TrainedModel:
    return vz.train(
        "flatten;linear(classes)", "digits", side=12, epochs=2, pictures=60, augment="mixup"
    )


def test_a_trained_network_is_written_and_read(model: vz.TrainedModel, tmp_path: Path) -> None:
    path = vz.save_trained(model, tmp_path / "mine.safetensors")
    read = vz.read_trained(path, "cpu")
    ours, theirs = model.module.state_dict(), read.module.state_dict()
    assert all(torch.equal(theirs[name], value) for name, value in ours.items())
    assert read.record["recipe"]["augment"] == "mixup"
    assert read.record["moment"]["test_accuracy"] == model.test_accuracy


def test_a_full_disk_leaves_what_was_there(
    model: vz.TrainedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = vz.save_trained(model, tmp_path / "mine.safetensors")
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(vz.VisualizerError, match=rf"mine.safetensors needs {len(before):,} bytes"):
        vz.save_trained(model, path)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == before


def test_what_has_no_task_or_no_moment_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(vz.VisualizerError, match="was not trained here"):
        vz.save_trained(vz.load_model("lenet5"), tmp_path / "x")  # type: ignore[arg-type]
    with pytest.raises(vz.VisualizerError, match="between two epochs"):
        vz.save_trained(make_model(Training(toy_task())), tmp_path / "x")
    assert list(tmp_path.iterdir()) == []
