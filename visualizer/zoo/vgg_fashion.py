"""A small VGG on Fashion-MNIST: 3 x 3 only, size halves while depth grows."""

from torch import nn

from visualizer.zoo.spec import ModelSpec
from visualizer.zoo.trained_here import trained_here

SHA256 = "a93ea918003b53f8a9e0d3e7a50d2a9cd0a58db61467c59b70fd4b4027ba985e"

WIDTHS = (16, 32, 64)


def build() -> nn.Sequential:
    """Build the network for (1, 28, 28) pictures of clothes: three stages of two convolutions."""
    features: list[nn.Module] = []
    channels = 1
    for width in WIDTHS:
        for _ in range(2):
            features += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
        features.append(nn.MaxPool2d(2))
    classifier = nn.Sequential(
        nn.Linear(WIDTHS[-1] * 3 * 3, 128), nn.ReLU(), nn.Dropout(), nn.Linear(128, 10)
    )
    network = nn.Sequential()
    network.add_module("features", nn.Sequential(*features))
    network.add_module("flatten", nn.Flatten())
    network.add_module("classifier", classifier)
    return network


SPEC = ModelSpec(
    name="vgg_fashion",
    title="VGG on Fashion-MNIST",
    build=build,
    input_shape=(1, 28, 28),
    mean=(0.2860,),
    std=(0.3530,),
    labels="fashion_mnist",
    cam_layer="features.19",
    parameters=147_386,
    source="this project; after Simonyan & Zisserman, ICLR 2015, arXiv:1409.1556",
    weights=trained_here("vgg_fashion", data="Fashion-MNIST", sha256=SHA256, size_bytes=595_200),
    resize=28,
)
