"""ResNet-18: eight blocks of two 3 x 3 convolutions, each added to a shortcut."""

from visualizer.zoo.torchvision_models import torchvision_spec

SPEC = torchvision_spec(
    "resnet18",
    title="ResNet-18",
    file="resnet18-f37072fd.pth",
    size_mib=44.661,
    parameters=11_689_512,
    cam_layer="layer4",
    source="He et al., CVPR 2016, arXiv:1512.03385",
)
