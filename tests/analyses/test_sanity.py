"""Randomising layer by layer: only the copy forgets, last layers first, and maps are compared."""

from __future__ import annotations

import math

import numpy as np
import torch

from visualizer.analyses.sanity import likeness, sanity
from visualizer.runtime.cascade import forgetting, stages
from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import Array, Model, load_model
from visualizer.runtime.segment import between
from visualizer.zoo import find
from visualizer.zoo.untrained import build_seeded


def gradient(model: Model) -> Array:
    batch = np.random.default_rng(0).standard_normal((1, *model.spec.input_shape), np.float32)
    segment = between(model.graph, (INPUT,), (model.logits,))
    cotangent = np.zeros((1, *model.layer(model.logits).output_shape), np.float32)
    cotangent[0, 3] = 1
    return abs(model.pull_back(segment, [batch], cotangent)[1][0]).max(axis=0)


def edges(_model: Model) -> Array:
    return np.arange(12, dtype=np.float32).reshape(3, 4)


def test_stages_go_from_the_last_layer_to_the_first_and_miss_none() -> None:
    model = load_model("resnet_cifar10", weights=None)
    found = stages(model)
    assert len(found) == 8
    names = [layer for _, layers in found for layer in layers]
    assert sorted(names) == sorted(layer.name for layer in model.layers if layer.weights)
    order = {layer.name: place for place, layer in enumerate(model.layers)}
    starts = [order[name] for name, _ in found]
    assert starts == sorted(starts, reverse=True)
    assert [len(layers) for _, layers in stages(load_model("lenet5", weights=None))] == [1] * 5


def test_at_the_end_all_weights_are_the_freshly_drawn_ones_and_the_model_keeps_its_own() -> None:
    model = load_model("resnet_cifar10", weights=None)
    before = {name: value.clone() for name, value in model.module.state_dict().items()}
    *_, (_, last) = forgetting(model)
    drawn = build_seeded(find("resnet_cifar10"), 1).state_dict()
    own = last.module.state_dict()
    weights = {weight for layer in model.layers for weight in layer.weights}
    assert all(torch.equal(own[name], drawn[name]) for name in weights)
    assert all(torch.equal(before[name], v) for name, v in model.module.state_dict().items())


def test_the_first_stage_changes_the_last_layer_alone() -> None:
    model = load_model("lenet5", weights=None)
    name, first = next(forgetting(model))
    changed = {
        key.rpartition(".")[0]
        for key, value in first.module.state_dict().items()
        if not torch.equal(value, model.module.state_dict()[key])
    }
    assert changed == {name}
    assert name == model.logits


def test_a_gradient_changes_and_a_map_of_edges_does_not() -> None:
    model = load_model("lenet5", weights=None)
    found = list(sanity(model, gradient))
    assert [stage.step for stage in found] == list(range(1, 7))
    assert {stage.steps for stage in found} == {6}
    assert found[0].layer is None
    assert found[0].correlation == 1
    assert abs(found[-1].correlation) < 0.5
    same = list(sanity(model, edges))
    assert [(stage.correlation, round(stage.similarity, 6)) for stage in same] == [(1, 1)] * 6


def test_flat_and_broken_maps_have_no_likeness() -> None:
    map_ = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert math.isnan(likeness(map_, np.zeros_like(map_))[0])
    assert all(math.isnan(one) for one in likeness(map_, map_ * np.nan))
