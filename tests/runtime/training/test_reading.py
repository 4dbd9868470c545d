"""Files that are no network of the Training tab: one sentence each, and nothing is unpickled."""

import json
import math
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save

import visualizer as vz
from visualizer.errors import WeightsError
from visualizer.runtime.training.keeping import weights_file
from visualizer.zoo import lenet5

Change = Callable[[dict[str, Any], dict[str, torch.Tensor]], object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    stack = "conv(2,3,4);relu;flatten;linear(classes)"
    model = vz.train(stack, "digits", side=12, epochs=1, batch_size=512)
    file = tmp_path_factory.mktemp("whole") / "whole.safetensors"
    file.write_bytes(weights_file(model.training, 1, 0.5))
    return file


def refused(file: Path) -> str:
    with pytest.raises(WeightsError) as caught:
        vz.read_trained(file, "cpu")
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert len(said) < 400 + len(str(file))
    return said.replace(str(file), "FILE")


def test_the_whole_file_is_read_and_draws_nothing_from_the_caller(whole: Path) -> None:
    before = torch.random.get_rng_state()
    model = vz.read_trained(whole, "cpu")
    assert torch.equal(torch.random.get_rng_state(), before)
    assert model.record["seed"] == 0
    assert vz.filters(model, "0").shape == (2, 1, 3, 3)


def test_cut_short_anywhere(whole: Path, tmp_path: Path) -> None:
    body, file = whole.read_bytes(), tmp_path / "short.safetensors"
    for length in (0, 1, 7, 8, 9, 100, len(body) // 2, len(body) - 1):
        file.write_bytes(body[:length])
        assert "FILE is damaged: " in refused(file)


def test_headers_that_promise_too_much(tmp_path: Path) -> None:
    file = tmp_path / "huge.safetensors"
    for length in (2**63, 2**40, 10**8 + 1, 50):
        file.write_bytes(struct.pack("<Q", length) + b'{"__metadata__": {')
        assert "FILE is damaged: " in refused(file)
    values = {"dtype": "F32", "shape": [2**30, 2**20], "data_offsets": [0, 2**52]}
    header = json.dumps({"0.weight": values}).encode()
    file.write_bytes(struct.pack("<Q", len(header)) + header)
    assert "FILE is damaged: " in refused(file)


@pytest.mark.parametrize("zipped", [True, False])
def test_a_renamed_pt_file_is_not_unpickled(tmp_path: Path, zipped: bool) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (tmp_path / "sprung",)

    file = tmp_path / "renamed.safetensors"
    torch.save({"0.weight": Trap()}, file, _use_new_zipfile_serialization=zipped)
    assert "is a pickled PyTorch file, which could run any code" in refused(file)
    assert not (tmp_path / "sprung").exists()


def test_other_people_s_safetensors(tmp_path: Path) -> None:
    file = tmp_path / "theirs.safetensors"
    for metadata in (None, {"format": "pt"}, {"format": "x" * 10_000}):
        file.write_bytes(save({"0.weight": torch.zeros(1)}, metadata))
        assert "holds weights, but not what they were trained for" in refused(file)
    assert "not there" in refused(tmp_path)
    assert "its format is" in refused(lenet5.SPEC.weights.path())


def put(*path: str, value: Any) -> Change:
    def change(task: dict[str, Any], _state: dict[str, torch.Tensor]) -> None:
        *owners, last = path
        for name in owners:
            task = task[name]
        task[last] = value

    return change


def weights(name: str, value: torch.Tensor) -> Change:
    return lambda _task, state: state.update({name: value})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda task, _: task.pop("network"), "incomplete"),
        (lambda task, _: task.clear(), "incomplete"),
        (put("network", value=[]), "incomplete"),
        (put("network", "stack", value="linear("), "does not fit itself: "),
        (put("network", "stack", value="linear(5);" * 500), "does not fit itself: "),
        (put("network", "stack", value="flatten;linear(9999999);linear(classes)"), "does not fit"),
        (put("network", "stack", value=""), "no network called"),
        (put("network", "head", value="nowhere"), "no fully connected layer 'nowhere'"),
        (put("network", "head", value="0"), "no fully connected layer '0'"),
        (put("network", "classes", value="many"), "incomplete"),
        (put("network", "classes", value=7), "'3.weight' are (10, 18), where"),
        (put("data", "input_shape", value=[1, 10**9, 10**9]), "1000000000, not 1 or 3 channels"),
        (put("data", "input_shape", value=[10**9, 12, 12]), "not 1 or 3 channels"),
        (put("data", "input_shape", value=[1, math.inf, 12]), "not 1 or 3 channels"),
        (put("data", "input_shape", value=[1]), "incomplete"),
        (put("data", "input_shape", value=["1", "12", "12"]), "not 1 or 3 channels"),
        (put("data", "classes", value="abcdefghij"), "names no classes"),
        (put("data", "classes", value=[]), "names no classes"),
        (put("data", "classes", value=["cat"] * 100_000), "names no classes"),
        (put("data", "mean", value=[math.nan]), "no scale of its pictures"),
        (put("data", "mean", value=[0.1, 0.1]), "no scale of its pictures"),
        (put("data", "std", value=[0.0]), "no scale of its pictures"),
        (put("data", "labels", value="dogs"), "the unknown family 'dogs'"),
        (put("data", "labels", value=["own"]), "the unknown family"),
        (put("moment", "epoch", value=math.inf), "incomplete"),
        (put("recipe", value=None), "incomplete"),
        (weights("0.weight", torch.full((2, 1, 3, 3), torch.nan)), "are no numbers"),
        (weights("0.weight", torch.zeros(2, 1, 5, 5)), "are (2, 1, 5, 5), where the network has"),
        (weights("9.weight", torch.zeros(3)), "has the unknown weights '9.weight'"),
        (lambda _, state: state.pop("3.bias"), "lacks weights '3.bias'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_itself(whole: Path, tmp_path: Path, change: Change, words: str) -> None:
    with safe_open(whole, "pt") as file:
        task = json.loads(file.metadata()["task"])
        state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        kind = file.metadata()["format"]
    change(task, state)
    odd = tmp_path / "odd.safetensors"
    odd.write_bytes(save(state, {"format": kind, "task": json.dumps(task)}))
    assert words in refused(odd)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", '"task"', "[" * 100_000, "9" * 10**5])
def test_metadata_that_tell_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.safetensors"
    metadata = {"format": "cnn-visualizer training 1", "task": text}
    file.write_bytes(save({"0.weight": torch.zeros(1)}, metadata))
    assert "does not fit itself" in refused(file)


def test_no_hostile_file_is_a_network(bad_inputs: tuple[Path, list[Any]]) -> None:
    folder, rows = bad_inputs
    files = [folder / row["file"] for row in rows]
    for file in files:
        refused(file)
    assert len(files) > 5


def test_halves_are_read_as_floats(whole: Path, tmp_path: Path) -> None:
    with safe_open(whole, "pt") as file:
        state = {name: file.get_tensor(name).half() for name in file.keys()}  # noqa: SIM118
        metadata = file.metadata()
    smaller = tmp_path / "half.safetensors"
    smaller.write_bytes(save(state, metadata))
    assert vz.filters(vz.read_trained(smaller, "cpu"), "0").dtype == np.float32
