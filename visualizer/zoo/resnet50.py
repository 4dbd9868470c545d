"""ResNet-50: sixteen bottleneck blocks (1 x 1, 3 x 3, 1 x 1), each added to a shortcut."""

from visualizer.zoo.torchvision_models import torchvision_spec

SPEC = torchvision_spec(
    "resnet50",
    title="ResNet-50",
    file="resnet50-0676ba61.pth",
    size_mib=97.781,
    parameters=25_557_032,
    cam_layer="layer4",
    source="He et al., CVPR 2016, arXiv:1512.03385; stride in the 3 x 3 (v1.5)",
)
