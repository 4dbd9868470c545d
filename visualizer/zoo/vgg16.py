"""VGG-16: thirteen 3 x 3 convolutions in five stages, and most parameters in what follows."""

from visualizer.zoo.torchvision_models import torchvision_spec

SPEC = torchvision_spec(
    "vgg16",
    title="VGG-16",
    file="vgg16-397923af.pth",
    size_mib=527.796,
    parameters=138_357_544,
    cam_layer="features.29",
    source="Simonyan & Zisserman, ICLR 2015, arXiv:1409.1556",
)
