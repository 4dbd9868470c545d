"""What the classes are called: one tuple for each data set, in the order of the logits."""

from pathlib import Path

from visualizer.maths.shapes import SHAPES

_IMAGENET = Path(__file__).with_name("labels") / "imagenet.txt"

LABELS = {
    "imagenet": tuple(_IMAGENET.read_text(encoding="utf-8").splitlines()),
    "mnist": tuple("0123456789"),
    "fashion_mnist": (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    "cifar10": (
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ),
    "shapes": SHAPES,
}
