"""ResNet-152: fifty bottleneck blocks (1 x 1, 3 x 3, 1 x 1), each added to a shortcut."""

from visualizer.zoo.torchvision_models import torchvision_spec

SPEC = torchvision_spec(
    "resnet152",
    title="ResNet-152",
    file="resnet152-394f9c45.pth",
    size_mib=230.434,
    parameters=60_192_808,
    cam_layer="layer4",
    source="He et al., CVPR 2016, arXiv:1512.03385; stride in the 3 x 3 (v1.5)",
)
