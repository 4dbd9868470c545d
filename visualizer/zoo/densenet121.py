"""DenseNet-121: every layer sees the feature maps of all layers before it in its block."""

from visualizer.zoo.torchvision_models import torchvision_spec

SPEC = torchvision_spec(
    "densenet121",
    title="DenseNet-121",
    file="densenet121-a639ec97.pth",
    size_mib=30.845,
    parameters=7_978_856,
    cam_layer="features.norm5",
    source="Huang et al., CVPR 2017, arXiv:1608.06993",
)
