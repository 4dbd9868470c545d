"""MobileNetV3-Small: inverted residuals with squeeze-and-excitation, found by search for phones."""

from visualizer.zoo.torchvision_models import torchvision_spec

SPEC = torchvision_spec(
    "mobilenet_v3_small",
    title="MobileNetV3-Small",
    file="mobilenet_v3_small-047dcff4.pth",
    size_mib=9.829,
    parameters=2_542_856,
    cam_layer="features.12",
    source="Howard et al., ICCV 2019, arXiv:1905.02244",
)
