"""ConvNeXt-Tiny: a ResNet brought up to date by what transformers taught; 7 x 7 depthwise."""

from visualizer.zoo.torchvision_models import torchvision_spec

SPEC = torchvision_spec(
    "convnext_tiny",
    title="ConvNeXt-Tiny",
    file="convnext_tiny-983f1562.pth",
    size_mib=109.119,
    parameters=28_589_128,
    cam_layer="features.7",
    source="Liu et al., CVPR 2022, arXiv:2201.03545",
    resize=236,
)
