"""Layers that make maps smaller without learning anything."""

from __future__ import annotations

from torch import nn

from visualizer.zoo.stack.convolution import slid
from visualizer.zoo.stack.record import Cost, Kind, Parameter, Settings, Shape, refuse_vector

FAMILY = "Pooling"
KERNEL = Parameter("kernel", "Window", 2, 8, 2, leading=True)
STRIDE = Parameter("stride", "Stride", 0, 8, 0)  # 0: as the window, side by side


def _window(settings: Settings) -> tuple[int, int]:
    kernel = int(settings["kernel"])
    return kernel, int(settings["stride"]) or kernel


def _pooled(title: str, settings: Settings, shape: Shape) -> Shape:
    kernel, stride = _window(settings)
    height, width = slid(title, {"kernel": kernel, "stride": stride}, shape)
    return shape[0], height, width


def _max_shape(settings: Settings, shape: Shape) -> Shape:
    return _pooled("Max pooling", settings, shape)


def _average_shape(settings: Settings, shape: Shape) -> Shape:
    return _pooled("Average pooling", settings, shape)


def _global_shape(_settings: Settings, shape: Shape) -> Shape:
    refuse_vector("Global average pooling", shape)
    return shape[0], 1, 1


def _cost(settings: Settings, shape: Shape) -> Cost:
    channels, height, width = _pooled("Max pooling", settings, shape)
    return Cost(values=channels * height * width)


KINDS = (
    Kind(
        "maxpool",
        "Max pooling",
        "Only the strongest value of each window stays: where exactly is forgotten.",
        _max_shape,
        lambda settings, _shape: nn.MaxPool2d(*_window(settings)),
        (KERNEL, STRIDE),
        _cost,
        FAMILY,
    ),
    Kind(
        "avgpool",
        "Average pooling",
        "The mean of each window stays.",
        _average_shape,
        lambda settings, _shape: nn.AvgPool2d(*_window(settings)),
        (KERNEL, STRIDE),
        _cost,
        FAMILY,
    ),
    Kind(
        "globalavgpool",
        "Global average pooling",
        "One number a channel, its mean: any size of map fits what follows.",
        _global_shape,
        lambda _settings, _shape: nn.AdaptiveAvgPool2d(1),
        cost=lambda _settings, shape: Cost(values=shape[0]),
        family=FAMILY,
    ),
)
