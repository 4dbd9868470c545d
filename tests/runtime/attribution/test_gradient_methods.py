"""Attributions by gradients: by hand, against captum, and completeness where it is promised."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import InputXGradient, Saliency
from torch import nn

from visualizer.errors import VisualizerError
from visualizer.runtime.attribution import ATTRIBUTIONS, Question
from visualizer.runtime.attribution.guided_grad_cam import guided_grad_cam
from visualizer.runtime.attribution.input_x_gradient import input_x_gradient
from visualizer.runtime.attribution.integrated_gradients import integrated_gradients
from visualizer.runtime.attribution.saliency import saliency
from visualizer.runtime.attribution.smoothgrad import smoothgrad
from visualizer.runtime.model import Array

sys.path.insert(0, str(Path(__file__).parent))
from networks import asks, random_batch, score, toy, untrained  # type: ignore[import-not-found]


def last(steps: Any) -> Array:
    *_, final = steps
    return final.heat


class Square(nn.Module):
    """y0 = x(0,0) x(0,1) + 3 x(1,0) - x(1,1): one product, by two channels of one convolution."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 2, bias=False)
        self.second = nn.Linear(4, 2, bias=False)
        self.first.weight.data[:] = torch.tensor([[1.0, 0, 0, 0], [0, 0, 0, 0]])
        self.second.weight.data[:] = torch.tensor([[0, 1.0, 0, 0], [0, 0, 0, 0]])
        self.rest = nn.Linear(4, 2, bias=False)
        self.rest.weight.data[:] = torch.tensor([[0, 0, 3.0, -1.0], [0, 0, 0, 1.0]])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        flat = torch.flatten(x, 1)
        return self.first(flat) * self.second(flat) + self.rest(flat)


PICTURE = np.array([[[[2, 5], [1, 4]]]], np.float32)


def test_saliency_and_input_x_gradient_by_hand() -> None:
    """The gradient is (5, 2, 3, -1) there."""
    question = asks(toy(Square(), (1, 2, 2)), PICTURE, 0)
    assert last(saliency(question)).tolist() == [[5, 2], [3, 1]]
    assert last(input_x_gradient(question)).tolist() == [[10, 10], [3, -4]]


def test_a_difference_of_classes_has_the_difference_of_gradients() -> None:
    question = asks(toy(Square(), (1, 2, 2)), PICTURE, 0, against=1)
    assert last(input_x_gradient(question)).tolist() == [[10, 10], [3, -8]]


def test_integrated_gradients_by_hand() -> None:
    """On the way t the gradient is (5 t, 2 t, 3, -1): its mean halves the product's part."""
    question = asks(toy(Square(), (1, 2, 2)), PICTURE, 0)
    assert last(integrated_gradients(question)) == pytest.approx(np.array([[5, 5], [3, -4]]))


@pytest.mark.parametrize("name", ["lenet5", "resnet_cifar10", "vgg_fashion"])
def test_integrated_gradients_are_complete_and_say_how_far(name: str) -> None:
    model = untrained(name)
    batch = random_batch(model.spec.input_shape)
    question = asks(model, batch, 3)
    change = score(question, batch) - score(question, np.zeros_like(batch))
    *_, answer = integrated_gradients(question)
    assert float(answer.heat.sum()) == pytest.approx(change, rel=0.025)
    assert f"changes by {change:.4g}" in answer.notes[0]


@pytest.mark.parametrize(
    ("ours", "theirs"), [(saliency, Saliency), (input_x_gradient, InputXGradient)]
)
def test_captum_agrees_on_colour_pictures_that_are_not_square(ours: Any, theirs: Any) -> None:
    torch.manual_seed(0)
    module = nn.Sequential(
        nn.Conv2d(3, 5, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(60, 4)
    )
    model = toy(module, (3, 6, 8))
    batch = random_batch((3, 6, 8))
    found = theirs(module).attribute(torch.from_numpy(batch).requires_grad_(), target=2)
    expected = found[0].abs().amax(0) if ours is saliency else found[0].sum(0)
    assert last(ours(asks(model, batch, 2))) == pytest.approx(expected.detach().numpy(), abs=1e-6)


def test_smoothgrad_of_a_linear_network_is_its_saliency() -> None:
    module = nn.Sequential(nn.Flatten(), nn.Linear(12, 2))
    question = asks(toy(module, (2, 2, 3)), random_batch((2, 2, 3)), 1)
    assert last(smoothgrad(question)) == pytest.approx(last(saliency(question)), abs=1e-6)


def test_smoothgrad_averages_over_noise_of_the_stated_size() -> None:
    """The gradient by one factor is the other one plus its noise: the noise can be read off."""
    question = asks(toy(Square(), (1, 2, 2)), PICTURE, 0)
    rng = np.random.default_rng(0)
    noise = 0.15 * 4 * rng.standard_normal((24, 1, 2, 2), dtype=np.float32)
    *steps, final = smoothgrad(question)
    expected = abs(np.array([5, 2]) + noise[:, 0, 0, ::-1].mean(axis=0))
    assert final.heat[0] == pytest.approx(expected, rel=1e-4)
    assert [one.steps for one in steps] == [24] * len(steps)


def test_guided_grad_cam_is_the_product_of_its_two_parts() -> None:
    """Two channels, one of them with a weight of 0: the map is the other's, its mean gradient."""
    convolution = nn.Conv2d(1, 2, 1, bias=False)
    convolution.weight.data[:] = torch.tensor([1.0, 2.0]).view(2, 1, 1, 1)
    head = nn.Linear(8, 1, bias=False)
    head.weight.data[:] = torch.tensor([[1.0, 1, 1, 1, 0, 0, 0, 0]])
    model = toy(nn.Sequential(convolution, nn.ReLU(), nn.Flatten(), head), (1, 2, 2))
    batch = np.array([[[[1, -2], [3, 4]]]], np.float32)
    question = asks(model, batch, 0)
    named = Question(model, batch, question.cotangent, "1")
    assert last(guided_grad_cam(named)).tolist() == [[1, 0], [3, 4]]


def test_guided_grad_cam_refuses_a_layer_without_places() -> None:
    model = untrained("lenet5")
    question = asks(model, random_batch(model.spec.input_shape), 0)
    flat = Question(model, question.batch, question.cotangent, model.logits)
    with pytest.raises(VisualizerError, match=r"output is 10 single values.* such as 4\."):
        next(guided_grad_cam(flat))


def test_guided_grad_cam_reads_the_last_maps_where_no_layer_is_named() -> None:
    """ResNet-18's record names the module layer4, which is no step; its last step is a ReLU."""
    model = untrained("resnet18")
    question = asks(model, random_batch(model.spec.input_shape), 3)
    named = Question(model, question.batch, question.cotangent, "layer4.1.relu_1")
    found = last(guided_grad_cam(question))
    assert found.any()
    assert np.array_equal(found, last(guided_grad_cam(named)))


@pytest.mark.parametrize("method", ATTRIBUTIONS, ids=lambda method: method.id)
def test_repeating_changes_no_bit(method: Any) -> None:
    model = untrained("lenet5")
    question = asks(model, random_batch(model.spec.input_shape), 1, against=2)
    first, again = last(method.run(question)), last(method.run(question))
    assert first.dtype == np.float32
    assert first.shape == model.spec.input_shape[1:]
    assert first.tobytes() == again.tobytes()
    assert first.any()


@pytest.mark.parametrize("method", ATTRIBUTIONS, ids=lambda method: method.id)
def test_the_network_is_left_as_it_was(method: Any) -> None:
    """Modes, hooks and gradients, also when a computation is given up half-way."""
    model = untrained("lenet5")
    model.module.train()
    before = [parameter.detach().clone() for parameter in model.module.parameters()]
    steps = method.run(asks(model, random_batch(model.spec.input_shape), 1))
    next(steps)
    steps.close()
    assert all(part.training for part in model.module.modules())
    assert not any(p._forward_hooks or p._backward_hooks for p in model.module.modules())
    assert all(parameter.grad is None for parameter in model.module.parameters())
    assert all(torch.equal(a, b) for a, b in zip(before, model.module.parameters(), strict=True))


def test_methods_that_do_not_hold_say_why() -> None:
    model = untrained("mobilenet_v3_small")
    reasons = {method.id: method.holds(model) for method in ATTRIBUTIONS}
    assert [name for name, reason in reasons.items() if reason] == [
        "guided-backpropagation",
        "guided-grad-cam",
    ]
    assert "Hardswish" in str(reasons["guided-backpropagation"])
