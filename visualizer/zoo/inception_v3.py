"""Inception v3: larger kernels taken apart into small ones, 7 x 7 into 1 x 7 and 7 x 1.

The weights expect pixels from -1 to 1; torchvision turns ImageNet's mean and deviation back into
that inside the network (``transform_input``), here the preprocessing says so at once. The head
that helps training alone (3,326,696 parameters) is left out.
"""

from visualizer.zoo.torchvision_models import torchvision_spec

SPEC = torchvision_spec(
    "inception_v3",
    title="Inception v3",
    file="inception_v3_google-0cc3c7bd.pth",
    size_mib=103.903,
    parameters=23_834_568,
    cam_layer="Mixed_7c",
    source="Szegedy et al., CVPR 2016, arXiv:1512.00567",
    side=299,
    resize=342,
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
    auxiliary=("AuxLogits",),
    aux_logits=False,
    transform_input=False,
    init_weights=False,
)
