"""Named pipelines: the lecture's, and the recipes behind networks on offer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """A pipeline with its story; ``source`` says who trained with it, and what is left out."""

    name: str
    title: str
    pipeline: str
    sentence: str
    source: str = ""


REFERENCE = "torchvision's training reference for classification"

PRESETS = (
    Preset(
        "lecture",
        "The four classics",
        "resized_crop;hflip;jitter;rotate",
        "Crop, mirror, colour shift and rotation, gently.",
    ),
    Preset(
        "imagenet",
        "ImageNet, 2014 to 2020",
        "resized_crop(scale=0.08..1.0);hflip",
        "GoogLeNet, ResNet, VGG and DenseNet on torchvision: crops down to 8 % of the area.",
        f"{REFERENCE}; crops after Szegedy et al., CVPR 2015",
    ),
    Preset(
        "alexnet",
        "AlexNet, 2012",
        "resize(size=256);crop(size=224);hflip",
        "The paper's crops of 224 from 256 and mirrors; its shift of colours along their "
        "principal axes has no transform.",
        "Krizhevsky et al., NeurIPS 2012, section 4.1",
    ),
    Preset(
        "mobilenet_v3",
        "MobileNet V3",
        "resized_crop(scale=0.08..1.0);hflip;autoaugment;erase(p=0.2)",
        "A searched policy and erased rectangles.",
        f"{REFERENCE}; erasing there follows normalisation",
    ),
    Preset(
        "efficientnet",
        "EfficientNet",
        "resized_crop(scale=0.08..1.0);hflip;autoaugment",
        "The paper's fixed AutoAugment policy; dropout and stochastic depth do the rest.",
        "Tan and Le, ICML 2019, section 5.2",
    ),
    Preset(
        "modern",
        "ImageNet since 2021",
        "resized_crop(scale=0.08..1.0);hflip;trivialaugment;erase(p=0.1);mixup(alpha=0.2,p=0.5);"
        "cutmix(p=0.5)",
        "ConvNeXt and the newer weights of ResNet-50. A batch there gets MixUp or CutMix, never "
        "both: here each may fire.",
        f"{REFERENCE}; V. Vryniotis, 2021",
    ),
    Preset(
        "cifar",
        "CIFAR-10",
        "crop(size=32,padding=4,fill=black);hflip",
        "A border of 4 and a crop of 32; give it a picture of 32 pixels, or resize first.",
        "He et al., CVPR 2016, section 4.2",
    ),
    Preset(
        "contrastive",
        "Learning without labels",
        "resized_crop(scale=0.08..1.0);hflip;"
        "jitter(brightness=0.8,contrast=0.8,saturation=0.8,hue=0.2,p=0.8);grey(p=0.2);"
        "blur(kernel_size=23,p=0.5)",
        "SimCLR: two draws of one picture should look alike to the network.",
        "Chen et al., ICML 2020, appendix A",
    ),
    Preset(
        "medical",
        "Medical",
        "hflip;rotate(degrees=10,fill=black);affine(right=0.05,down=0.05,scale=0.95..1.05,"
        "fill=black);elastic(alpha=40,sigma=6,fill=black);"
        "jitter(brightness=0.15,contrast=0.15,saturation=0,hue=0);noise(sigma=0.02)",
        "Small moves, soft bending, little noise, no new colours. Leave the mirror out where left "
        "and right matter: the heart is on the left.",
    ),
    Preset(
        "digits",
        "Digits",
        "rotate(degrees=10,fill=black);affine(scale=0.9..1.1,shear=8,fill=black);"
        "elastic(alpha=30,sigma=5,fill=black,p=0.5)",
        "No mirrors: a mirrored 2 is not a 2. Bending after Simard et al., ICDAR 2003.",
        "Simard et al., ICDAR 2003",
    ),
    Preset(
        "damage",
        "Bad cameras",
        "blur(p=0.5);noise(sigma=0.08,p=0.5);jpeg(p=0.5)",
        "Blur, noise and compression, as networks meet them in use.",
    ),
)
DEFAULT = "lecture"
