"""What can be learned from the drawn shapes, and by whom: trained for real."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from visualizer.runtime.training.data import Data, Split, load_data
from visualizer.zoo.stack import build_stack, find_network


def learned(name: str, data: Data, epochs: int = 6, rate: float = 3e-3) -> float:
    """Train on shapes that are new in every epoch; the test accuracy comes back."""
    assert data.fresh is not None
    mean, std = (torch.tensor(values)[:, None, None] for values in (data.mean, data.std))

    def taken(split: Split) -> Tensor:
        return (split.pictures / 255 - mean) / std

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network: nn.Module = build_stack(
            find_network(name).stack, data.input_shape, len(data.classes)
        )
    optimiser = torch.optim.AdamW(network.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=epochs * 63)
    for epoch in range(epochs):
        split = data.fresh(epoch)  # in no order already
        batches = (torch.split(part, 64) for part in (taken(split), split.labels))
        for pictures, labels in zip(*batches, strict=True):
            loss = functional.cross_entropy(network(pictures), labels)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    network.eval()
    with torch.inference_mode():
        return float((network(taken(data.test)).argmax(1) == data.test.labels).double().mean())


@pytest.mark.slow
def test_a_small_cnn_learns_shapes_and_no_linear_classifier_does() -> None:
    """Each pixel alone says nothing: of five kinds, linear scores name about one in four."""
    data = load_data("shapes")
    assert learned("lenet5", data) > 0.98
    assert learned("linear", data) < 0.3
    assert learned("mlp", data) < 0.93
