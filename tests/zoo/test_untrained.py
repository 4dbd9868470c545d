"""One seed, one network; nobody else's random numbers change."""

import random
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch
from torch import nn

from visualizer.zoo import MODELS, find
from visualizer.zoo.untrained import build_seeded

LIGHT = {"lenet5", "vgg_fashion", "resnet_cifar10", "squeezenet1_1", "mobilenet_v3_small"}


def total(network: nn.Module) -> list[float]:
    return [float(value.double().sum()) for value in network.state_dict().values()]


@pytest.mark.parametrize(
    "name",
    [pytest.param(s.name, marks=() if s.name in LIGHT else pytest.mark.slow) for s in MODELS],
)
def test_one_seed_gives_one_network(name: str) -> None:
    spec = find(name)
    first, again, other = (total(build_seeded(spec, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_equal_means_bit_by_bit() -> None:
    first, again = (build_seeded(find("lenet5"), 5).state_dict() for _ in range(2))
    assert all(torch.equal(first[key], again[key]) for key in first)


def test_the_callers_random_numbers_go_on() -> None:
    before = torch.get_rng_state(), random.getstate(), np.random.get_state()  # noqa: NPY002
    build_seeded(find("squeezenet1_1"), 3)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert random.getstate() == before[1]
    assert np.array_equal(np.random.get_state()[1], before[2][1])  # type: ignore[index]  # noqa: NPY002


def test_threads_do_not_mix_their_draws() -> None:
    spec, found = find("squeezenet1_1"), {}

    def build(thread: int) -> None:
        found[thread] = total(build_seeded(spec, 1))

    threads = [threading.Thread(target=build, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(sums == found[0] for sums in found.values())


def test_an_untrained_lite0_neither_fades_nor_explodes() -> None:
    network = build_seeded(find("efficientnet_lite0"), 0).eval()
    picture = torch.randn(1, 3, 96, 64, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        logits = network(picture)
    assert 1e-3 < float(logits.std()) < 10


def test_the_menu_opens_without_torchvision() -> None:
    code = "import sys, visualizer.zoo; print('torchvision' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"
