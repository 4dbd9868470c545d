"""MixUp and CutMix in batches: the tab's draws, torchvision's pixels, labels in the same shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as vision

from visualizer.runtime.augmentation.draw import Drawer, covering
from visualizer.runtime.augmentation.pipeline import parse
from visualizer.runtime.training.augmenting import Augmenter
from visualizer.runtime.training.augmenting_levels import as_before, in_colour
from visualizer.runtime.training.augmenting_pairs import Mixes, drawn, mixed

COUNT, CLASSES, HEIGHT, WIDTH = 24, 5, 20, 28
NUMBERS = list(range(90, 90 + COUNT))


def batch(channels: int = 3) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    pictures = torch.randint(0, 256, (COUNT, channels, HEIGHT, WIDTH), generator=generator)
    labels = torch.randint(CLASSES, (COUNT,), generator=generator)
    return pictures.to(torch.uint8), functional.one_hot(labels, CLASSES).float()


def every(shares: list[float], boxes: Any = None) -> Mixes:
    count = len(shares)
    found = np.zeros((count, 4), np.int64) if boxes is None else np.array(boxes)
    return Mixes(np.ones(count, dtype=bool), np.array(shares), found)


def test_mixup_by_hand() -> None:
    """Levels 200, 40 and 100: 0.75 · 200 + 0.25 · 100 = 175, 0.5 · 40 + 0.5 · 200 = 120, 100."""
    levels = torch.tensor([200, 40, 100], dtype=torch.uint8)
    pictures = levels[:, None, None, None].expand(-1, 1, 2, 3)
    made, targets = mixed(pictures, torch.eye(3), parse("mixup")[0], every([0.75, 0.5, 1.0]))
    assert made[:, 0, 1, 2].tolist() == [175, 120, 100]
    assert targets.tolist() == [[0.75, 0, 0.25], [0.5, 0.5, 0], [0, 0, 1]]


def test_cutmix_by_hand() -> None:
    """A rectangle of 2 x 3 of 4 x 6 cells: a quarter of the label is the other's."""
    pictures = torch.stack([torch.full((1, 4, 6), 9), torch.full((1, 4, 6), 7)]).to(torch.uint8)
    boxes = [[1, 2, 4, 4], [0, 0, 0, 0]]  # left, top, right, bottom
    made, targets = mixed(pictures, torch.eye(2), parse("cutmix")[0], every([0.75, 1.0], boxes))
    assert made[0, 0].tolist() == [[9] * 6, [9] * 6, [9, 7, 7, 7, 9, 9], [9, 7, 7, 7, 9, 9]]
    assert torch.equal(made[1], pictures[1])
    assert targets.tolist() == [[0.75, 0.25], [0, 1]]


@pytest.mark.parametrize("channels", [3, 1])
@pytest.mark.parametrize(
    "text",
    [
        "mixup",
        "mixup(alpha=0.2,p=0.5)",
        "cutmix",
        "cutmix(alpha=3,p=0.6)",
        "mixup(p=0.5);rotate(degrees=90);hflip",
        "cutmix;erase(p=1)",
        "cutmix;pad(padding=3);hflip",
    ],
)
def test_every_picture_gets_the_draw_of_the_augmentation_tab(text: str, channels: int) -> None:
    """There the partner is chosen; here it is the picture before. Steps behind go on alike."""
    pictures, _ = batch(channels)
    made, shares = Augmenter(text).batch(pictures, torch.eye(COUNT), NUMBERS, 7)
    expected, kept = [], []
    colour = [np.ascontiguousarray(one.permute(1, 2, 0)) for one in in_colour(pictures)]
    for place, number in enumerate(NUMBERS):
        drawer = Drawer(colour[place], parse(text), 7, partner=colour[place - 1])
        draw = drawer.draw(number)
        image = torch.from_numpy(draw.pixels).permute(2, 0, 1)
        expected.append(vision.resize(image, [HEIGHT, WIDTH], antialias=True))
        kept.append(draw.share)
    difference = (made.int() - as_before(torch.stack(expected), channels).int()).abs()
    assert difference.max() <= 1
    assert channels == 1 or (difference > 0).double().mean() < 1e-3
    assert shares.diagonal().tolist() == pytest.approx(kept, abs=1e-6)
    assert shares.roll(-1, 1).diagonal()[1:].tolist() != kept[1:]
    partners = shares[torch.arange(COUNT), torch.arange(COUNT) - 1]
    assert partners.tolist() == pytest.approx([1 - share for share in kept], abs=1e-6)


@pytest.mark.parametrize("share", [0.9, 0.3141])
def test_equal_shares_give_torchvisions_mixup(share: float) -> None:
    pictures, targets = batch()
    made, labels = mixed(pictures, targets, parse("mixup")[0], every([share] * COUNT))
    params = {"lam": share, "labels": targets, "batch_size": COUNT}
    peer = v2.MixUp(num_classes=CLASSES)
    wanted = peer.transform(pictures.float(), params)
    assert torch.equal(made, wanted.round().to(torch.uint8))
    assert torch.equal(labels, peer.transform(targets, params))


@pytest.mark.parametrize("seed", range(6))
def test_equal_boxes_give_torchvisions_cutmix(seed: int) -> None:
    pictures, targets = batch()
    peer, step = v2.CutMix(num_classes=CLASSES), parse("cutmix")[0]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        params = peer.make_params([pictures])
    one = drawn(step, [seed] * COUNT, [(HEIGHT, WIDTH)] * COUNT)
    assert {tuple(box) for box in one.boxes.tolist()} == {params["box"]}
    assert one.shares.tolist() == [params["lam_adjusted"]] * COUNT
    made, labels = mixed(pictures, targets, step, one)
    params |= {"labels": targets, "batch_size": COUNT}
    assert torch.equal(made, peer.transform(pictures, params))
    assert torch.equal(labels, peer.transform(targets, params))


def test_partners_come_with_what_happened_to_them_before() -> None:
    """A second mixing takes the first one's results, pictures and labels, as torchvision's does."""
    pictures, targets = batch()
    once = Augmenter("invert(p=1);mixup").batch(pictures, targets, NUMBERS, 3)
    assert torch.equal(once[0], Augmenter("mixup").batch(255 - pictures, targets, NUMBERS, 3)[0])
    twice = Augmenter("invert(p=1);mixup;cutmix").batch(pictures, targets, NUMBERS, 3)
    then = Augmenter("cutmix").batch(*once, NUMBERS, 3)
    assert torch.equal(twice[0], then[0])
    assert torch.equal(twice[1], then[1])
    assert (twice[1] > 0).sum(1).max() >= 3
    assert twice[1].sum(1) == pytest.approx(torch.ones(COUNT))


def test_pictures_of_other_sizes_are_mixed_with_a_partner_cut_to_their_size() -> None:
    pictures, targets = batch()
    text = "zoom_out(p=0.7);mixup"
    made, shares = Augmenter(text).batch(pictures, targets, NUMBERS, 1)
    assert made.shape == pictures.shape
    wide = [
        torch.from_numpy(
            Drawer(np.ascontiguousarray(one.permute(1, 2, 0)), parse("zoom_out(p=0.7)"), 1)
            .draw(number)
            .pixels
        ).permute(2, 0, 1)
        for one, number in zip(pictures, NUMBERS, strict=True)
    ]
    sizes = [(one.shape[1], one.shape[2]) for one in wide]
    assert len(set(sizes)) > 3
    mixes = drawn(parse("mixup")[0], _seeds("mixup", 1), sizes)
    for place, share in enumerate(mixes.shares):
        partner = covering(wide[place - 1], *sizes[place]).float()
        whole = (wide[place] * share + partner * (1 - share)).round().to(torch.uint8)
        wanted = vision.resize(whole, [HEIGHT, WIDTH], antialias=True)
        assert (wanted.int() - made[place].int()).abs().max() <= 1
        own = share * targets[place] + (1 - share) * targets[place - 1]
        assert shares[place] == pytest.approx(own, abs=1e-6)


def _seeds(name: str, seed: int) -> list[int]:
    from visualizer.runtime.augmentation.seeded import step_seed

    return [step_seed(seed, number, name, 0) for number in NUMBERS]


def test_who_is_left_out_by_chance_stays_and_so_does_a_lonely_picture() -> None:
    pictures, targets = batch()
    fires = drawn(parse("mixup(p=0.5)")[0], _seeds("mixup", 2), [(HEIGHT, WIDTH)] * COUNT).fires
    assert 4 < fires.sum() < COUNT - 4
    made, shares = Augmenter("mixup(p=0.5)").batch(pictures, targets, NUMBERS, 2)
    still = torch.from_numpy(~fires)
    assert torch.equal(made[still], pictures[still])
    assert torch.equal(shares[still], targets[still])
    for text in ("mixup", "cutmix"):
        alone, label = Augmenter(text).batch(pictures[:1], targets[:1], [5], 0)
        assert torch.equal(alone, pictures[:1])
        assert label == pytest.approx(targets[:1])
    none, same = Augmenter("mixup(p=0)").batch(pictures, targets, NUMBERS, 2)
    assert torch.equal(none, pictures)
    assert torch.equal(same, targets)


def test_the_page_is_told_of_labels_in_shares() -> None:
    (note,) = Augmenter("mixup;cutmix(p=0.5);mixup").notes(28, 28)
    assert note.startswith("MixUp and CutMix mix the pictures of a batch")
    assert "counts the class of the largest share" in note
    assert Augmenter("hflip;-mixup").notes(28, 28) == ()
