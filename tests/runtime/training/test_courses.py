"""The command line makes the weights in ``models/`` again, and the cards say what they reach."""

from __future__ import annotations

import errno
import gzip
import lzma
import os
import pickle
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.runtime.training.toys import toy_data
from visualizer.runtime.checkpoints import read_checkpoints
from visualizer.runtime.model import load_model
from visualizer.runtime.training.courses import COURSES, main
from visualizer.runtime.training.data import Data, Split
from visualizer.runtime.training.training import Training
from visualizer.zoo.resources import folder


def idx(path: Path) -> np.ndarray:
    body = gzip.decompress(path.read_bytes())
    axes = body[3]
    shape = np.frombuffer(body, ">i4", axes, 4)
    return np.frombuffer(body, np.uint8, offset=4 + 4 * axes).reshape(shape)


def official(shared: Path, name: str, part: str = "t10k") -> Split:
    """Read an official split."""
    if name == "resnet_cifar10":
        # the official file, whose digest the data set's own list names
        body = lzma.decompress((shared / "cifar10/test_batch.xz").read_bytes())
        batch = pickle.loads(body, encoding="latin1")
        pictures, labels = batch["data"].reshape(-1, 3, 32, 32), np.array(batch["labels"])
    else:
        raw = shared / {"lenet5": "MNIST", "vgg_fashion": "FashionMNIST"}[name] / "raw"
        pictures = idx(raw / f"{part}-images-idx3-ubyte.gz")[:, None]
        labels = idx(raw / f"{part}-labels-idx1-ubyte.gz")
    return Split(torch.from_numpy(pictures.copy()), torch.from_numpy(labels.astype(np.int64)))


def described(name: str, train: Split, test: Split) -> Data:
    course = COURSES[name]
    return replace(
        toy_data(), train=train, validation=test, test=test,
        mean=course.spec.mean, std=course.spec.std, classes=tuple("0123456789"),
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "least"), [("lenet5", 0.99), ("vgg_fashion", 0.91), ("resnet_cifar10", 0.80)]
)
def test_weights_reach_what_their_card_says(shared_data: Path, name: str, least: float) -> None:
    test = official(shared_data, name)
    training = Training(COURSES[name].task(described(name, test, test)))
    training.network.load_state_dict(load_model(name, device="cpu").module.state_dict())
    reached = float((training.predict(test).argmax(1) == test.labels).double().mean())
    assert reached >= least
    card = (folder("models") / f"{name}.md").read_text("utf-8")
    stated = re.search(r"seed 0, test accuracy ([\d.]+) %", card)
    assert stated is not None
    assert 100 * reached == pytest.approx(float(stated[1]), abs=0.02)


@pytest.mark.slow
def test_the_first_steps_are_those_that_made_the_weights(shared_data: Path) -> None:
    """Recorded beside the weights; the same kind of processor rounds every sum alike."""
    kept = read_checkpoints("lenet5")
    assert kept is not None
    few = Split(*(value[:100] for value in vars(official(shared_data, "lenet5")).values()))
    data = described("lenet5", official(shared_data, "lenet5", "train"), few)
    training = Training(COURSES["lenet5"].task(data))
    for place, step in enumerate(kept.steps[:4].tolist()):
        list(training.run(step - training.step))
        state = training.network.state_dict()
        for name, recorded in kept.weights.items():
            found = state[name].numpy()
            np.testing.assert_allclose(found, recorded[place], rtol=0, atol=1e-6 if step else 0)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make LeNet-5's training short: 24 steps on noise."""
    random = np.random.default_rng(0)

    def read(_root: Path, training: bool, _download: bool) -> Split:
        count = 300 if training else 50
        pictures = random.integers(0, 256, (count, 1, 28, 28)).astype(np.uint8)
        return Split(torch.from_numpy(pictures), torch.arange(count) % 10)

    course = COURSES["lenet5"]
    made = replace(course, read=read, recipe=replace(course.recipe, epochs=2, batch_size=25))
    monkeypatch.setitem(COURSES, "lenet5", made)


@pytest.mark.usefixtures("short")
def test_the_command_line_trains_and_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["lenet5", "--data", str(tmp_path), "--out", str(tmp_path), "--checkpoints"])
    said = capsys.readouterr().out
    assert re.findall(r"epoch (\d): loss \d\.\d{4}, test accuracy \d+\.\d\d %", said) == ["1", "2"]
    state = load_file(tmp_path / "lenet5.safetensors")
    kept = load_file(tmp_path / "lenet5_checkpoints.safetensors")
    assert kept["steps"].tolist() == [0, 10, 12, 24]
    assert torch.equal(kept["3.weight"][-1], state["3.weight"])
    assert set(state) == set(COURSES["lenet5"].spec.build().state_dict())


@pytest.mark.usefixtures("short")
def test_a_full_disk_is_told_and_nothing_half_written_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = tmp_path / "lenet5.safetensors"
    before.write_bytes(b"as before")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(
            SystemExit, match=r"lenet5.safetensors needs 247,\d+ bytes and its disk"
        ):
            main(["lenet5", "--data", str(tmp_path), "--out", str(tmp_path)])
    assert list(tmp_path.iterdir()) == [before]
    assert before.read_bytes() == b"as before"
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1))
    with pytest.raises(SystemExit, match="1 bytes free"):
        main(["lenet5", "--data", str(tmp_path), "--out", str(tmp_path)])


def test_absent_data_get_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["lenet5", "--data", str(tmp_path)])
    assert stopped.value.code == 1
    message = capsys.readouterr().err
    assert "--download" in message
    assert message.count("\n") == 1


def test_a_disk_that_cannot_be_written_is_told_before_the_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "file"
    taken.write_text("")
    with pytest.raises(SystemExit) as stopped:
        main(["lenet5", "--data", str(tmp_path), "--out", str(taken)])
    assert stopped.value.code == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.slow
def test_the_module_is_a_program_and_the_function_stays() -> None:
    """``visualizer.train`` is the function; the file of that name only runs as a program."""
    code = "import visualizer as vz; print(vz.train.__module__)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "visualizer.runtime.training.learn"
    program = [sys.executable, "-m", "visualizer.train", "--help"]
    told = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    assert "lenet5" in told
    root = Path(__file__).parents[3]
    importing = re.compile(r"^\s*(from visualizer\.train import|import visualizer\.train\b)", re.M)
    for file in [*root.glob("visualizer/**/*.py"), *root.glob("tests/**/*.py")]:
        assert not importing.search(file.read_text("utf-8")), file
