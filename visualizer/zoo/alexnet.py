"""AlexNet: the network that won ImageNet 2012, in the one-GPU form of 2014."""

from visualizer.zoo.torchvision_models import torchvision_spec

SPEC = torchvision_spec(
    "alexnet",
    title="AlexNet",
    file="alexnet-owt-7be5be79.pth",
    size_mib=233.087,
    parameters=61_100_840,
    cam_layer="features.11",
    source="Krizhevsky et al., NIPS 2012; as in Krizhevsky, arXiv:1404.5997",
)
