"""Second derivatives against the full Hessian, written out by autograd."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from visualizer.runtime.curvature import residual_curvature
from visualizer.runtime.graph import trace
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.segment import tail
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.zoo import find


@pytest.mark.parametrize(
    ("name", "layer"), [("lenet5", "5"), ("lenet5", "9"), ("resnet_cifar10", "flatten")]
)
def test_it_is_the_hessian_times_the_values(name: str, layer: str) -> None:
    model = load_model(name)
    rng = np.random.default_rng(0)
    segment = tail(model.graph, layer)
    shape = model.layer(layer).output_shape
    values = rng.standard_normal((2, *shape), dtype=np.float32)
    cotangent = np.zeros((2, 10, 1, 1), np.float32)
    cotangent[[0, 1], [3, 7]] = 1
    gradients, products = residual_curvature(model, segment, [values], cotangent)
    run = model.gradients.differentiable(segment)
    for row, target in enumerate((3, 7)):

        def residual(source: Tensor, target: int = target) -> Tensor:
            (logits,) = run(source.reshape(1, *shape))
            both: Tensor = logits + logits.log_softmax(1)
            return both[0, target, 0, 0]

        flat = torch.from_numpy(values[row].ravel())
        expected = torch.autograd.functional.jacobian(residual, flat)  # type: ignore[no-untyped-call]
        hessian = torch.autograd.functional.hessian(residual, flat)  # type: ignore[no-untyped-call]
        assert gradients[row].ravel() == pytest.approx(expected.numpy(), abs=1e-5)
        assert products[row].ravel() == pytest.approx((hessian @ flat).numpy(), abs=1e-4)
    assert abs(products).max() > 1e-3


def test_hard_sigmoids_have_second_derivatives() -> None:
    """PyTorch itself stops at their first; relu6(x + 3) / 6 is the same and does not."""
    torch.manual_seed(0)
    module: Any = nn.Sequential(
        nn.Conv2d(1, 2, 1), nn.Hardsigmoid(), nn.Flatten(), nn.Linear(12, 10)
    )
    graph = trace(module.eval(), (1, 2, 3))
    backend = TorchBackend(graph, torch.device("cpu"))
    model = Model(find("lenet5"), module, graph, backend, backend, "cpu", "toy")
    values = 3 * np.random.default_rng(0).standard_normal((1, 2, 2, 3), dtype=np.float32)
    cotangent = np.zeros((1, 10, 1, 1), np.float32)
    cotangent[0, 3] = 1
    gradient, product = residual_curvature(model, tail(graph, "0"), [values], cotangent)

    def residual(flat: Tensor) -> Tensor:
        y = module[3](nn.functional.relu6(flat + 3) / 6)
        return y[3] + y.log_softmax(0)[3]

    flat = torch.from_numpy(values.ravel())
    expected = torch.autograd.functional.jacobian(residual, flat)  # type: ignore[no-untyped-call]
    hessian = torch.autograd.functional.hessian(residual, flat)  # type: ignore[no-untyped-call]
    assert gradient.ravel() == pytest.approx(expected.numpy(), abs=1e-6)
    assert product.ravel() == pytest.approx((hessian @ flat).numpy(), abs=1e-6)
    assert abs(product).max() > 1e-3


def test_a_difference_of_logits_has_no_curvature_behind_a_linear_layer() -> None:
    """The softmax's sum cancels: log p1 - log p2 = y1 - y2."""
    model = load_model("resnet_cifar10")
    values = np.random.default_rng(0).standard_normal((1, 128, 1, 1)).astype(np.float32)
    cotangent = np.zeros((1, 10, 1, 1), np.float32)
    cotangent[0, [2, 5], 0, 0] = 1, -1
    segment = tail(model.graph, "flatten")
    gradients, products = residual_curvature(model, segment, [values], cotangent)
    weights = model.module.fc.weight.detach().numpy()  # type: ignore[union-attr, operator]
    assert gradients[0, :, 0, 0] == pytest.approx(2 * (weights[2] - weights[5]), abs=1e-5)
    assert abs(products).max() < 1e-4
