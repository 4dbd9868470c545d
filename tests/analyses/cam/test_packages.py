"""The packages grad-cam and captum, on two networks, and where packages leave the papers."""

from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import LayerGradCam
from pytorch_grad_cam import (
    AblationCAM,
    EigenCAM,
    GradCAM,
    GradCAMPlusPlus,
    GuidedBackpropReLUModel,
    HiResCAM,
    LayerCAM,
    ScoreCAM,
    ShapleyCAM,
    XGradCAM,
)
from pytorch_grad_cam.utils.image import scale_cam_image
from pytorch_grad_cam.utils.model_targets import ClassifierOutputReST, ClassifierOutputTarget

import visualizer as vz
from visualizer.analyses.cam import find
from visualizer.analyses.evidence import ClassScore, Evidence, needed_layers
from visualizer.analyses.heatmap import heat_steps
from visualizer.runtime.graph import INPUT
from visualizer.runtime.guided import guided_backpropagation
from visualizer.runtime.model import Model, load_model

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

GRADIENT_METHODS = {
    "grad-cam": GradCAM,
    "xgrad-cam": XGradCAM,
    "hires-cam": HiResCAM,
    "layer-cam": LayerCAM,
}
LAYERS = {  # ours and the package's: (network, layer) -> module whose output it is
    ("efficientnet_lite0", "act2"): "act2",
    ("efficientnet_lite0", "blocks.5.0.bn3"): "blocks.5.0.bn3",
    ("resnet18", "layer4.1.relu_1"): "layer4",
    ("resnet18", "layer2.0.bn1"): "layer2.0.bn1",
}
SIZE = (160, 224)  # neither square nor what the networks were made for


@pytest.fixture(scope="module")
def models() -> dict[str, Model]:
    return {
        "efficientnet_lite0": load_model("efficientnet_lite0"),
        "resnet18": load_model("resnet18", weights=None),
    }


def pictures() -> list[np.ndarray]:
    """Two photos as the networks get them, cut to a shape that is not square."""
    model = load_model("efficientnet_lite0")
    return [
        model.preprocess(vz.sample(name)).numpy()[:, :, : SIZE[0], : SIZE[1]]
        for name in ("chelsea", "coffee")
    ]


def ours(model: Model, layer: str, name: str, batch: np.ndarray, target: int) -> np.ndarray:
    values = model.values(batch, [INPUT, *needed_layers(model, layer)])
    *_, last = heat_steps(find(name), Evidence(model, layer, values, ClassScore((target,))))
    return last.heat


def theirs(kind: Any, model: Model, path: str, batch: np.ndarray, target: Any) -> np.ndarray:
    """Give the package's map, enlarged to the input and rescaled."""
    with kind(model=model.module, target_layers=[model.module.get_submodule(path)]) as method:
        found: np.ndarray = method(torch.from_numpy(batch), [target])
    return found


def scaled(heat: np.ndarray) -> np.ndarray:
    """Rescale and enlarge as the package does."""
    return scale_cam_image(scale_cam_image(np.maximum(heat, 0), SIZE[::-1]))


@pytest.mark.parametrize(("network", "layer"), LAYERS)
@pytest.mark.parametrize("name", GRADIENT_METHODS)
def test_gradient_methods(models: dict[str, Model], network: str, layer: str, name: str) -> None:
    model, kind = models[network], GRADIENT_METHODS[name]
    for batch, target in zip(pictures(), (281, 504), strict=True):
        expected = theirs(
            kind, model, LAYERS[network, layer], batch, ClassifierOutputTarget(target)
        )
        found = scaled(ours(model, layer, name, batch, target))
        assert found == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(("network", "layer"), LAYERS)
def test_captums_grad_cam_without_any_rescaling(
    models: dict[str, Model], network: str, layer: str
) -> None:
    model = models[network]
    module = model.module.get_submodule(LAYERS[network, layer])
    for batch in pictures():
        expected = LayerGradCam(model.module, module).attribute(
            torch.from_numpy(batch), 281, relu_attributions=True
        )[:, 0]
        found = ours(model, layer, "grad-cam", batch, 281)
        peak = float(expected.max())
        assert found == pytest.approx(expected.detach().numpy(), abs=1e-3 * peak)
        assert found.shape == (1, *expected.shape[1:])


@pytest.mark.parametrize(("network", "layer"), LAYERS)
def test_shapley_cam(models: dict[str, Model], network: str, layer: str) -> None:
    model, batch = models[network], pictures()[0]
    expected = theirs(ShapleyCAM, model, LAYERS[network, layer], batch, ClassifierOutputReST(281))
    found = scaled(ours(model, layer, "shapley-cam", batch, 281))
    assert found == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("network", "layer", "picture", "target"),
    [
        ("efficientnet_lite0", "blocks.0.0.bn2", 0, 281),
        ("efficientnet_lite0", "blocks.1.0.bn3", 1, 504),
        ("resnet18", "layer1.0.bn1", 0, 504),
    ],
)
def test_score_cam_with_the_same_enlarging(
    models: dict[str, Model],
    network: str,
    layer: str,
    picture: int,
    target: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The package lays corners on corners; the authors' own code, as ours, keeps cell centres."""
    model, batch = models[network], pictures()[picture]
    centres = lambda size: torch.nn.Upsample(size=size, mode="bilinear")  # noqa: E731
    monkeypatch.setattr(torch.nn, "UpsamplingBilinear2d", centres)
    expected = theirs(ScoreCAM, model, layer, batch, ClassifierOutputTarget(target))
    found = scaled(ours(model, layer, "score-cam", batch, target))
    assert found == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("network", "layer", "path"),
    [
        ("efficientnet_lite0", "act2", "act2"),
        ("efficientnet_lite0", "blocks.5.0.act2", "blocks.5.0.act2"),
        ("resnet18", "layer4.1.relu_1", "layer4"),
        ("resnet18", "layer2.0.relu_1", "layer2.0"),
    ],
)
def test_grad_cam_plus_plus_where_the_packages_constant_is_small(
    network: str, layer: str, path: str
) -> None:
    """It adds 1e-6 to 2 g² + g³ ΣA: with scores 1,000 times as large that plays no part.

    Behind a ReLU ΣA is not negative; elsewhere the sum can be small whatever the scores.
    """
    model = load_model(network, weights="trained" if network == "efficientnet_lite0" else None)
    batch = pictures()[0]
    last: Any = model.module.get_submodule("classifier" if network != "resnet18" else "fc")
    last.weight.data *= 1000
    expected = theirs(GradCAMPlusPlus, model, path, batch, ClassifierOutputTarget(281))
    found = scaled(ours(model, layer, "grad-cam-plus-plus", batch, 281))
    assert found == pytest.approx(expected, abs=1e-3)


def equation_19(activations: np.ndarray, gradients: np.ndarray, constant: float) -> np.ndarray:
    """Write Grad-CAM++ out as printed, in double precision, with a constant below the line."""
    a, g = activations.astype(float), gradients.astype(float)
    below = 2 * g**2 + a.sum(axis=(2, 3), keepdims=True) * g**3 + constant
    shares = np.divide(g**2, below, out=np.zeros_like(g), where=g != 0)
    weights = (shares * np.maximum(g, 0)).sum(axis=(2, 3), keepdims=True)
    return np.maximum((weights * a).sum(axis=1), 0)


@pytest.mark.parametrize(
    ("network", "layer", "scale", "apart"),
    [
        ("efficientnet_lite0", "blocks.5.0.bn3", 1, 0.9),
        ("efficientnet_lite0", "blocks.5.0.bn3", 1000, 0.01),
        ("resnet18", "layer2.0.bn1", 1, 0.005),
        ("resnet18", "layer2.0.bn1", 1000, 0.01),
    ],
)
def test_grad_cam_plus_plus_is_equation_19_and_the_package_leaves_it(
    network: str, layer: str, scale: float, apart: float
) -> None:
    """Where values have both signs: ours within 1e-3 of the paper, the package 1.0 away.

    All of its distance is the constant: with it, the equation gives the package's map.
    """
    model = load_model(network, weights="trained" if network == "efficientnet_lite0" else None)
    batch = pictures()[0]
    last: Any = model.module.get_submodule("classifier" if network != "resnet18" else "fc")
    last.weight.data *= scale
    values = model.values(batch, [INPUT, *needed_layers(model, layer)])
    evidence = Evidence(model, layer, values, ClassScore((281,)))
    given = evidence.activations, evidence["gradients"]
    paper = scaled(equation_19(*given, constant=0))
    found = scaled(ours(model, layer, "grad-cam-plus-plus", batch, 281))
    package = theirs(GradCAMPlusPlus, model, layer, batch, ClassifierOutputTarget(281))
    assert found == pytest.approx(paper, abs=1e-3)
    assert package == pytest.approx(scaled(equation_19(*given, constant=1e-6)), abs=1e-3)
    assert abs(package - paper).max() > apart


def test_the_package_reads_what_a_later_step_in_place_has_made_of_a_layer(
    models: dict[str, Model],
) -> None:
    """ResNet-18 adds the shortcut in place: the package's bn2 holds the sum, ours bn2 itself."""
    model, batch, layer = models["resnet18"], pictures()[0], "layer3.0.bn2"
    with GradCAM(model=model.module, target_layers=[model.module.get_submodule(layer)]) as method:
        method(torch.from_numpy(batch), [ClassifierOutputTarget(281)])
        package = method.activations_and_grads.activations[0].numpy()
    values = model.values(batch, [layer, "layer3.0.add"])
    assert package == pytest.approx(values["layer3.0.add"], abs=1e-4)
    assert abs(package - values[layer]).max() > 0.1


def test_the_package_does_not_guide_on_relu6(models: dict[str, Model]) -> None:
    """Its guided backpropagation of EfficientNet-Lite0 is the plain gradient, to the last bit."""
    model, batch = models["efficientnet_lite0"], pictures()[0]
    inputs = torch.from_numpy(batch).requires_grad_()
    model.module(inputs)[0, 281].backward()
    assert inputs.grad is not None
    plain = inputs.grad.numpy()
    copied = load_model("efficientnet_lite0").module  # the package rewrites it
    package = GuidedBackpropReLUModel(model=copied, device="cpu")(torch.from_numpy(batch), 281)
    assert np.array_equal(package.transpose(2, 0, 1), plain[0])
    cotangent = ClassScore((281,)).cotangent(1000)
    found = guided_backpropagation(model, batch, model.logits, cotangent)
    assert abs(found - plain).max() > 0.5 * abs(plain).max()


def test_eigen_cam_once_the_package_does_not_centre(models: dict[str, Model]) -> None:
    """The package takes each channel's mean away first, the paper does not: other maps.

    On centred maps, and with either sign, ours gives what the package gives.
    """
    model, batch = models["efficientnet_lite0"], pictures()[0]
    expected = theirs(EigenCAM, model, "act2", batch, ClassifierOutputTarget(0))
    maps = model.values(batch, ["act2"])["act2"]
    centred = maps - maps.mean(axis=(2, 3), keepdims=True)
    method = find("eigen-cam")
    found = method.heat(method.channel_weights({"activations": centred}), centred)
    either = [scaled(sign * found) for sign in (1, -1)]
    assert min(abs(one - expected).max() for one in either) < 1e-3
    plain = scaled(ours(model, "act2", "eigen-cam", batch, 0))
    assert abs(plain - expected).max() > 0.1


def test_the_package_grad_cam_does_not_ablate_to_zero(models: dict[str, Model]) -> None:
    """It sets channels far below the layer's smallest value: 0.9 to 1.2, where 0 to 0.1 are due.

    Ours are proven to be those of a plain run with zeros in the tests of the survey.
    """
    model, batch, layer = models["efficientnet_lite0"], pictures()[0], "blocks.0.0.bn2"
    module, target = model.module.get_submodule(layer), [ClassifierOutputTarget(281)]
    with AblationCAM(model=model.module, target_layers=[module]) as method:
        method(torch.from_numpy(batch), target)
        maps = method.activations_and_grads.activations[0].numpy()
        package = method.get_cam_weights(torch.from_numpy(batch), module, target, maps, None)
    values = model.values(batch, [INPUT, *needed_layers(model, layer)])
    evidence = Evidence(model, layer, values, ClassScore((281,)))
    paper = find("ablation-cam").channel_weights(evidence).ravel()
    assert np.min(package) > 0.8
    assert abs(paper).max() < 0.15
    assert np.corrcoef(np.ravel(package), paper)[0, 1] < 0.1


def test_torchcams_grad_cam_plus_plus_loses_its_division(models: dict[str, Model]) -> None:
    """Its weights are the sums of g² ReLU(g): the mask's copy is divided, not the shares."""
    methods = pytest.importorskip("torchcam.methods")
    model, batch = models["efficientnet_lite0"], pictures()[0]
    layer = "blocks.5.0.bn3"
    with methods.GradCAMpp(model.module, model.module.get_submodule(layer)) as package:
        logits = model.module(torch.from_numpy(batch).requires_grad_())
        weights = package._get_weights([281], logits)[0].detach().numpy()
    values = model.values(batch, [INPUT, *needed_layers(model, layer)])
    evidence = Evidence(model, layer, values, ClassScore((281,)))
    gradients = evidence["gradients"]
    undivided = (gradients**2 * np.maximum(gradients, 0)).sum(axis=(2, 3))
    assert weights == pytest.approx(undivided, rel=1e-3, abs=1e-9)
    paper = find("grad-cam-plus-plus").channel_weights(evidence)[:, :, 0, 0]
    assert np.corrcoef(weights.ravel(), paper.ravel())[0, 1] < 0.9
