"""SqueezeNet 1.1: AlexNet's accuracy with a fiftieth of its parameters, all in convolutions."""

from visualizer.zoo.torchvision_models import torchvision_spec

SPEC = torchvision_spec(
    "squeezenet1_1",
    title="SqueezeNet 1.1",
    file="squeezenet1_1-b8a52dc0.pth",
    size_mib=4.729,
    parameters=1_235_496,
    cam_layer="features.12",
    source="Iandola et al., arXiv:1602.07360; version 1.1 of the authors' code",
)
