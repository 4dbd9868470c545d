"""Reading official files, and telling them from others."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torchvision import models

from visualizer.errors import WeightsError
from visualizer.zoo import find
from visualizer.zoo.checksum import digest, installed, verified
from visualizer.zoo.resources import PACKAGE, folder
from visualizer.zoo.spec import Weights


def official_form(name: str) -> dict[str, Tensor]:
    """The state as torchvision's file has it: auxiliary heads, dotted names, no batch counts."""
    options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    state = models.get_model(name, weights=None, **options).state_dict()
    dotted = re.compile(r"(denselayer\d+\.(?:norm|conv))([12])\.")
    return {
        dotted.sub(r"\1.\2.", key): value
        for key, value in state.items()
        if not key.endswith("num_batches_tracked")
    }


@pytest.mark.parametrize(
    ("name", "old_key", "zipped"),
    [
        ("densenet121", "features.denseblock1.denselayer1.norm.1.weight", True),
        ("googlenet", "aux1.conv.conv.weight", True),
        ("squeezenet1_1", "features.0.weight", True),
        ("squeezenet1_1", "features.0.weight", False),  # the format before torch 1.6
        pytest.param("inception_v3", "AuxLogits.fc.weight", True, marks=pytest.mark.slow),
    ],
)
def test_an_official_file_fits_strictly(
    name: str, old_key: str, zipped: bool, tmp_path: Path
) -> None:
    file, state = tmp_path / "weights.pth", official_form(name)
    assert old_key in state
    torch.save(state, file, _use_new_zipfile_serialization=zipped)
    spec = find(name)
    read = spec.weights.read(file)
    with torch.device("meta"):
        network = spec.build()
    network.load_state_dict(read, strict=True, assign=True)
    loaded = network.state_dict()
    dotless = {re.sub(r"(norm|conv)\.([12])\.", r"\1\2.", key): key for key in state}
    assert all(torch.equal(loaded[key], state[dotless[key]]) for key in read)


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    torch.save({"features.0.weight": Path("x")}, tmp_path / "weights.pth")
    with pytest.raises(Exception, match="Weights only load failed"):
        find("alexnet").weights.read(tmp_path / "weights.pth")


@pytest.mark.parametrize("name", ["lenet5", "vgg_fashion", "resnet_cifar10"])
def test_small_networks_read_safetensors_of_the_stated_size(name: str, tmp_path: Path) -> None:
    spec = find(name)
    state = {key: value.contiguous() for key, value in spec.build().state_dict().items()}
    save_file(state, tmp_path / "weights.safetensors")
    assert (tmp_path / "weights.safetensors").stat().st_size == spec.weights.size_bytes
    read = spec.weights.read(tmp_path / "weights.safetensors")
    assert all(torch.equal(read[key], value) for key, value in state.items())
    spec.build().load_state_dict(read, strict=True)
    assert spec.weights.path() == folder("models") / f"{name}.safetensors"


@pytest.mark.parametrize("name", ["efficientnet_lite0", "lenet5", "vgg_fashion", "resnet_cifar10"])
def test_weights_that_travel_along_are_verified_and_fit(name: str) -> None:
    spec = find(name)
    assert installed(spec.weights)
    spec.build().load_state_dict(spec.weights.read(verified(spec.weights)), strict=True)


def test_weights_in_torchs_own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    expected = tmp_path / "hub" / "checkpoints" / "resnet18-f37072fd.pth"
    assert find("resnet18").weights.path() == expected


def weights(path: Path, sha256: str, url: str | None = None) -> Weights:
    return Weights("a label", lambda: path, sha256, lambda _: {}, "CC0", 3, url)


ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4, "abc"


def test_the_digest_of_abc(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    assert digest(tmp_path / "file") == ABC
    assert verified(weights(tmp_path / "file", ABC)) == tmp_path / "file"
    assert installed(weights(tmp_path / "file", ABC[:8]))


def test_a_file_is_hashed_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    assert installed(weights(path, ABC))
    with monkeypatch.context() as patched:
        patched.setattr("hashlib.file_digest", lambda *_: pytest.fail("hashed again"))
        assert installed(weights(path, ABC))
    path.write_bytes(b"abcd")
    assert not installed(weights(path, ABC))


def test_a_missing_digest_fails_loudly(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    for question in (installed, verified):
        with pytest.raises(WeightsError, match=r"file cannot be verified: its SPEC holds no SHA"):
            question(weights(tmp_path / "file", ""))


def test_damaged_and_absent_files_get_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(WeightsError, match=r"file is not there\. Install again, or choose untr"):
        verified(weights(path, ABC))
    path.write_bytes(b"abd")
    with pytest.raises(WeightsError, match=r"damaged: .* a52d159f, not ba7816bf\. Download it, or"):
        verified(weights(path, ABC, "https://example.org/file"))
    assert not installed(weights(path, ABC))


def test_an_official_prefix_is_enough_but_another_is_not(tmp_path: Path) -> None:
    spec = find("resnet18")
    (tmp_path / "file").write_bytes(b"abc")
    wrong = replace(spec.weights, path=lambda: tmp_path / "file")
    with pytest.raises(WeightsError, match=r"ba7816bf, not f37072fd"):
        verified(wrong)


def test_folders_beside_the_package_in_a_checkout() -> None:
    assert PACKAGE.name == "visualizer"
    assert folder("models").is_absolute()
