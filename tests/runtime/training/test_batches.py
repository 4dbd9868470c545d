"""Every epoch shows every picture once, in batches of the asked size, moved as asked."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.runtime.training.toys import toy_data, toy_task
from visualizer.runtime.training.batches import Batches, Inputs, evenly, moved
from visualizer.runtime.training.training import Training


def batches(count: int, size: int) -> Batches:
    task = toy_task(data=toy_data(count), batch_size=size)
    return Batches(task, Inputs(task))


@pytest.mark.parametrize(
    ("count", "size", "sizes"),
    [
        (50, 8, [8] * 6 + [2]),
        (49, 8, [8] * 5 + [9]),
        (48, 8, [8] * 6),
        (5, 8, [5]),
        (3, 1, [1] * 3),
    ],
)
def test_a_last_picture_does_not_stay_alone(count: int, size: int, sizes: list[int]) -> None:
    assert batches(count, size).sizes == sizes


def test_an_epoch_shows_every_picture_once_in_another_order_each_time() -> None:
    made = batches(50, 8)
    normalised = made.inputs(made.split.pictures)
    orders = []
    for epoch in range(2):
        seen = torch.cat([made.take(epoch, number)[0] for number in range(7)])
        order = [int((normalised == one).all((1, 2, 3)).nonzero()[0]) for one in seen]
        assert sorted(order) == list(range(50))
        orders.append(order)
    assert orders[0] != orders[1]


def test_shift_moves_whole_pictures_and_flip_mirrors_them() -> None:
    batch = torch.arange(1.0, 13).reshape(1, 1, 3, 4).repeat(64, 1, 1, 1)
    shifted = moved(batch, 1, False, torch.Generator().manual_seed(0))
    padded = np.pad(batch[0, 0].numpy(), 1)
    allowed = {padded[r : r + 3, c : c + 4].tobytes() for r in range(3) for c in range(3)}
    assert {one[0].numpy().tobytes() for one in shifted} == allowed
    mirrored = moved(batch, 0, True, torch.Generator().manual_seed(0))
    both = {one[0].numpy().tobytes() for one in mirrored}
    assert both == {batch[0, 0].numpy().tobytes(), batch[0, 0].flip(1).numpy().tobytes()}


def test_fewer_pictures_are_balanced_and_drawn_from_the_seed() -> None:
    few = Training(toy_task(pictures=10)).batches.split
    assert few.labels.bincount().tolist() == [5, 5]
    assert torch.equal(few.pictures, Training(toy_task(pictures=10)).batches.split.pictures)
    other = Training(toy_task(pictures=10, seed=1)).batches.split
    assert not torch.equal(few.pictures, other.pictures)


def test_augmentation_draws_anew_in_each_epoch_and_for_each_picture() -> None:
    made = Training(toy_task(augment="hflip(p=0.5)")).batches
    original = made.split.pictures
    mirrored = []
    for epoch in range(2):
        seen = torch.cat([made.take(epoch, number)[0] for number in range(7)])
        plain, turned = made.inputs(original), made.inputs(original.flip(3))
        is_plain = [bool((plain == one).all((1, 2, 3)).any()) for one in seen]
        is_turned = [bool((turned == one).all((1, 2, 3)).any()) for one in seen]
        assert all(a != b for a, b in zip(is_plain, is_turned, strict=True))
        mirrored.append(sum(is_turned))
    assert all(10 < count < 40 for count in mirrored)


def test_evenly_takes_from_the_whole_split() -> None:
    data = toy_data(50).train
    few = evenly(data, 5)
    assert torch.equal(few.pictures, data.pictures[[0, 12, 24, 36, 49]])
    assert evenly(data, 50) is data
    assert len(evenly(data, 0).labels) == 1
