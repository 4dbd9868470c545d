"""Every SPEC against what its publisher says: torchvision's records, the architecture counts."""

import re
from pathlib import Path

import pytest
import torch
from torch import nn
from torchvision import models
from torchvision.models import _meta

from visualizer.errors import UnknownNameError
from visualizer.zoo import LABELS, MODELS, find, labels
from visualizer.zoo.spec import ModelSpec

PARAMETERS = {  # torchinfo, fvcore, ptflops and thop agree on each (torch 2.15, torchvision 0.29)
    "efficientnet_lite0": 4_652_008,
    "lenet5": 61_706,
    "vgg_fashion": 147_386,  # by hand: 3x3 convolutions, 6 normalisations, 1152x128 + 128x10
    "resnet_cifar10": 439_306,
    "alexnet": 61_100_840,
    "vgg16": 138_357_544,
    "googlenet": 6_624_904,
    "inception_v3": 27_161_264 - 3_326_696,  # torchvision's count less its auxiliary head
    "resnet18": 11_689_512,
    "resnet50": 25_557_032,
    "resnet152": 60_192_808,
    "squeezenet1_1": 1_235_496,
    "densenet121": 7_978_856,
    "mobilenet_v3_small": 2_542_856,
    "convnext_tiny": 28_589_128,
    "efficientnet_b0": 5_288_548,
}
OWN = ("efficientnet_lite0", "lenet5", "vgg_fashion", "resnet_cifar10")
OFFICIAL = tuple(spec for spec in MODELS if spec.name not in OWN)


def by_name(spec: ModelSpec) -> str:
    return spec.name


def weightless(spec: ModelSpec) -> nn.Module:
    """Shapes without numbers: 500 MB networks in milliseconds."""
    with torch.device("meta"):
        return spec.build().eval()


def test_menu_order() -> None:
    assert [spec.name for spec in MODELS] == list(PARAMETERS)


@pytest.mark.parametrize("spec", MODELS, ids=by_name)
def test_parameters_are_the_published_count(spec: ModelSpec) -> None:
    counted = sum(parameter.numel() for parameter in weightless(spec).parameters())
    assert counted == spec.parameters == PARAMETERS[spec.name]


@pytest.mark.parametrize("spec", MODELS, ids=by_name)
def test_logits_have_a_label_each_and_the_cam_layer_has_rows_and_columns(spec: ModelSpec) -> None:
    network, seen = weightless(spec), []
    hook = network.get_submodule(spec.cam_layer).register_forward_hook(
        lambda _module, _inputs, output: seen.append(output.shape)
    )
    logits = network(torch.empty(1, *spec.input_shape, device="meta"))
    hook.remove()
    assert logits.shape == (1, len(labels(spec)))
    (shape,) = seen
    assert len(shape) == 4
    assert min(shape[2:]) > 1


@pytest.mark.parametrize("spec", MODELS, ids=by_name)
def test_no_module_overwrites_its_input(spec: ModelSpec) -> None:
    assert not any(getattr(module, "inplace", False) for module in weightless(spec).modules())


@pytest.mark.parametrize("spec", MODELS, ids=by_name)
def test_channels_of_mean_and_std(spec: ModelSpec) -> None:
    assert len(spec.mean) == len(spec.std) == spec.input_shape[0]
    assert spec.resize >= max(spec.input_shape[1:])


@pytest.mark.parametrize("spec", OFFICIAL, ids=by_name)
def test_spec_says_what_torchvision_says(spec: ModelSpec) -> None:
    official = models.get_model_weights(spec.name).IMAGENET1K_V1
    preset = official.transforms()
    assert spec.weights.url == official.url
    assert spec.weights.label == official.name
    assert spec.weights.path().name == Path(official.url).name
    assert spec.weights.size_bytes == round(official.meta["_file_size"] * 2**20)
    (digits,) = re.findall(r"-([0-9a-f]{8})\.pth$", official.url)
    assert spec.weights.sha256 == digits
    assert [spec.resize] == preset.resize_size
    assert [spec.input_shape[1], spec.input_shape[2]] == preset.crop_size * 2
    assert spec.interpolation == preset.interpolation.value
    if spec.name not in ("googlenet", "inception_v3"):
        assert (list(spec.mean), list(spec.std)) == (preset.mean, preset.std)
    if spec.name != "inception_v3":
        assert spec.parameters == official.meta["num_params"]


def test_the_head_left_out_of_inception_accounts_for_the_difference() -> None:
    with torch.device("meta"):
        official = models.inception_v3(weights=None, init_weights=False)
    head = sum(parameter.numel() for parameter in official.AuxLogits.parameters())
    num_params = models.Inception_V3_Weights.IMAGENET1K_V1.meta["num_params"]
    assert find("inception_v3").parameters + head == num_params


@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_mean_and_std_one_half_are_normalise_and_transform_input(name: str) -> None:
    """Torchvision normalises with ImageNet's figures and undoes that inside the network."""
    spec = find(name)
    preset = models.get_model_weights(name).IMAGENET1K_V1.transforms()
    pixels = torch.rand(2, 3, 5, 7, generator=torch.Generator().manual_seed(0))
    mean, std = (torch.tensor(values)[:, None, None] for values in (preset.mean, preset.std))
    with torch.device("meta"):
        official = models.get_model(name, transform_input=True, init_weights=False)
    theirs = official._transform_input((pixels - mean) / std)
    ours = (pixels - torch.tensor(spec.mean)[:, None, None]) / spec.std[0]
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-6)
    assert not weightless(spec).transform_input


def test_imagenet_labels_are_torchvisions() -> None:
    assert LABELS["imagenet"] == tuple(_meta._IMAGENET_CATEGORIES)
    assert LABELS["imagenet"][281:286:4] == ("tabby", "Egyptian cat")


def test_small_labels_are_the_data_sets_own() -> None:
    assert labels(find("lenet5"))[7] == "7"
    assert labels(find("vgg_fashion"))[9] == "Ankle boot"
    assert labels(find("resnet_cifar10"))[6] == "frog"


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [("resnet-50", "resnet50"), ("VGG16", "vgg16"), ("EfficientNet Lite0", "efficientnet_lite0"),
     ("lenet", "lenet5"), ("inceptionv3", "inception_v3"), ("mobilenet", "mobilenet_v3_small")],
)  # fmt: skip
def test_wrong_names_meet_the_nearest_right_one(wrong: str, nearest: str) -> None:
    with pytest.raises(UnknownNameError, match=rf'"{wrong}"\. Nearest: {nearest}[,.].* All: '):
        find(wrong)


def test_a_name_like_none_gets_the_whole_list() -> None:
    with pytest.raises(UnknownNameError) as caught:
        find("?" * 1000)
    assert "Nearest" not in str(caught.value)
    assert str(caught.value).count("?") == 40
    assert all(spec.name in str(caught.value) for spec in MODELS)


def test_each_name_finds_its_network() -> None:
    assert all(find(spec.name) is spec for spec in MODELS)
