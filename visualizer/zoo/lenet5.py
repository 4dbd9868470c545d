"""LeNet-5 on handwritten digits, with today's ReLU and max pooling."""

from torch import nn

from visualizer.zoo.spec import ModelSpec
from visualizer.zoo.trained_here import trained_here

SHA256 = "fc11850422ef855d4a73471abeca2e04574bf6b8ba8931b20c908ae6a4d292f7"


def build() -> nn.Sequential:
    """Build LeNet-5 for (1, 28, 28) digits; padding 2 stands for the paper's 32 x 32 frame."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, 10),
    )


SPEC = ModelSpec(
    name="lenet5",
    title="LeNet-5",
    build=build,
    input_shape=(1, 28, 28),
    mean=(0.1307,),
    std=(0.3081,),
    labels="mnist",
    cam_layer="4",
    parameters=61_706,
    source="LeCun et al., Proceedings of the IEEE 86(11), 1998",
    weights=trained_here("lenet5", data="MNIST", sha256=SHA256, size_bytes=247_528),
    resize=28,
)
