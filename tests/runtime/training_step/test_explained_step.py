"""Every number of a step against autograd and torch's optimisers, on layers of every kind."""

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from tests.runtime.training_step.nets import Branched, start
from visualizer.errors import GeometryError, UnknownNameError, VisualizerError
from visualizer.maths.optimisers import adam, sgd
from visualizer.runtime.training.explained_step import ExplainedStep
from visualizer.runtime.training.step_start import StepStart

KINDS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {}),
    ("SGD", {"momentum": 0.9, "weight_decay": 0.05}),
    ("Adam", {"weight_decay": 0.05}),
    ("AdamW", {"weight_decay": 0.05}),
]


@pytest.fixture(scope="module")
def step() -> ExplainedStep:
    return ExplainedStep(start())


def _gradient(weight: nn.Parameter) -> np.ndarray:
    assert weight.grad is not None
    return weight.grad.numpy().copy()


def plain_step(begun: StepStart) -> tuple[float, dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Take the step as a textbook loop does: loss, gradients, new weights."""
    module, optimiser = copy.deepcopy((begun.module, begun.optimiser))
    with begun.alone(), torch.random.fork_rng(devices=[]):
        assert begun.random is not None
        torch.random.set_rng_state(begun.random)
        optimiser.zero_grad()
        loss = functional.cross_entropy(
            module(begun.inputs), begun.labels, label_smoothing=begun.smoothing
        )
        loss.backward()  # type: ignore[no-untyped-call]
        gradients = {name: _gradient(w) for name, w in module.named_parameters()}
        optimiser.step()
    return loss.item(), gradients, {n: w.detach().numpy() for n, w in module.named_parameters()}


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_the_step_is_the_textbooks_bit_for_bit(
    kind: str, settings: dict[str, Any], mixed: bool
) -> None:
    begun = start(optimiser=kind, mixed=mixed, **settings)
    loss, gradients, new = plain_step(begun)
    found = ExplainedStep(begun)
    assert found.loss == loss
    assert set(found.changes) == set(new)
    for name, change in found.changes.items():
        np.testing.assert_array_equal(change.gradient, gradients[name])
        np.testing.assert_array_equal(change.new, new[name])
    again = found.maps("relu")  # a second run leaves all of it as it is
    assert again[0].shape == again[1].shape == (6, 6, 8, 6)
    for name, change in found.changes.items():
        np.testing.assert_array_equal(change.new, new[name])


@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_the_update_follows_from_the_formula(kind: str, settings: dict[str, Any]) -> None:
    found = ExplainedStep(start(optimiser=kind, **settings))
    for name, change in found.changes.items():
        given = found.update(name, tuple(0 for _ in change.old.shape))
        keys = {"rate": given["rate"], "weight_decay": given["weight_decay"]}
        before = given["before"]
        if kind == "SGD":
            new = sgd(
                given["old"], given["gradient"], before.get("buffer"),
                momentum=given["momentum"], **keys,
            ).new  # fmt: skip
        else:
            new = adam(
                given["old"], given["gradient"], before["mean"], before["square"],
                int(given["after"]["step"]), eps=given["eps"],
                decoupled=kind == "AdamW", **keys,
            ).new  # fmt: skip
        assert float(new) == pytest.approx(given["new"], rel=2e-6, abs=1e-7)


def test_losses_are_the_batchs(step: ExplainedStep) -> None:
    assert step.losses.mean() == pytest.approx(step.loss, rel=1e-6)
    assert step.probabilities.sum(axis=1) == pytest.approx(np.ones(6))
    assert step.targets.sum(axis=1) == pytest.approx(np.ones(6))
    assert step.targets.max() == pytest.approx(0.92)  # 0.9 + 0.1 / 5


def test_labels_in_shares_have_autograds_gradients() -> None:
    """By the logits (p - t) / n, t the smoothed shares; a weight's parts add up to autograd's."""
    begun = start(mixed=True)
    found = ExplainedStep(begun)
    assert found.shares is not None
    assert (found.shares > 0).sum(axis=1).max() == 2
    assert found.labels.tolist() == found.shares.argmax(axis=1).tolist()
    assert found.targets == pytest.approx(0.9 * found.shares + 0.02)
    assert found.losses.mean() == pytest.approx(found.loss, rel=1e-6)
    end = found.layers[-1].name
    gradients = found.maps(end)[1]
    for picture in range(6):
        for kind in range(5):
            one = found.origin(end, picture, (kind, 0, 0))
            assert one.probability is not None
            assert one.target is not None
            assert one.target == pytest.approx(0.9 * float(begun.labels[picture, kind]) + 0.02)
            autograds = gradients[picture, kind, 0, 0]
            assert (one.probability - one.target) / 6 == pytest.approx(autograds, abs=1e-7)
    opened = found.weight("hidden.weight", (3, 17))
    assert opened.parts.sum() == pytest.approx(opened.gradient, abs=1e-7)


def test_a_weights_gradient_is_the_sum_of_its_parts(step: ExplainedStep) -> None:
    rng = np.random.default_rng(0)
    for name, change in step.changes.items():
        most = max(float(np.abs(change.gradient).max()), 1e-2)  # of a bias before batch norm: 0
        for _ in range(8):
            index = tuple(int(rng.integers(size)) for size in change.old.shape)
            opened = step.weight(name, index)
            assert opened.parts.shape == (6,)
            assert opened.gradient == change.gradient[index]
            assert opened.parts.sum() == pytest.approx(opened.gradient, abs=2e-6 * most)


def test_one_pictures_part_is_its_own_gradient() -> None:
    """The part of a picture is what its loss alone, divided by the batch, gives."""
    network = nn.Sequential(nn.Conv2d(2, 3, (3, 2), stride=2, padding=1), nn.ReLU(), nn.Flatten())
    network.append(nn.Linear(3 * 8 * 6, 5))
    begun = start(network, "SGD", warm=0, smoothing=0.0)
    found = ExplainedStep(begun)
    own = copy.deepcopy(begun.module)
    for picture in range(6):
        own.zero_grad()
        one = slice(picture, picture + 1)
        loss = functional.cross_entropy(own(begun.inputs[one]), begun.labels[one]) / 6
        loss.backward()  # type: ignore[no-untyped-call]
        for name, index in [("0.weight", (2, 1, 0, 1)), ("3.weight", (4, 17)), ("0.bias", (1,))]:
            expected = float(_gradient(dict(own.named_parameters())[name])[index])
            part = found.weight(name, index).parts[picture]
            assert part == pytest.approx(expected, rel=1e-4, abs=1e-9)


def test_every_gradient_is_what_its_readers_pass_back(step: ExplainedStep) -> None:
    rng = np.random.default_rng(1)
    seen: set[str] = set()
    for layer in step.start.graph.layers[:-1]:
        values, gradients = step.maps(layer.name)
        most = float(np.abs(gradients).max())
        for _ in range(12):
            cell = tuple(int(rng.integers(size)) for size in values.shape[1:])
            picture = int(rng.integers(6))
            found = step.origin(layer.name, picture, (cell[0], cell[1], cell[2]))
            seen.update(term.layer for term in found.terms)
            if found.probability is None:
                total = sum(term.product for term in found.terms)
            else:
                assert found.target is not None
                assert found.pictures == 6
                total = (found.probability - found.target) / 6
            assert total == pytest.approx(gradients[(picture, *cell)], abs=2e-6 * most)
    operations = {step.start.graph[name].op for name in seen}
    assert operations >= {
        "conv2d", "linear", "batch_norm", "relu", "gelu", "max_pool", "avg_pool",
        "adaptive_avg_pool", "flatten", "add", "concatenate", "identity", "sigmoid",
    }  # fmt: skip


def test_what_is_not_there_is_said(step: ExplainedStep) -> None:
    with pytest.raises(UnknownNameError, match=r"no weight array 'nothing'. There are stem.weight"):
        step.weight("nothing", (0,))
    with pytest.raises(VisualizerError, match=r"head.bias has no weight \(5,\): its shape is 5"):
        step.weight("head.bias", (5,))
    with pytest.raises(UnknownNameError, match="no layer 'nothing'"):
        step.maps("nothing")
    with pytest.raises(GeometryError, match="no picture 6: it has 6"):
        step.origin("relu", 6, (0, 0, 0))
    with pytest.raises(GeometryError, match=r"no cell \(0, 8, 0\): it has 6 × 8 × 6"):
        step.origin("relu", 0, (0, 8, 0))


def test_a_loss_that_is_no_number_is_refused() -> None:
    network = Branched()
    with torch.no_grad():
        network.head.weight.fill_(float("nan"))
    with pytest.raises(VisualizerError, match="loss of step 1 is no number"):
        ExplainedStep(start(network, "SGD", warm=0))


def test_the_pictures_are_those_the_network_sees() -> None:
    begun = start(warm=0)
    shown = begun.pictures()
    assert shown.shape == (6, 15, 11, 2)
    level = round(255 * float(begun.inputs[3, 1, 4, 5] * 0.25 + 0.5))
    assert shown[3, 4, 5, 1] == min(255, max(0, level))
