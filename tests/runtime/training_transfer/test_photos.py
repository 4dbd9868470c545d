"""A network that learned ImageNet is taught from a few photos, taken home, and read back."""

import csv
import json
from pathlib import Path

import pytest
from safetensors import safe_open
from safetensors.torch import load_file, save_file

import visualizer as vz
from visualizer.errors import WeightsError
from visualizer.runtime.collection import Collection
from visualizer.runtime.training.keeping import weights_file


@pytest.fixture(scope="module")
def animals(shared_data: Path) -> Collection:
    """Photos of four kinds of animals, of the many classes that ImageNet has of each."""
    kinds, pictures, labels = ("arthropod", "bird", "dog", "reptile"), [], []
    for folder in ("imagenet_photos", "imagenet_val"):
        with (shared_data / folder / "labels.csv").open(newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["group"] in kinds]
        pictures += [shared_data / folder / row["file"] for row in rows]
        labels += [row["group"] for row in rows]
    return Collection.of(pictures, labels=labels, title="Animals")


@pytest.mark.slow
def test_an_imagenet_network_learns_from_five_photos_of_each_kind(
    animals: Collection, tmp_path: Path
) -> None:
    found = vz.transfer("efficientnet_lite0", animals, per_class=(5,), ways=("head", "frozen"))
    assert found.tested >= 20
    assert found.point("head", 5).mean >= 0.7  # guessing gets a quarter
    assert found.saving is not None
    assert found.saving.factor > 10
    training = found.trainings["frozen"]
    file = tmp_path / "mine.safetensors"
    file.write_bytes(weights_file(training, 1))
    read = vz.read_trained(file, "cpu")
    assert (read.spec.resize, read.spec.interpolation) == (256, "bicubic")
    photo = animals.pixels(3)
    ours, theirs = (vz.classify(one, photo, top=4) for one in (found.model("frozen"), read))
    assert [one.label for one in ours] == [one.label for one in theirs]
    assert [one.probability for one in ours] == pytest.approx([one.probability for one in theirs])
    twice = vz.transfer(read, animals, per_class=(1,), ways=("head",))
    assert twice.trainings["head"].task.architecture == training.task.architecture
    assert weights_file(twice.trainings["head"], 1)


def test_a_file_with_an_odd_framing_is_refused(tmp_path: Path) -> None:
    found = vz.transfer("lenet5", "shapes", per_class=(1,), ways=("head",), seeds=1)
    file = tmp_path / "mine.safetensors"
    file.write_bytes(weights_file(found.trainings["head"], 1))
    with safe_open(file, "pt") as opened:
        metadata = opened.metadata()
    task = json.loads(metadata["task"])
    assert (task["data"]["resize"], task["data"]["interpolation"]) == (28, "bilinear")
    for odd in ({"resize": 27}, {"resize": 113}, {"interpolation": "nearest"}):
        metadata["task"] = json.dumps({**task, "data": {**task["data"], **odd}})
        save_file(load_file(file), tmp_path / "odd.safetensors", metadata)
        with pytest.raises(WeightsError, match="where the network takes 28: give 28 to 112"):
            vz.read_trained(tmp_path / "odd.safetensors")
    del task["data"]["resize"], task["data"]["interpolation"]  # files of old
    save_file(load_file(file), tmp_path / "old.safetensors", {**metadata, "task": json.dumps(task)})
    assert vz.read_trained(tmp_path / "old.safetensors", "cpu").spec.resize == 28
