"""MixUp and CutMix in batches: each picture with the one before it, by a draw of its own.

As in torchvision's ``v2.MixUp`` and ``v2.CutMix`` a picture's partner is the one before it in its
batch, the first one's the last (``roll(1, 0)``); the order comes from the training's seed. There
one share holds for a whole batch. Here every picture draws its own: the one that the Augmentation
tab draws for the same number and seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from visualizer.runtime.augmentation.draw import covering
from visualizer.runtime.augmentation.pipeline import Step
from visualizer.runtime.training.augmenting_moves import number

Sizes = Sequence[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Mixes:
    """What each of n pictures draws: ``fires`` (n,), and of those that do, m of them, the rest.

    ``shares`` (m,) are what a picture keeps of itself and of its label; ``boxes`` (m, 4) where the
    other's is pasted: left, top, right, bottom, in pixels.
    """

    fires: NDArray[np.bool_]
    shares: NDArray[np.float64]
    boxes: NDArray[np.int64]


def drawn(step: Step, seeds: Sequence[int], sizes: Sizes) -> Mixes:
    """Draw what a step makes of pictures of these sizes (height, width), each from its own seed.

    Source: Zhang et al., ICLR 2018, arXiv:1710.09412; Yun et al., ICCV 2019, arXiv:1905.04899,
    equation 2; the order of the random numbers is torchvision's.
    """
    alpha = torch.full((1, 2), number(step, "alpha"))
    generator = torch.Generator()
    fires, shares, places = [], [], []
    for seed, (height, width) in zip(seeds, sizes, strict=True):
        generator.manual_seed(seed)
        fires.append(step.chance == 1 or _below(step.chance, generator))
        if not fires[-1]:
            continue
        shares.append(torch._sample_dirichlet(alpha, generator=generator).view(-1)[0].item())
        if step.id == "cutmix":
            column = torch.randint(width, (), generator=generator).item()
            places.append((column, torch.randint(height, (), generator=generator).item()))
    fired = np.array(fires, dtype=bool)
    kept, area = np.array(shares, dtype=np.float64), np.array(sizes, dtype=np.int64)[fired]
    if step.id == "mixup":
        return Mixes(fired, kept, np.zeros((len(kept), 4), dtype=np.int64))
    boxes = _boxes(kept, np.array(places, dtype=np.int64).reshape(-1, 2), area)
    pasted = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return Mixes(fired, 1.0 - pasted / area.prod(axis=1), boxes)


def _below(chance: float, generator: torch.Generator) -> bool:
    return bool(torch.rand(1, generator=generator) < chance)


def _boxes(
    shares: NDArray[np.float64], middles: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Lay rectangles of the area ``1 - share`` around their middles, cut off at the border."""
    extent = sizes[:, ::-1]  # width, height: the middles are columns and rows
    half = (0.5 * np.sqrt(1.0 - shares)[:, None] * extent).astype(np.int64)
    first, last = np.maximum(middles - half, 0), np.minimum(middles + half, extent)
    return np.concatenate([first, last], axis=1)


def mixed(pictures: Tensor, targets: Tensor, step: Step, mixes: Mixes) -> tuple[Tensor, Tensor]:
    """Mix pictures (n, C, H, W) uint8 with those before them, and their shares (n, K) alike."""
    made, partners = pictures, pictures.roll(1, 0)
    if mixes.fires.all():
        made = MIXING[step.id](pictures, partners, mixes)
    elif mixes.fires.any():
        fires = torch.from_numpy(mixes.fires)
        made = pictures.clone()
        made[fires] = MIXING[step.id](pictures[fires], partners[fires], mixes)
    return made, _labelled(targets, mixes)


def mixed_apart(
    pictures: Sequence[Tensor], targets: Tensor, step: Step, mixes: Mixes
) -> tuple[list[Tensor], Tensor]:
    """Mix pictures (C, h, w) uint8 of many sizes; partners are cut to size, as in the tab."""
    made = list(pictures)
    for place, index in enumerate(np.flatnonzero(mixes.fires).tolist()):
        one, own = pictures[index], slice(place, place + 1)
        partner = covering(pictures[index - 1], *one.shape[-2:])
        alone = Mixes(mixes.fires[index : index + 1], mixes.shares[own], mixes.boxes[own])
        made[index] = MIXING[step.id](one[None], partner[None], alone)[0]
    return made, _labelled(targets, mixes)


def _labelled(targets: Tensor, mixes: Mixes) -> Tensor:
    """Give each label its share of the picture, and the partner's label the rest."""
    kept = np.ones(len(targets))
    kept[mixes.fires] = mixes.shares
    own, rest = (torch.from_numpy(x.astype(np.float32))[:, None] for x in (kept, 1.0 - kept))
    return targets.roll(1, 0).mul_(rest).add_(targets * own)


def _blended(pictures: Tensor, partners: Tensor, mixes: Mixes) -> Tensor:
    own, rest = (
        torch.from_numpy(x.astype(np.float32))[:, None, None, None]
        for x in (mixes.shares, 1.0 - mixes.shares)
    )
    return partners.float().mul_(rest).add_(pictures * own).round_().to(torch.uint8)


def _pasted(pictures: Tensor, partners: Tensor, mixes: Mixes) -> Tensor:
    height, width = pictures.shape[-2:]
    left, top, right, bottom = (torch.from_numpy(x)[:, None] for x in mixes.boxes.T.copy())
    rows, columns = torch.arange(height), torch.arange(width)
    down, across = (rows >= top) & (rows < bottom), (columns >= left) & (columns < right)
    return torch.where((down[:, :, None] & across[:, None, :])[:, None], partners, pictures)


Mixing = Callable[[Tensor, Tensor, Mixes], Tensor]
MIXING: Mapping[str, Mixing] = {"mixup": _blended, "cutmix": _pasted}
