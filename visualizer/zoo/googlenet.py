"""GoogLeNet (Inception v1): 1 x 1, 3 x 3 and pooled branches side by side, concatenated.

The weights expect pixels from -1 to 1; torchvision turns ImageNet's mean and deviation back into
that inside the network (``transform_input``), here the preprocessing says so at once.
"""

from visualizer.zoo.torchvision_models import torchvision_spec

SPEC = torchvision_spec(
    "googlenet",
    title="GoogLeNet",
    file="googlenet-1378be20.pth",
    size_mib=49.731,
    parameters=6_624_904,
    cam_layer="inception5b",
    source="Szegedy et al., CVPR 2015, arXiv:1409.4842",
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
    auxiliary=("aux1", "aux2"),
    aux_logits=False,
    transform_input=False,
    init_weights=False,
)
