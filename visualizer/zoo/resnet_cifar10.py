"""A small ResNet on CIFAR-10: one basic block in each of three stages, each halving the size."""

from torch import Tensor, nn

from visualizer.zoo.spec import ModelSpec
from visualizer.zoo.trained_here import trained_here

SHA256 = "551c00cfdac4666cc4dc33d9e7ea29bd5e012a6bffc570b317e161f31e05cb8a"

STEM_WIDTH = 32
WIDTHS = (48, 96, 128)


class BasicBlock(nn.Module):
    """Two 3 x 3 convolutions and a shortcut around them (He et al. 2016, figure 2)."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or channels != width:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )
        self.relu2 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Add the shortcut to the residual: (N, C, H, W) -> (N, width, H / stride, W / stride)."""
        residual = self.relu1(self.bn1(self.conv1(x)))
        residual = self.bn2(self.conv2(residual))
        return self.relu2(residual + self.downsample(x))


class ResNet(nn.Module):
    """Stem, three stages, global average pooling, one fully connected layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, STEM_WIDTH, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(STEM_WIDTH)
        self.relu = nn.ReLU()
        self.layer1 = BasicBlock(STEM_WIDTH, WIDTHS[0], stride=2)
        self.layer2 = BasicBlock(WIDTHS[0], WIDTHS[1], stride=2)
        self.layer3 = BasicBlock(WIDTHS[1], WIDTHS[2], stride=2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(WIDTHS[2], 10)

    def forward(self, x: Tensor) -> Tensor:
        """Classify (N, 3, 32, 32) -> logits (N, 10)."""
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(self.flatten(self.avgpool(x)))


def build() -> ResNet:
    """Build the network for (3, 32, 32) photos."""
    return ResNet()


SPEC = ModelSpec(
    name="resnet_cifar10",
    title="ResNet on CIFAR-10",
    build=build,
    input_shape=(3, 32, 32),
    mean=(0.4914, 0.4822, 0.4465),
    std=(0.2470, 0.2435, 0.2616),
    labels="cifar10",
    cam_layer="layer3",
    parameters=439_306,
    source="this project; after He et al., CVPR 2016, arXiv:1512.03385",
    weights=trained_here("resnet_cifar10", data="CIFAR-10", sha256=SHA256, size_bytes=1_769_328),
    resize=32,
)
