"""The library: names that stay, imports that are light."""

import subprocess
import sys

import numpy as np
import pytest
import torch

import visualizer as vz

SILENT = """import sys, visualizer as vz
print([name for name in ("torch", "gradio", "onnxruntime") if name in sys.modules])"""


def test_the_import_is_light_and_never_brings_gradio() -> None:
    found = subprocess.run(
        [sys.executable, "-c", SILENT], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
    code = "import sys, visualizer as vz; vz.load_model('lenet5', weights=None); vz.list_models()"
    code += "; assert 'gradio' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_public_name_is_there() -> None:
    for name in vz.__all__:
        assert getattr(vz, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        vz.nothing  # noqa: B018


def test_models_are_listed_and_loaded_by_torchvisions_names() -> None:
    names = [model.name for model in vz.list_models()]
    for name in (
        "efficientnet_lite0",
        "lenet5",
        "vgg_fashion",
        "resnet_cifar10",
        "alexnet",
        "vgg16",
    ):
        assert name in names
    assert all(model.weights and model.source for model in vz.list_models())
    with pytest.raises(vz.VisualizerError, match="resnet18"):
        vz.load_model("resnet-18x")


@pytest.mark.parametrize("backend", ["torch", "onnx"])
def test_the_cat_is_a_cat_on_both_runtimes(backend: str) -> None:
    model = vz.load_model("efficientnet_lite0", device="cpu", backend=backend)
    top = vz.classify(model, vz.sample("chelsea"), top=3)
    assert [one.label for one in top] == ["tiger cat", "Egyptian cat", "tabby"]
    assert [one.index for one in top] == [282, 285, 281]
    coffee = vz.classify(model, vz.sample("coffee"))
    assert len(coffee) == 5
    assert coffee[0].label == "espresso"
    assert coffee[0].probability > 0.9


def test_a_model_has_layers_preprocessing_and_its_module() -> None:
    model = vz.load_model("lenet5")
    first = model.layers[0]
    assert (first.name, first.kind, first.output_shape, first.parameters) == (
        "0", "convolution", (6, 28, 28), 156,
    )  # fmt: skip
    picture = np.zeros((50, 70, 3), np.uint8)
    batch = model.preprocess(picture)
    assert batch.shape == (1, 1, 28, 28)
    assert batch.dtype == torch.float32
    assert float(batch[0, 0, 0, 0]) == pytest.approx(-0.1307 / 0.3081, rel=1e-6)
    assert isinstance(model.module, torch.nn.Module)
    assert model.trained
    assert not vz.load_model("lenet5", weights=None).trained


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"backend": "tensorflow"}, "torch or onnx"),
        ({"device": "tpu"}, "auto, cpu, cuda, mps"),
        ({"device": "mps", "backend": "onnx"}, "cannot use mps"),
        ({"weights": "best"}, "weights 'best'"),
    ],
)
def test_wrong_options_name_the_right_ones(options: dict[str, str], words: str) -> None:
    with pytest.raises(vz.VisualizerError, match=words):
        vz.load_model("lenet5", **options)  # type: ignore[arg-type]


def test_top_outside_the_classes_is_refused() -> None:
    model = vz.load_model("lenet5")
    with pytest.raises(vz.VisualizerError, match="1 to 10"):
        vz.classify(model, vz.sample("digit_3"), top=11)
    assert [one.label for one in vz.classify(model, vz.sample("digit_3"), top=1)] == ["3"]


@pytest.mark.parametrize(
    ("name", "sample", "label"),
    [
        ("lenet5", "digit_2", "2"),
        ("lenet5", "digit_5", "5"),
        ("lenet5", "digit_8", "8"),
        ("vgg_fashion", "trouser", "Trouser"),
        ("vgg_fashion", "dress", "Dress"),
        ("vgg_fashion", "bag", "Bag"),
        ("vgg_fashion", "ankle_boot", "Ankle boot"),
        ("resnet_cifar10", "chelsea", "cat"),
    ],
)
def test_samples_are_recognised_by_the_networks_trained_here(
    name: str, sample: str, label: str
) -> None:
    top = vz.classify(vz.load_model(name), vz.sample(sample), top=1)
    assert top[0].label == label
