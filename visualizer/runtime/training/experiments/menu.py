"""The experiments, in menu order."""

from __future__ import annotations

from difflib import get_close_matches

from visualizer.errors import UnknownNameError
from visualizer.runtime.training.experiments import verdicts
from visualizer.runtime.training.experiments.record import Arm, Experiment, Guess
from visualizer.zoo.stack import find_network

LENET5 = find_network("lenet5").text
MIRRORS = "hflip;vflip;rotate(degrees=30)"
BLOCKS = 10
VGG = "".join(
    2 * f"conv({width},3,padding=1);batchnorm;relu;" + "maxpool;" for width in (8, 16, 32)
) + ("flatten;linear(classes)")


def _blocks(kind: str, count: int) -> str:
    return f"conv(12,3,2,padding=1);relu;maxpool;{count}*{kind}(12,norm=no);flatten;linear(classes)"


def _guesses(**texts: str) -> tuple[Guess, ...]:
    return tuple(Guess(name, text) for name, text in texts.items())


EXPERIMENTS = (
    Experiment(
        "augmentation",
        "With and without augmentation",
        "LeNet-5 learns from 200 pictures. Does it know more new ones if they are augmented, "
        "each in another way in every epoch?",
        _guesses(first="more with it", same="no difference", second="fewer with it"),
        (
            Arm("With augmentation", "lenet5", {"augment": MIRRORS}, "with augmentation"),
            Arm("Without", "lenet5", {}, "without"),
        ),
        verdicts.augmentation,
        "What may change in a picture without changing its class is something a network can be "
        "told by examples. A pipeline that does not suit the pictures tells it something wrong.",
        "Simard, Steinkraus & Platt, ICDAR 2003",
        data="shapes",
        seeds=3,
        seconds=11,
        recipe={"pictures": 200, "epochs": 40, "batch_size": 32, "learning_rate": 6e-3},
    ),
    Experiment(
        "shuffled",
        "All pixels shuffled",
        "The pixels of every picture are moved to other places, the same for all pictures. Who "
        "suffers?",
        _guesses(
            cnn="only the CNN",
            perceptron="only the perceptron",
            both="both",
            neither="neither",
        ),
        (
            Arm("Perceptron, plain", "mlp"),
            Arm("Perceptron, shuffled", "mlp", {"pixels_shuffled": True}, weights_follow=True),
            Arm("CNN, plain", "lenet5"),
            Arm("CNN, shuffled", "lenet5", {"pixels_shuffled": True}),
        ),
        verdicts.shuffled,
        "A perceptron's first layer has a weight for every pixel. Here its initial weights are "
        "moved like the pixels, and it learns the same, step by step, but for rounding. A "
        "convolution sees neighbours, and these are gone.",
        "Zhang et al., ICLR 2017, arXiv:1611.03530, shuffled pixels in section 2",
        data="shapes",
        seconds=17,
        recipe={"pictures": 4_000, "epochs": 4, "batch_size": 32, "learning_rate": 1e-3},
    ),
    Experiment(
        "residual",
        "With and without shortcuts, at depth",
        f"{2 * BLOCKS + 2} layers with weights, once with a shortcut around every two. Does it "
        "matter?",
        _guesses(first="shortcuts help", same="no difference", second="shortcuts do harm"),
        (
            Arm(f"{2 * BLOCKS + 2} layers, shortcuts", _blocks("residual", BLOCKS), {},
                "with shortcuts"),
            Arm(f"{2 * BLOCKS + 2} layers, plain", _blocks("plain", BLOCKS), {}, "without"),
            Arm("6 layers, plain", _blocks("plain", 2), {}, "with 6 plain layers"),
        ),
        verdicts.depth,
        "With PyTorch's usual initial weights a signal shrinks from layer to layer, and so does "
        "the gradient on its way back; a shortcut lets both pass. There is no batch normalisation "
        "here, which helps against the same.",
        "He et al., CVPR 2016, arXiv:1512.03385, figures 1 and 6",
        seconds=19,
        recipe={"pictures": 1_200, "epochs": 5, "batch_size": 32, "learning_rate": 2e-3},
    ),
    Experiment(
        "batchnorm",
        "With and without batch normalisation",
        "A small VGG learns by plain SGD at a rate of 0.1. What does batch normalisation change?",
        _guesses(first="it helps", same="no difference", second="it does harm"),
        (
            Arm("With batch normalisation", VGG, {}, "with batch normalisation"),
            Arm("Without", VGG.replace("batchnorm;", ""), {}, "without"),
        ),
        verdicts.first_against_second(
            "Batch normalisation helps", "Batch normalisation does harm here"
        ),
        "It keeps every channel near mean 0 and deviation 1, whatever the layers before it do: "
        "larger steps become possible.",
        "Ioffe & Szegedy, ICML 2015, arXiv:1502.03167",
        seconds=10,
        recipe={"pictures": 1_200, "epochs": 4, "batch_size": 32, "learning_rate": 0.1,
                "optimiser": "sgd", "schedule": "constant", "weight_decay": 0.0},
    ),
    Experiment(
        "pooling",
        "Maximum or average pooling",
        "LeNet-5 with the largest of four cells, or with their mean. Which knows more?",
        _guesses(first="maximum", same="no difference", second="average"),
        (
            Arm("Maximum", LENET5, {}, "with the maximum"),
            Arm("Average", LENET5.replace("maxpool", "avgpool"), {}, "with the average"),
        ),
        verdicts.first_against_second("The maximum is better", "The average is better"),
        "The maximum keeps where something was found, the average also how widely. With so little "
        "between them one training each tells little: hence three.",
        "Scherer, Müller & Behnke, ICANN 2010",
        data="shapes",
        seeds=3,
        seconds=8,
        recipe={"pictures": 2_000, "epochs": 3, "batch_size": 32, "learning_rate": 4e-3},
    ),
    Experiment(
        "rates",
        "Learning rate: too low, good, too high",
        "SGD at rates of 0.001, 0.1 and 3. What does the highest one do?",
        _guesses(
            faster="learns as well or better",
            worse="learns, but worse",
            breaks="learns nothing, or breaks off",
        ),
        (
            Arm("Rate 0.001", "lenet5", {"learning_rate": 0.001}),
            Arm("Rate 0.1", "lenet5", {"learning_rate": 0.1}),
            Arm("Rate 3", "lenet5", {"learning_rate": 3.0}),
        ),
        verdicts.rates,
        "A step goes downhill as far as the rate says. Short ones take long; long ones land on "
        "the other side of the valley, higher up.",
        "Goodfellow, Bengio & Courville, Deep Learning, 2016, section 8.3.1",
        shows="loss",
        seconds=16,
        recipe={"pictures": 1_200, "epochs": 8, "batch_size": 32, "optimiser": "sgd",
                "schedule": "constant", "weight_decay": 0.0},
    ),
    Experiment(
        "overfitting",
        "Overfitting on 100 pictures",
        "LeNet-5 learns from 100 pictures until it knows them. How many new ones does it know?",
        _guesses(
            heart="all of its own, fewer new ones",
            same="as many new ones as of its own",
            few="not even all of its own",
        ),
        (
            Arm("100 pictures", "lenet5", {}, "100 pictures"),
            Arm("100, augmented", "lenet5", {"augment": MIRRORS}, "Augmentation"),
            Arm("1,000 pictures", "lenet5", {"pictures": 1_000, "epochs": 8},
                "Having 1,000 pictures"),
        ),
        verdicts.overfitting,
        "With hundreds of weights for each picture, a network can learn every one by heart. All "
        "arms take the same number of steps.",
        "Zhang et al., ICLR 2017, arXiv:1611.03530",
        data="shapes",
        seeds=2,
        seconds=20,
        recipe={"pictures": 100, "epochs": 80, "batch_size": 25, "learning_rate": 4e-3,
                "schedule": "constant", "weight_decay": 0.0},
    ),
)  # fmt: skip


def find_experiment(name: str) -> Experiment:
    """Find an experiment.

    Raises:
        UnknownNameError: there is none of this name; the nearest are listed.
    """
    by_name = {one.name: one for one in EXPERIMENTS}
    if name in by_name:
        return by_name[name]
    nearest = get_close_matches(name.lower(), by_name, cutoff=0.4)
    hint = f" Nearest: {', '.join(nearest)}." if nearest else ""
    raise UnknownNameError(
        f"There is no experiment {name[:40]!r}.{hint} All: {', '.join(by_name)}."
    )
