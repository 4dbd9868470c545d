"""Optimised pictures: what they reach, what they leave alone, what they refuse."""

import itertools

import numpy as np
import pytest
import torch

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.framing import network_input
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.pattern.ascent import Ascent, cooling, decay, normalised, stride
from visualizer.runtime.pattern.objective import Objective, likeness
from visualizer.runtime.pattern.visualize import visualize_filter
from visualizer.runtime.picture import read_picture
from visualizer.runtime.samples import SAMPLES, sample_path


@pytest.fixture(scope="module")
def lenet() -> Model:
    return load_model("lenet5", device="cpu")


@pytest.fixture(scope="module")
def resnet() -> Model:
    return load_model("resnet_cifar10", device="cpu")


@pytest.fixture(scope="module")
def lite() -> Model:
    return load_model("efficientnet_lite0", device="cpu")


def mean_activation(model: Model, layer: str, channel: int, batch: np.ndarray) -> np.ndarray:
    return model.values(batch, [layer])[layer][:, channel].mean(axis=(1, 2))


def as_seen(model: Model, pixels: np.ndarray) -> np.ndarray:
    """Normalise a picture of any size, without resizing it."""
    channels = model.spec.input_shape[0]
    cells = pixels[..., :channels].astype(np.float32) / 255
    normal = (cells - np.array(model.spec.mean)) / np.array(model.spec.std)
    return normal.astype(np.float32).transpose(2, 0, 1)[None]


def drives_far(model: Model, layer: str, channel: int) -> None:
    """Tenfold over the start, and above every sample, on the rounded picture itself."""
    ascent = Ascent(model, Objective(layer, channel))
    start = mean_activation(model, layer, channel, as_seen(model, ascent.pictures()[0]))[0]
    assert ascent.start[0] == pytest.approx(start, rel=1e-3, abs=1e-4)
    for _ in ascent.run():
        pass
    reached = mean_activation(model, layer, channel, as_seen(model, ascent.pictures()[0]))[0]
    assert ascent.values()[0] == pytest.approx(reached, rel=1e-3)
    samples = np.concatenate(
        [network_input(read_picture(sample_path(one.name)), model.spec) for one in SAMPLES]
    )
    assert reached > 10 * abs(start)
    assert reached > mean_activation(model, layer, channel, samples).max()


@pytest.mark.parametrize(("layer", "channel"), [("3", 5), ("4", 3), ("8", 7), ("11", 3)])
def test_lenet_is_driven_far(lenet: Model, layer: str, channel: int) -> None:
    drives_far(lenet, layer, channel)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layer", "channel"),
    [("layer1.add", 5), ("layer2.add", 5), ("layer3.add", 0), ("layer3.add", 3), ("fc", 5)],
)
def test_the_residual_network_is_driven_far(resnet: Model, layer: str, channel: int) -> None:
    drives_far(resnet, layer, channel)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layer", "channel"),
    [
        ("blocks.1.1.add", 7),
        ("blocks.2.1.add", 7),
        ("blocks.3.2.add", 3),
        ("blocks.4.2.add", 7),
        ("blocks.5.3.add", 11),
        ("blocks.6.0.bn3", 3),
        ("classifier", 417),
    ],
)
def test_efficientnet_is_driven_far(lite: Model, layer: str, channel: int) -> None:
    drives_far(lite, layer, channel)


def test_the_same_seed_gives_the_same_picture(lenet: Model) -> None:
    state = torch.random.get_rng_state()
    first, again = (visualize_filter(lenet, "3", 5, steps=12, seed=4) for _ in range(2))
    other = visualize_filter(lenet, "3", 5, steps=12, seed=5)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.shape == (28, 28, 3)
    assert first.dtype == np.uint8
    assert torch.equal(torch.random.get_rng_state(), state)


def test_downwards_goes_down(lenet: Model) -> None:
    up, down = (
        visualize_filter(lenet, "3", 5, steps=40, negative=negative) for negative in (False, True)
    )
    values = [mean_activation(lenet, "3", 5, as_seen(lenet, one))[0] for one in (up, down)]
    samples = [network_input(read_picture(sample_path("digit_2")), lenet.spec)]
    assert values[1] < mean_activation(lenet, "3", 5, samples[0])[0] < values[0]


def test_one_cell_is_driven_and_the_rest_of_the_picture_stays_noise(lenet: Model) -> None:
    """A cell of layer 3 sees rows and columns 2 i - 2 to 2 i + 11: a corner's are few."""
    made = visualize_filter(lenet, "3", 5, steps=60, cell=(0, 0)).astype(int)
    seen, unseen = made[:10, :10, 0], made[20:, 20:, 0]
    assert np.ptp(seen) > 4 * np.ptp(unseen)


def test_a_gradient_is_measured_in_its_own_size() -> None:
    """(3, 4) has the root mean square sqrt(12.5); each picture counts for itself, 0 stays 0."""
    gradient = torch.tensor([[3.0, 4.0], [0.03, -0.04], [0.0, 0.0]]).reshape(3, 1, 2)
    expected = torch.tensor([[3.0, 4.0], [3.0, -4.0], [0.0, 0.0]]).reshape(3, 1, 2) / 12.5**0.5
    assert torch.allclose(normalised(gradient), expected)


def test_a_channel_that_wants_one_colour_gets_it_without_a_rim(lite: Model) -> None:
    """Channel 3 of act1 answers to blue: no cell, at the border or inside, is left behind."""
    assert stride(lite, "act1") == 2
    made = visualize_filter(lite, "act1", 3).astype(int)
    red, _, blue = made.transpose(2, 0, 1)
    assert (blue - red).min() > 100
    assert np.ptp(blue) < 60


def test_a_whole_layer_is_driven(lenet: Model) -> None:
    ascent = Ascent(lenet, Objective("4"), steps=40)
    for _ in ascent.run():
        pass
    assert ascent.values()[0] > 10 * ascent.start[0]


@pytest.mark.slow
def test_several_pictures_differ_more_than_seeds_make_them(resnet: Model) -> None:
    layer = "layer2.add"
    together = Ascent(resnet, Objective(layer, 5), steps=48, count=3, seed=1)
    for _ in together.run():
        pass
    alone = [visualize_filter(resnet, layer, 5, steps=48, seed=seed) for seed in (1, 2, 3)]

    def alike(pictures: list[np.ndarray]) -> float:
        batch = np.concatenate([as_seen(resnet, one) for one in pictures])
        return float(likeness(torch.from_numpy(resnet.values(batch, [layer])[layer])))

    assert alike(list(together.pictures())) < alike(alone) - 0.02
    assert all(together.values() > 10 * np.abs(together.start))


def test_nothing_behind_the_layer_is_run_and_nothing_of_the_network_changes(lenet: Model) -> None:
    lenet.module.train()
    hooks = sum(len(part._forward_hooks) for part in lenet.module.modules())
    weights = {name: value.clone() for name, value in lenet.module.state_dict().items()}
    ascent = Ascent(lenet, Objective("4", 1), steps=2)
    assert ascent._run.segment.steps == ("0", "1", "2", "3", "4")
    ascent.step()
    assert all(part.training for part in lenet.module.modules())
    assert all(value.grad is None for value in lenet.module.parameters())
    assert sum(len(part._forward_hooks) for part in lenet.module.modules()) == hooks
    assert all(torch.equal(weights[name], now) for name, now in lenet.module.state_dict().items())
    lenet.module.eval()


def test_reports_cover_every_step_once(lenet: Model) -> None:
    reports = list(Ascent(lenet, Objective("3", 5), steps=9, count=2).run(pause_s=0.004))
    assert reports[0].step == 1
    assert reports[-1].step == reports[-1].steps == 9
    assert sum(len(report.values) for report in reports) == 9
    assert all(report.values.shape[1] == 2 for report in reports)
    assert reports[-1].remaining_s == 0


def test_the_rate_falls_over_the_last_third() -> None:
    assert [cooling(share) for share in (0, 0.7, 0.85, 1)] == pytest.approx([1, 1, 0.5, 0])


def test_waves_decay_faster_for_maps_of_few_cells(lite: Model) -> None:
    layers = ("blocks.0.0.act1", "blocks.3.2.add", "blocks.5.3.add", "act2")
    assert [decay(lite, layer) for layer in layers] == pytest.approx([1, 1, 1.75, 1.75])


def test_a_size_of_ones_own(resnet: Model) -> None:
    assert visualize_filter(resnet, "layer1.add", 1, steps=1, size=(20, 36)).shape == (20, 36, 3)


@pytest.mark.parametrize(
    ("layer", "channel", "options", "words"),
    [
        ("softmax", 3, {}, "logits in front of it: '11'"),
        ("input", 0, {}, "the picture itself"),
        ("3", 16, {}, "Channel 16 is outside 3, which has 16: 0 to 15"),
        ("3", 1, {"cell": (10, 0)}, r"Cell \(10, 0\) is outside 3, which has 10 × 10"),
        ("3", None, {"negative": True}, "neither cells nor a direction"),
        ("11", 3, {"size": (64, 64)}, "from 64 × 64 cells to 11. Choose its own size, 28 × 28"),
        ("3", 1, {"size": (8, 28)}, "16 to 512 cells on a side, not 8"),
        ("3", 1, {"steps": 0}, "1 to 4096 steps, not 0"),
    ],
)
def test_nonsense_gets_a_sentence(
    lenet: Model, layer: str, channel: int | None, options: dict[str, object], words: str
) -> None:
    with pytest.raises(VisualizerError, match=words):
        visualize_filter(lenet, layer, channel, **options)  # type: ignore[arg-type]


def test_an_unknown_layer_names_its_neighbours(lenet: Model) -> None:
    with pytest.raises(UnknownNameError, match="Nearest"):
        visualize_filter(lenet, "33", 0)


def test_a_channel_without_a_slope_is_named() -> None:
    model = load_model("lenet5", device="cpu", weights=None)
    with torch.no_grad():
        model.module.get_parameter("0.weight").zero_()
    with pytest.raises(VisualizerError, match="no slope to climb"):
        visualize_filter(model, "3", 0, steps=3)


def test_an_ascent_goes_on_where_it_was_interrupted(lenet: Model) -> None:
    whole, halves = (Ascent(lenet, Objective("3", 2), steps=10) for _ in range(2))
    list(whole.run())
    list(itertools.islice(halves.run(pause_s=0), 4))
    assert halves.taken == 4
    list(halves.run())
    assert np.array_equal(whole.pictures(), halves.pictures())
