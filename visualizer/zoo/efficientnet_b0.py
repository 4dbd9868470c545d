"""EfficientNet-B0: inverted residuals with squeeze-and-excitation; scaled up, the B1 to B7."""

from visualizer.zoo.torchvision_models import torchvision_spec

SPEC = torchvision_spec(
    "efficientnet_b0",
    title="EfficientNet-B0",
    file="efficientnet_b0_rwightman-7f5810bc.pth",
    size_mib=20.451,
    parameters=5_288_548,
    cam_layer="features.8",
    source="Tan & Le, ICML 2019, arXiv:1905.11946",
    interpolation="bicubic",
)
