"""Training repeats, augments as it says, and made the weights that the cards describe."""

import gzip
import lzma
import pickle
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from visualizer.runtime.model import load_model
from visualizer.runtime.train import Recipe, Split, accuracy, augment, train
from visualizer.train import main
from visualizer.zoo.resources import folder


def toy(seed: int) -> Split:
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(2, (256,), generator=generator)
    pictures = torch.randn(256, 1, 6, 5, generator=generator) + 2 * labels[:, None, None, None]
    return Split(pictures, labels)


def build() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Dropout(), nn.Flatten(), nn.Linear(24, 2)
    )


def weights(seed: int) -> tuple[torch.Tensor, float]:
    recipe = Recipe(epochs=2, learning_rate=0.02, batch_size=32, shift=1, flip=True)
    *_, (model, epoch) = train(build, recipe, toy(0), toy(1), seed=seed)
    return torch.cat([value.flatten() for value in model.parameters()]).detach(), epoch.accuracy


def test_the_same_seed_gives_the_same_weights_and_leaves_the_callers_generator() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    one, reached = weights(0)
    assert torch.equal(torch.rand(3), expected)
    torch.rand(17)
    assert torch.equal(weights(0)[0], one)
    assert not torch.equal(weights(1)[0], one)
    assert reached > 0.9


def test_shift_moves_whole_pictures_and_flip_mirrors_them() -> None:
    batch = torch.arange(1.0, 13).reshape(1, 1, 3, 4).repeat(64, 1, 1, 1)
    shifted = augment(batch, Recipe(1, 0.1, shift=1), torch.Generator().manual_seed(0))
    padded = np.pad(batch[0, 0].numpy(), 1)
    allowed = {padded[r : r + 3, c : c + 4].tobytes() for r in range(3) for c in range(3)}
    seen = {one[0].numpy().tobytes() for one in shifted}
    assert seen == allowed
    mirrored = augment(batch, Recipe(1, 0.1, flip=True), torch.Generator().manual_seed(0))
    both = {one[0].numpy().tobytes() for one in mirrored}
    assert both == {batch[0, 0].numpy().tobytes(), batch[0, 0].flip(1).numpy().tobytes()}


def idx(path: Path) -> np.ndarray:
    body = gzip.decompress(path.read_bytes())
    axes = body[3]
    shape = np.frombuffer(body, ">i4", axes, 4)
    return np.frombuffer(body, np.uint8, offset=4 + 4 * axes).reshape(shape)


def official(shared: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Read an official test split: pictures (n, C, H, W) uint8, labels (n,)."""
    if name == "resnet_cifar10":
        # the official file, whose digest the data set's own list names
        body = lzma.decompress((shared / "cifar10/test_batch.xz").read_bytes())
        batch = pickle.loads(body, encoding="latin1")
        return batch["data"].reshape(-1, 3, 32, 32), np.array(batch["labels"])
    raw = shared / {"lenet5": "MNIST", "vgg_fashion": "FashionMNIST"}[name] / "raw"
    pictures = idx(raw / "t10k-images-idx3-ubyte.gz")
    return pictures[:, None], idx(raw / "t10k-labels-idx1-ubyte.gz")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "least"), [("lenet5", 0.99), ("vgg_fashion", 0.91), ("resnet_cifar10", 0.80)]
)
def test_weights_reach_what_their_card_says(shared_data: Path, name: str, least: float) -> None:
    model = load_model(name, device="cpu")
    pixels, labels = official(shared_data, name)
    mean, std = (torch.tensor(x)[:, None, None] for x in (model.spec.mean, model.spec.std))
    pictures = (torch.from_numpy(pixels.copy()).float() / 255 - mean) / std
    reached = accuracy(model.module, Split(pictures, torch.from_numpy(labels.astype(np.int64))))
    assert reached >= least
    card = (folder("models") / f"{name}.md").read_text("utf-8")
    stated = re.search(r"seed 0, test accuracy ([\d.]+) %", card)
    assert stated is not None
    assert 100 * reached == pytest.approx(float(stated[1]), abs=0.02)


def test_absent_data_get_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["lenet5", "--data", str(tmp_path)])
    assert stopped.value.code == 1
    message = capsys.readouterr().err
    assert "--download" in message
    assert message.count("\n") == 1
