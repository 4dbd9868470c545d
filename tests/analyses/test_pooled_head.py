"""Closed forms behind average pooling and one fully connected layer: by hand, against autograd."""

import numpy as np
import pytest
import torch
from torch import Tensor

from visualizer.analyses import evidence as evidences
from visualizer.analyses.cam import find
from visualizer.analyses.evidence import ClassScore, Evidence, needed_layers
from visualizer.analyses.pooled_head import pooled_gradients, pooled_residuals
from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import load_model


def test_by_hand() -> None:
    """One channel of cells 0 and 2, weights 2 and -1, logits 0 and log 3: p = 1/4, 3/4.

    Score 0: 2c - p = (7/4, -3/4), times the weights 17/4, of which each cell has half.
    v = (2, -1), p · v = -1/4, so -p (v - p · v) = (-9/16, 9/16), times the weights -27/16.
    """
    weights = np.array([[2], [-1]], np.float32)
    maps = np.array([[[[0, 2]]]], np.float32)
    logits = np.log(np.array([[1, 3]], np.float32))
    first, second = pooled_residuals(weights, maps, logits, np.array([[1, 0]], np.float32))
    assert first.ravel() == pytest.approx([17 / 8] * 2)
    assert second.ravel() == pytest.approx([-27 / 32] * 2)
    assert pooled_gradients(weights[:1], maps.shape).ravel().tolist() == [1, 1]


@pytest.mark.parametrize("against", [None, 2])
def test_autograd_agrees_on_maps_that_are_not_square(against: int | None) -> None:
    rng = np.random.default_rng(0)
    weights, bias = (rng.standard_normal(shape, np.float32) for shape in ((5, 4), (5,)))
    maps = rng.standard_normal((2, 4, 3, 7), dtype=np.float32)
    logits = maps.mean(axis=(2, 3)) @ weights.T + bias
    cotangent = ClassScore((1, 4), against).cotangent(5)[:, :, 0, 0]
    first, second = pooled_residuals(weights, maps, logits, cotangent)
    for row in range(2):

        def residual(flat: Tensor, row: int = row) -> Tensor:
            means = flat.reshape(4, 21).mean(dim=1)
            y = torch.from_numpy(weights) @ means + torch.from_numpy(bias)
            return torch.from_numpy(cotangent[row]) @ (y + y.log_softmax(0))

        flat = torch.from_numpy(maps[row].ravel())
        expected = torch.autograd.functional.jacobian(residual, flat)  # type: ignore[no-untyped-call]
        hessian = torch.autograd.functional.hessian(residual, flat)  # type: ignore[no-untyped-call]
        assert first[row].ravel() == pytest.approx(expected.numpy(), abs=1e-6)
        assert second[row].ravel() == pytest.approx((hessian @ flat).numpy(), abs=1e-6)


@pytest.mark.parametrize("against", [None, 2])
@pytest.mark.parametrize("name", ["grad-cam", "xgrad-cam", "shapley-cam"])
def test_the_maps_are_those_of_a_run_backwards(
    name: str, against: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, layer, method = load_model("resnet_cifar10"), "layer3.relu2", find(name)
    batch = np.random.default_rng(0).standard_normal((2, 3, 32, 32), dtype=np.float32)
    values = model.values(batch, [INPUT, *needed_layers(model, layer)])
    score = ClassScore((3, 7), against)
    found = method.channel_weights(Evidence(model, layer, values, score))
    monkeypatch.setattr(evidences, "classifier_layer", lambda *_: None)
    expected = method.channel_weights(Evidence(model, layer, values, score))
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-6 * float(abs(expected).max()))
