"""The pictures that travel with the package."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from visualizer.errors import UnknownNameError
from visualizer.zoo.resources import folder


@dataclass(frozen=True)
class Sample:
    """A picture of the menu; ``suits`` is the family of labels of the networks it is meant for."""

    name: str
    title: str
    source: str
    licence: str
    filename: str
    suits: str = "imagenet"


PUBLIC_DOMAIN = "public domain"
CC0 = "CC0 1.0"
CC_BY_2 = "CC BY 2.0"
CC_BY_4 = "CC BY 4.0"
MIT = "MIT"

OPTDIGITS = "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (UCI)"
FASHION_MNIST = "Zalando Research, Fashion-MNIST, test set"

SAMPLES = (
    Sample("chelsea", "Cat", "Stéfan van der Walt, in scikit-image", CC0, "chelsea.png"),
    Sample("coffee", "Cup of coffee", "Rachel Michetti, in scikit-image", CC0, "coffee.png"),
    Sample("astronaut", "Astronaut", "NASA, in scikit-image", PUBLIC_DOMAIN, "astronaut.png"),
    Sample("rocket", "Rocket", "SpaceX, in scikit-image", PUBLIC_DOMAIN, "rocket.jpg"),
    Sample("china", "Temple", "danielbuechele, in scikit-learn", CC_BY_2, "china.jpg"),
    Sample("flower", "Flower", "vultilion, in scikit-learn", CC_BY_2, "flower.jpg"),
    Sample("camera", "Cameraman (grey)", "Lav Varshney, in scikit-image", CC0, "camera.png"),
    Sample(
        "hubble_deep_field",
        "Galaxies",
        "NASA, ESA, in scikit-image",
        PUBLIC_DOMAIN,
        "hubble_deep_field.jpg",
    ),
    Sample("digit_2", "Digit 2", OPTDIGITS, CC_BY_4, "digit_2.png", "mnist"),
    Sample("digit_3", "Digit 3", OPTDIGITS, CC_BY_4, "digit_3.png", "mnist"),
    Sample("digit_5", "Digit 5", OPTDIGITS, CC_BY_4, "digit_5.png", "mnist"),
    Sample("digit_8", "Digit 8", OPTDIGITS, CC_BY_4, "digit_8.png", "mnist"),
    Sample("trouser", "Trouser", FASHION_MNIST, MIT, "trouser.png", "fashion_mnist"),
    Sample("dress", "Dress", FASHION_MNIST, MIT, "dress.png", "fashion_mnist"),
    Sample("bag", "Bag", FASHION_MNIST, MIT, "bag.png", "fashion_mnist"),
    Sample("ankle_boot", "Ankle boot", FASHION_MNIST, MIT, "ankle_boot.png", "fashion_mnist"),
)


def sample_path(name: str) -> Path:
    """Find the file of a sample.

    Raises:
        UnknownNameError: no such sample; the nearest names are listed.
    """
    for sample in SAMPLES:
        if sample.name == name:
            return folder("assets") / "images" / sample.filename
    names = [sample.name for sample in SAMPLES]
    nearest = get_close_matches(name, names, n=3, cutoff=0.5) or names
    raise UnknownNameError(f"There is no sample {name!r}; choose one of {', '.join(nearest)}.")
