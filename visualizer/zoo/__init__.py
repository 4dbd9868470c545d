"""The networks that can be examined."""

import difflib

from visualizer.errors import UnknownNameError
from visualizer.zoo import (
    alexnet,
    convnext_tiny,
    densenet121,
    efficientnet_b0,
    efficientnet_lite0,
    googlenet,
    inception_v3,
    lenet5,
    mobilenet_v3_small,
    resnet18,
    resnet50,
    resnet152,
    resnet_cifar10,
    squeezenet1_1,
    vgg16,
    vgg_fashion,
)
from visualizer.zoo.class_names import LABELS as LABELS
from visualizer.zoo.spec import ModelSpec

MODELS = (
    efficientnet_lite0.SPEC,
    lenet5.SPEC,
    vgg_fashion.SPEC,
    resnet_cifar10.SPEC,
    alexnet.SPEC,
    vgg16.SPEC,
    googlenet.SPEC,
    inception_v3.SPEC,
    resnet18.SPEC,
    resnet50.SPEC,
    resnet152.SPEC,
    squeezenet1_1.SPEC,
    densenet121.SPEC,
    mobilenet_v3_small.SPEC,
    convnext_tiny.SPEC,
    efficientnet_b0.SPEC,
)


def find(name: str) -> ModelSpec:
    """Find a network by its name.

    Raises:
        UnknownNameError: there is none; the nearest names come first, then all of them.
    """
    by_name = {spec.name: spec for spec in MODELS}
    if name in by_name:
        return by_name[name]
    wanted = name.lower().replace("-", "_").replace(" ", "_")
    nearest = difflib.get_close_matches(wanted, by_name, cutoff=0.5)
    hint = f" Nearest: {', '.join(nearest)}." if nearest else ""
    raise UnknownNameError(
        f'There is no network called "{name[:40]}".{hint} All: {", ".join(by_name)}.'
    )


def labels(spec: ModelSpec) -> tuple[str, ...]:
    """Name the classes of a network in the order of its logits."""
    return spec.classes or LABELS[spec.labels]
