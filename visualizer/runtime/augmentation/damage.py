"""Transforms that take something away: blur, noise, compression, erased parts."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torchvision import tv_tensors
from torchvision.transforms import v2

from visualizer.runtime.augmentation.record import Caution, Parameter, Told, Transform, Values

GROUP = "Damage"
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
HIDDEN = Caution(
    ("imagenet", "cifar10", "mnist", "fashion_mnist"),
    "Erasing more than half of the picture can hide the whole object: then the label is wrong.",
    lambda values: float(values["scale"][1]) > 0.5,  # type: ignore[index]
)


class Erasing(v2.RandomErasing):  # type: ignore[misc]
    """Erase as torchvision does; noise looks as it would after normalisation, not cut to 0..255.

    ``RandomErasing(value="random")`` draws from the standard normal distribution, meant for
    normalised input: on uint8 it leaves seven levels. Here the same draws are turned back into
    levels by ImageNet's mean and standard deviation.
    """

    def make_params(self, flat_inputs: list[Any]) -> dict[str, Any]:
        """Draw the place, and noise if wanted."""
        params: dict[str, Any] = super().make_params(flat_inputs)
        if self.value is None and params["v"] is not None:
            mean = torch.tensor(IMAGENET_MEAN)[:, None, None]
            std = torch.tensor(IMAGENET_STD)[:, None, None]
            params["v"] = ((params["v"] * std + mean) * 255).round().clamp(0, 255).to(torch.uint8)
        return params


class PillowJPEG(v2.JPEG):  # type: ignore[misc]
    """Compress by Pillow: torchvision's own encoder, the same library, is to be removed."""

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        """Compress (3, H, W) levels and read them again; boxes and masks stay."""
        return inpt if is_marking(inpt) else compressed(inpt, params["quality"])


def is_marking(value: Any) -> bool:
    """Tell boxes and masks from pictures."""
    return isinstance(value, tv_tensors.BoundingBoxes | tv_tensors.Mask)


def compressed(image: Tensor, quality: int) -> Tensor:
    """Compress (3, H, W) levels as JPEG, colours at half the resolution, and read them again."""
    file = io.BytesIO()
    pixels = np.ascontiguousarray(image.permute(1, 2, 0).numpy())
    Image.fromarray(pixels).save(file, "JPEG", quality=quality, subsampling=2)
    return torch.from_numpy(np.array(Image.open(file)).transpose(2, 0, 1).copy())


def _erased(params: Mapping[str, Any], _values: Values) -> Told:
    if params["v"] is None:
        return "no place found", {}
    told = {"top_px": params["i"], "left_px": params["j"]}
    told |= {"height_px": params["h"], "width_px": params["w"]}
    text = f"{params['h']} × {params['w']} pixels from row {params['i']}, column {params['j']}"
    return text, told


def _blurred(params: Mapping[str, Any], _values: Values) -> Told:
    sigma = params["sigma"][0]
    return f"standard deviation {sigma:.2f} pixels", {"sigma_px": sigma}


def _noise(_params: Mapping[str, Any], values: Values) -> Told:
    return f"standard deviation {values['sigma']:g} of the range", {"sigma": values["sigma"]}


def _quality(params: Mapping[str, Any], _values: Values) -> Told:
    return f"quality {params['quality']}", {"quality": params["quality"]}


TRANSFORMS = (
    Transform(
        "blur",
        "Blur",
        GROUP,
        "A Gaussian of random width: out of focus.",
        "GaussianBlur",
        (
            Parameter("kernel_size", "Kernel", "whole", 7, 1, 31, 2, "px",
                      "Odd; about six standard deviations hold the whole Gaussian."),
            Parameter("sigma", "Standard deviation", "range", (0.1, 2.0), 0.1, 10, 0.1, "px"),
        ),
        tell=_blurred,
    ),
    Transform(
        "noise",
        "Noise",
        GROUP,
        "Gaussian noise of its own in every pixel and channel: little light.",
        "GaussianNoise",
        (
            Parameter("mean", "Mean", "number", 0.0, -0.5, 0.5, 0.01),
            Parameter("sigma", "Standard deviation", "number", 0.1, 0, 1, 0.01,
                      sentence="Share of the range from black to white."),
        ),
        tell=_noise,
        late=True,
    ),
    Transform(
        "jpeg", "JPEG compression", GROUP, "Blocks and lost detail, as on the web.", "JPEG",
        (Parameter("quality", "Quality", "range", (20, 90), 1, 100, 1),), tell=_quality,
        kind=PillowJPEG,
    ),
    Transform(
        "erase",
        "Erase",
        GROUP,
        "A rectangle is hidden: the network has to use the rest.",
        "RandomErasing",
        (
            Parameter("scale", "Area", "range", (0.02, 0.33), 0, 1, 0.01),
            Parameter("ratio", "Height to width", "range", (0.3, 3.3), 0.1, 10, 0.1),
            Parameter(
                "value", "Filled with", "choice", "black",
                sentence="Noise is drawn as for normalised input: on levels torchvision's own "
                "leaves seven of them.",
                choices=(("black", 0), ("mean", (124, 116, 104)), ("noise", "random")),
            ),
        ),
        chance=0.5,
        own_chance=True,
        tell=_erased,
        kind=Erasing,
        cautions=(HIDDEN,),
    ),
)  # fmt: skip
