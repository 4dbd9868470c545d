"""Draws, agreement, response curves and equivariance, on networks that travel with the package."""

import numpy as np
import pytest
from PIL import Image
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional

import visualizer as vz
from visualizer.analyses.drawn import as_batch, probabilities
from visualizer.analyses.equivariance import changed_by_a_pixel, measured
from visualizer.analyses.response_curve import Changes, curve_points, named_axis
from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.augmentation.axes import AXES
from visualizer.runtime.augmentation.draw import as_image
from visualizer.runtime.graph import SOFTMAX
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.picture import read_picture


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model("resnet_cifar10", "cpu", "onnx")


@pytest.fixture(scope="module")
def cat() -> np.ndarray:
    return read_picture(vz.sample("chelsea"))


def test_augment_gives_pictures_and_what_was_applied(cat: np.ndarray) -> None:
    drawn = vz.augment(vz.sample("chelsea"), "hflip(p=1);rotate(degrees=20)", n=3, seed=4)
    assert len(drawn) == 3
    for picture, applied in drawn:
        assert [one.id for one in applied] == ["hflip", "rotate"]
        angle = applied[1].values["angle_deg"]
        image = functional.horizontal_flip(as_image(cat))
        fill, smooth = [124, 116, 104], v2.InterpolationMode.BILINEAR
        expected = functional.rotate(image, angle, interpolation=smooth, fill=fill)
        np.testing.assert_array_equal(picture, expected.permute(1, 2, 0).numpy())


def test_draw_k_does_not_depend_on_how_many_are_asked_for(cat: np.ndarray) -> None:
    few, many = (vz.augment(cat, "lecture", n=n, seed=1) for n in (2, 5))
    for (one, told), (other, again) in zip(few, many, strict=False):
        np.testing.assert_array_equal(one, other)
        assert told == again


def test_steps_text_and_preset_say_the_same(cat: np.ndarray) -> None:
    steps = [vz.Step("crop", {"size": 32, "padding": 4, "fill": "black"}), vz.Step("hflip")]
    small = cat[:40, :40]
    for way in ("cifar", "crop(size=32,padding=4,fill=black);hflip"):
        for (one, _), (other, _) in zip(
            vz.augment(small, steps, 4), vz.augment(small, way, 4), strict=True
        ):
            np.testing.assert_array_equal(one, other)


def test_grey_and_transparent_pictures_are_taken() -> None:
    grey = np.arange(64 * 48, dtype=np.uint8).reshape(64, 48)
    ((picture, _),) = vz.augment(grey, "jitter(hue=0.3)", n=1)
    assert picture.shape == (64, 48, 3)
    clear = Image.new("RGBA", (30, 20), (255, 0, 0, 0))
    ((picture, _),) = vz.augment(clear, "", n=1)
    assert picture.shape == (20, 30, 3)
    assert picture.min() == 255  # transparency is shown on white


@pytest.mark.parametrize("n", [0, 10_001])
def test_a_number_of_draws_has_limits(n: int, cat: np.ndarray) -> None:
    with pytest.raises(VisualizerError, match=rf"^{n} draws cannot be made .* 1 to 10,000\.$"):
        vz.augment(cat, "hflip", n=n)


def test_agreement_of_the_untouched_picture_is_whole(model: Model, cat: np.ndarray) -> None:
    found = vz.agreement(model, cat, "", n=3)
    assert found.rate == 1
    (first,) = vz.classify(model, cat, top=1)
    assert found.target == first.index
    np.testing.assert_allclose(found.probability, first.probability, atol=1e-5)


def test_agreement_counts_by_hand(model: Model, cat: np.ndarray) -> None:
    found = vz.agreement(model, cat, "rotate(degrees=180)", n=6, seed=2)
    tops = [
        vz.classify(model, picture, top=1)[0].index
        for picture, _ in vz.augment(cat, "rotate(degrees=180)", n=6, seed=2)
    ]
    assert found.top.tolist() == tops
    assert found.rate == pytest.approx(sum(top == found.target for top in tops) / 6)


def test_a_picture_of_the_inputs_size_is_not_cut_again(model: Model) -> None:
    rng = np.random.default_rng(0)
    exact = rng.integers(0, 256, (32, 32, 3), dtype=np.uint8)
    batch = as_batch(model, [exact], "crop")
    mean, std = (np.array(each).reshape(3, 1, 1) for each in (model.spec.mean, model.spec.std))
    expected = (exact.transpose(2, 0, 1) / 255 - mean) / std
    np.testing.assert_allclose(batch[0], expected, atol=1e-5)
    whole = model.values(batch, [SOFTMAX])[SOFTMAX][:, :, 0, 0]
    np.testing.assert_allclose(probabilities(model, batch), whole, atol=1e-5)


def test_a_curve_is_one_run_for_each_value(model: Model, cat: np.ndarray) -> None:
    values = [-40, -10, 0, 25]
    curve = vz.response_curve(model, cat, "rotate", values)
    small = np.asarray(Image.fromarray(cat).resize((48, 32), Image.Resampling.BILINEAR))
    fill, smooth = [124, 116, 104], v2.InterpolationMode.BILINEAR
    for place, value in enumerate(values):
        turned = functional.rotate(as_image(small), value, interpolation=smooth, fill=fill)
        answers = vz.classify(model, turned.permute(1, 2, 0).numpy(), top=10)
        assert curve.top[place] == answers[0].index
        own = next(one for one in answers if one.index == curve.target)
        assert curve.probability[place] == pytest.approx(own.probability, abs=1e-5)
    assert curve.agreement == pytest.approx((curve.top == curve.target).mean())


@pytest.mark.parametrize("axis", AXES, ids=lambda axis: f"{axis.transform}.{axis.parameter}")
def test_the_neutral_value_changes_nothing(axis: object, cat: np.ndarray) -> None:
    small = cat[:90, :120]
    low, high, neutral = axis.low, axis.high, axis.neutral  # type: ignore[attr-defined]
    changed = axis.changed(small, low)  # type: ignore[attr-defined]
    assert changed.shape == small.shape
    assert changed.dtype == np.uint8
    if neutral is not None:
        still = axis.changed(small, neutral)  # type: ignore[attr-defined]
        assert np.abs(still.astype(int) - small).max() <= 1
        far = low if low != neutral else high
        assert np.abs(axis.changed(small, far).astype(int) - small).max() > 20  # type: ignore[attr-defined]


def test_a_shift_is_the_shift_it_says(cat: np.ndarray) -> None:
    moved = named_axis("affine.right").changed(cat[:80, :100], 0.25)
    np.testing.assert_array_equal(moved[:, 25:], cat[:80, :75])


def test_curves_refuse_in_sentences(model: Model, cat: np.ndarray) -> None:
    with pytest.raises(UnknownNameError, match=r"no curve along 'rotate\.speed'; choose one of"):
        vz.response_curve(model, cat, "rotate.speed", [1])
    with pytest.raises(VisualizerError, match="Rotation of 400 is outside -360 to 360"):
        vz.response_curve(model, cat, "rotate", [400])
    with pytest.raises(VisualizerError, match="A curve of 0 values is not measured"):
        vz.response_curve(model, cat, "rotate", [])
    with pytest.raises(VisualizerError, match=r"There is no class 10: .* tells 0 to 9 apart"):
        vz.response_curve(model, cat, "rotate", [1], target=10)


def test_a_curve_runs_each_value_once(model: Model, cat: np.ndarray) -> None:
    class Counting:
        """A network that counts how many pictures it is given."""

        def __init__(self) -> None:
            self.seen = 0

        def __getattr__(self, name: str) -> object:
            return getattr(model, name)

        def evaluate(self, segment: object, values: list[np.ndarray]) -> list[np.ndarray]:
            self.seen += len(values[0])
            return model.evaluate(segment, values)  # type: ignore[arg-type]

    counting = Counting()
    axis = named_axis("jitter.brightness")
    changes = Changes(cat, axis, np.linspace(0, 2, 31).tolist())
    points = list(curve_points(counting, changes, 3))  # type: ignore[arg-type]
    assert [point.position for point in points] == list(range(31))
    assert counting.seen == 31


def test_pictures_are_drawn_once_for_networks_that_see_them_alike(
    model: Model, cat: np.ndarray
) -> None:
    changes = Changes(cat, named_axis("rotate"), [-20.0, 0.0, 35.0])
    first, again = (list(changes.seen_by(model, "crop")) for _ in range(2))
    assert all(one is other for one, other in zip(first, again, strict=True))
    wider = list(changes.seen_by(model, "stretch"))
    assert not any(np.array_equal(one, other) for one, other in zip(first, wider, strict=True))


def test_a_curve_that_was_left_early_is_drawn_to_its_end(model: Model, cat: np.ndarray) -> None:
    changes = Changes(cat, named_axis("blur"), [0.0, 1.0, 4.0])
    next(changes.seen_by(model, "crop"))
    assert len(list(changes.seen_by(model, "crop"))) == 3
    assert [point.value for point in curve_points(model, changes, 3)] == [0, 1, 4]


def test_a_shift_by_the_stride_moves_the_map_by_one_cell(model: Model, cat: np.ndarray) -> None:
    found = vz.equivariance(model, cat)
    assert found.shift_px == (1, 1)
    assert found.error < 1e-5
    assert found.still > 0.05  # the maps did move
    deeper = vz.equivariance(model, cat, "layer2.relu1")
    stride = 32 // model.layer("layer2.relu1").output_shape[1]
    assert stride > 1
    assert deeper.shift_px == (stride, stride)
    assert deeper.error < 1e-4


def test_equivariance_against_rolled_maps(model: Model) -> None:
    """By hand: with the input moved one pixel, cell (r + 1, c + 1) has what (r, c) had."""
    rng = np.random.default_rng(1)
    batch = rng.standard_normal((1, 3, 32, 32)).astype(np.float32)
    moved = np.zeros_like(batch)
    moved[:, :, 1:, 1:] = batch[:, :, :-1, :-1]
    layer = next(one.name for one in model.graph.layers if one.op == "conv2d")
    before, after = (model.values(each, [layer])[layer][0] for each in (batch, moved))
    difference = after[:, 2:-1, 2:-1] - before[:, 1:-2, 1:-2]
    assert np.abs(difference).max() < 1e-5
    assert measured(model, batch, layer).error < 1e-6


def test_a_layer_that_always_sees_the_border_is_refused(model: Model, cat: np.ndarray) -> None:
    with pytest.raises(VisualizerError, match=r"sees the border .* Choose an earlier layer"):
        vz.equivariance(model, cat, model.logits)


def test_a_change_by_a_pixel_by_hand(model: Model) -> None:
    """A ramp that rises by 1 a column and by 10 a row loses 11 in every cell but the first ones."""
    ramp = np.arange(32, dtype=np.float32)
    batch = np.tile(10 * ramp[:, None] + ramp, (1, 3, 1, 1))
    moved = batch - 11
    moved[:, :, 0], moved[:, :, :, 0] = batch[:, :, 0] - 1, batch[:, :, :, 0] - 10
    moved[:, :, 0, 0] = batch[:, :, 0, 0]
    expected = np.linalg.norm(moved - batch) / np.linalg.norm(batch)
    assert changed_by_a_pixel(model, batch, ["input"]) == [pytest.approx(expected, rel=1e-5)]


def test_a_change_by_a_pixel_against_the_layers_own_values(model: Model) -> None:
    batch = np.random.default_rng(2).standard_normal((1, 3, 32, 32)).astype(np.float32)
    moved = batch[:, :, [0, *range(31)]][:, :, :, [0, *range(31)]]
    layers = ["layer1.relu1", "avgpool"]
    for layer, change in zip(layers, changed_by_a_pixel(model, batch, layers), strict=True):
        before, after = (model.values(each, [layer])[layer] for each in (batch, moved))
        assert change == pytest.approx(np.sqrt(((after - before) ** 2).sum() / (before**2).sum()))
