"""DeepLift: rules by hand, completeness where captum loses it, agreement with captum on ReLU."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import DeepLift
from torch import nn

import visualizer as vz
from visualizer.runtime.attribution.deeplift import deeplift
from visualizer.runtime.attribution.rescale import layer_norm, max_pool, product, rescale
from visualizer.runtime.model import load_model

sys.path.insert(0, str(Path(__file__).parent))
from networks import asks, random_batch, score, toy, untrained  # type: ignore[import-not-found]


def multipliers(function: Any, both: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Run a rule on (picture, reference), explain the sum of the picture's outputs."""
    given = both.clone().requires_grad_()
    made = function(given)
    (found,) = torch.autograd.grad(made[0].sum(), given)
    assert not found[1].any()  # the reference carries nothing
    return made.detach(), found[0]


def test_rescale_by_hand() -> None:
    """ReLU6 from -2 to 3, from 1 to 9, from 4 to 4: 3/5, 5/8, and the slope 1."""
    both = torch.tensor([[3.0, 9.0, 4.0], [-2.0, 1.0, 4.0]])
    _, found = multipliers(lambda x: rescale(x, nn.functional.relu6), both)
    assert found.tolist() == pytest.approx([3 / 5, 5 / 8, 1])


def test_max_pool_by_hand() -> None:
    """Maxima 5 over 4: 5 rises above 1 there (1/4); 2 under 7: 7 falls to 0 there (-5 of -7)."""
    both = torch.tensor([[5.0, 3, 2, 0], [1, 4, 1, 7]]).view(2, 1, 1, 4)
    options = {"kernel_size": (1, 2), "stride": (1, 2), "padding": (0, 0), "ceil_mode": False}
    _, found = multipliers(lambda x: max_pool(x, options), both)
    assert found.flatten().tolist() == pytest.approx([1 / 4, 0, 0, 5 / 7])


def test_product_by_hand() -> None:
    """From 1 x 4 to 3 x 2: means (2, 3) times steps (2, -2) give 6 - 4 = 2 = 6 - 4."""
    first, second = torch.tensor([[3.0], [1.0]]), torch.tensor([[2.0], [4.0]])
    a, b = first.clone().requires_grad_(), second.clone().requires_grad_()
    found = torch.autograd.grad(product(a, b)[0].sum(), (a, b))
    assert [one[0].item() for one in found] == [3, 2]


@pytest.mark.parametrize(("axis", "shape"), [(1, (2, 4, 3, 5)), (-1, (2, 3, 5, 4))])
def test_layer_norm_is_the_usual_one_and_complete(axis: int, shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    module = nn.LayerNorm(4)
    nn.init.normal_(module.weight)
    both = torch.randn(shape)
    made, found = multipliers(lambda x: layer_norm(x, module, axis), both)
    usual = module(both.movedim(axis, -1)).movedim(-1, axis)
    assert made.numpy() == pytest.approx(usual.detach().numpy(), abs=1e-5)
    explained = (found * (both[0] - both[1])).sum()
    assert explained.item() == pytest.approx((made[0] - made[1]).sum().item(), abs=1e-4)


@pytest.mark.parametrize(
    "name",
    ["lenet5", "resnet_cifar10", "mobilenet_v3_small", "googlenet", "squeezenet1_1", "resnet18"],
)
def test_it_is_complete(name: str) -> None:
    """Also with squeeze and excitation, overlapping maxima, branches and shortcuts."""
    model = untrained(name)
    batch = random_batch(model.spec.input_shape)
    question = asks(model, batch, 3)
    change = score(question, batch) - score(question, np.zeros_like(batch))
    (answer,) = deeplift(question)
    size = float(abs(answer.heat).sum())
    assert float(answer.heat.sum(dtype=float)) == pytest.approx(change, abs=1e-4 * size)
    assert answer.notes == ()


def test_captum_loses_completeness_where_an_activation_is_used_twice_and_ours_does_not() -> None:
    """One ReLU6 module called twice, as in EfficientNet-Lite0's blocks."""

    class Reused(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = nn.Linear(6, 8), nn.Linear(8, 3)
            self.act = nn.ReLU6()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.act(self.second(self.act(self.first(torch.flatten(x, 1)))))

    torch.manual_seed(0)
    module = Reused().eval()
    batch = 3 * random_batch((1, 2, 3))
    with torch.no_grad():
        both = module(torch.from_numpy(np.concatenate([batch, 0 * batch])))
    target = int((both[0] - both[1]).abs().argmax())
    change = float(both[0, target] - both[1, target])
    (answer,) = deeplift(asks(toy(module, (1, 2, 3)), batch, target))
    assert float(answer.heat.sum()) == pytest.approx(change, rel=1e-5)
    theirs = _captum(module, batch, target)
    assert abs(float(theirs.sum()) - change) > 0.05 * abs(change)


@pytest.mark.slow
def test_captum_loses_completeness_on_efficientnet_lite0_and_ours_does_not() -> None:
    """The score of a tabby changes by 8.38; captum's cells add up to -0.61, ours to 8.38."""
    model = load_model("efficientnet_lite0")
    batch = model.preprocess(vz.sample("chelsea")).numpy()
    question = asks(model, batch, 281)
    change = score(question, batch) - score(question, np.zeros_like(batch))
    (answer,) = deeplift(question)
    assert change == pytest.approx(8.376, abs=0.01)
    assert float(answer.heat.sum(dtype=float)) == pytest.approx(change, rel=1e-4)
    assert answer.notes == ()
    assert float(_captum(model.module, batch, 281).sum()) == pytest.approx(-0.61, abs=0.1)


def _captum(module: nn.Module, batch: np.ndarray, target: int) -> np.ndarray:
    with pytest.warns(UserWarning, match="hooks"):
        found = DeepLift(module).attribute(torch.from_numpy(batch).requires_grad_(), target=target)
    return found.detach().numpy()[0].sum(axis=0)


def test_captum_agrees_where_every_activation_has_a_module_of_its_own() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(
        nn.Conv2d(2, 4, 3), nn.ReLU(), nn.AvgPool2d(2), nn.Conv2d(4, 3, 2), nn.Sigmoid(),
        nn.Flatten(), nn.Linear(18, 5),
    ).eval()  # fmt: skip
    batch = random_batch((2, 8, 10))
    (answer,) = deeplift(asks(toy(module, (2, 8, 10)), batch, 4))
    assert answer.heat == pytest.approx(_captum(module, batch, 4), abs=1e-5)
