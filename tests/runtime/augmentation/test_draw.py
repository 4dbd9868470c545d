"""Draws: torchvision's own pixels, seeded one by one, told and moved along with boxes."""

import threading

import numpy as np
import pytest
import torch
from torchvision import tv_tensors
from torchvision.transforms import v2

from visualizer.errors import VisualizerError
from visualizer.runtime.augmentation import TRANSFORMS, find
from visualizer.runtime.augmentation.draw import Drawer, as_image, working_copy
from visualizer.runtime.augmentation.hue import adjust_hue
from visualizer.runtime.augmentation.objects import Found, sample_objects
from visualizer.runtime.augmentation.pipeline import Step, parse
from visualizer.runtime.augmentation.presets import PRESETS
from visualizer.runtime.augmentation.record import Transform
from visualizer.runtime.augmentation.seeded import Seeded, step_seed

SINGLE = [one for one in TRANSFORMS if not one.pair]


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """Smooth colours in a picture that is not square: (96, 130, 3)."""
    rows, columns = np.mgrid[:96, :130]
    planes = (rows * 2, columns * 255 // 130, (rows * 3 + columns * 2) % 256)
    return np.stack(planes, axis=2).astype(np.uint8)


def small(step: Transform) -> Step:
    """The step on, sure to fire, and fit for a picture of 96 x 130."""
    has_size = any(parameter.name == "size" for parameter in step.parameters)
    return Step(step.id, {"size": 64} if has_size else {}, 1.0)


@pytest.mark.filterwarnings("ignore:The image decoding and encoding:DeprecationWarning")
@pytest.mark.parametrize("record", SINGLE, ids=lambda record: record.id)
@pytest.mark.parametrize("chance", [1.0, 0.6])
def test_a_draw_is_torchvisions_own(record: Transform, chance: float, picture: np.ndarray) -> None:
    """After ``manual_seed`` of the seed told, the plain class of torchvision makes these pixels."""
    step = Step(record.id, small(record).parameters, chance)
    kind = getattr(v2, record.torchvision)
    keywords = record.keywords(step.parameters, step.chance)
    plain = kind(**keywords)
    if not record.own_chance and chance < 1:
        plain = v2.RandomApply([plain], p=chance)
    drawer = Drawer(picture, (step,), seed=3)
    fired = 0
    for number in range(6):
        draw = drawer.draw(number)
        fired += len(draw.applied)
        assert len(draw.applied) + len(draw.skipped) == 1
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(step_seed(3, number, record.id, 0))
            expected = plain(as_image(picture)).permute(1, 2, 0).numpy()
        differing = np.abs(draw.pixels.astype(int) - expected)
        few = 3 if record.id == "elastic" else 0  # of 37,440 levels; torchvision's sums are rounded
        assert differing.max() <= min(few, 1)
        assert np.count_nonzero(differing) <= few
    assert fired == 6 or chance < 1


def test_hue_is_torchvisions_in_every_pixel() -> None:
    levels = torch.arange(0, 256, 5)
    colours = torch.cartesian_prod(levels, levels, levels).T.reshape(3, 52, -1).to(torch.uint8)
    for factor in (-0.5, -0.317, -0.1, 0.0, 0.003, 0.25, 0.41, 0.5):
        expected = v2.functional.adjust_hue(colours, factor)
        assert torch.equal(adjust_hue(colours, factor), expected)


@pytest.mark.slow
def test_hue_is_torchvisions_for_all_colours() -> None:
    code = torch.arange(2**24, dtype=torch.int32)
    colours = torch.stack([code >> 16, (code >> 8) & 255, code & 255])
    colours = colours.to(torch.uint8).view(3, 4096, 4096)
    expected = v2.functional.adjust_hue(colours, 0.083)
    assert torch.equal(adjust_hue(colours, 0.083), expected)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_draws_do_not_depend_on_the_order_of_calls(preset: object, picture: np.ndarray) -> None:
    steps = parse(preset.pipeline)  # type: ignore[attr-defined]
    partner = picture[::-1, ::-1].copy()
    forward = [Drawer(picture, steps, 5, partner=partner).draw(k) for k in (0, 1, 2)]
    other = Drawer(picture, steps, 5, partner=partner)
    backward = [other.draw(k) for k in (2, 1, 0)][::-1]
    together = other.draws(range(3))
    for one, two, three in zip(forward, backward, together, strict=True):
        np.testing.assert_array_equal(one.pixels, two.pixels)
        np.testing.assert_array_equal(one.pixels, three.pixels)
        assert [a.text for a in one.applied] == [a.text for a in three.applied]


def test_other_steps_and_other_threads_leave_a_draw_as_it_is(picture: np.ndarray) -> None:
    alone = Drawer(picture, parse("rotate"), 1).draw(4).applied[0]
    beside = Drawer(picture, parse("jitter(hue=0.3);-hflip;rotate"), 1).draw(4).applied[-1]
    assert alone.values == beside.values
    stop = threading.Event()

    def noise() -> None:
        while not stop.is_set():
            torch.rand(10)

    thread = threading.Thread(target=noise)
    thread.start()
    again = Drawer(picture, parse("rotate"), 1).draw(4).applied[0]
    stop.set()
    thread.join()
    assert again == alone


def test_nothing_is_seeded_globally(picture: np.ndarray) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(12)
        expected = torch.rand(3)
        torch.manual_seed(12)
        Drawer(picture, parse("rotate;jitter;noise;elastic;augmix"), 0).draw(0)
        assert torch.equal(torch.rand(3), expected)


def test_known_numbers_of_a_seed() -> None:
    """Written down once: the same on every machine."""
    assert step_seed(0, 0, "rotate", 0) == 3407755344
    with Seeded(7):
        assert torch.randint(1000, (4,)).tolist() == [615, 892, 721, 286]


def test_two_seeds_and_two_draws_differ(picture: np.ndarray) -> None:
    angles = {
        Drawer(picture, parse("rotate"), seed).draw(number).applied[0].values["angle_deg"]
        for seed in range(4)
        for number in range(8)
    }
    assert len(angles) == 32
    assert all(-15 <= angle <= 15 for angle in angles)


def test_a_mirror_moves_the_box_as_worked_out_by_hand(picture: np.ndarray) -> None:
    mask = np.zeros((96, 130), dtype=bool)
    mask[10:20, 30:50] = True
    found = Found("thing", (30, 10, 50, 20), mask)
    draw = Drawer(picture, parse("hflip(p=1)"), objects=[found]).draw(0)
    (moved,) = draw.objects
    assert moved.box == (80, 10, 100, 20)  # 130 - 50, 130 - 30
    assert moved.mask is not None
    np.testing.assert_array_equal(moved.mask, mask[:, ::-1])
    np.testing.assert_array_equal(draw.pixels, picture[:, ::-1])


@pytest.mark.parametrize(
    "text",
    ["rotate(degrees=90)", "affine(degrees=30,shear=10)", "perspective(p=1)", "vflip(p=1)",
     "resized_crop(size=64)", "crop(size=64,padding=8)", "zoom_out(p=1)", "pad", "resize(size=40)"],
)  # fmt: skip
def test_boxes_hold_the_marked_pixels_wherever_they_go(text: str, picture: np.ndarray) -> None:
    """A black picture with one bright rectangle: what is bright stays inside its box."""
    black = np.zeros_like(picture)
    black[30:60, 50:90] = 255
    mask = black[..., 0] > 0
    steps = parse(text.replace(")", ",fill=black)") if "fill" in fills(text) else text)
    drawer = Drawer(black, steps, 2, objects=[Found("bright", (50, 30, 90, 60), mask)])
    for number in range(4):
        draw = drawer.draw(number)
        rows, columns = np.nonzero(draw.pixels[..., 0] > 200)
        if not len(rows):
            continue
        left, top, right, bottom = draw.objects[0].box
        assert left - 1.5 <= columns.min() <= columns.max() <= right + 0.5
        assert top - 1.5 <= rows.min() <= rows.max() <= bottom + 0.5
        assert draw.objects[0].mask is not None
        agree = (draw.pixels[..., 0] > 127) == draw.objects[0].mask
        assert agree.mean() > 0.97


def fills(text: str) -> set[str]:
    names = {parameter.name for parameter in find(text.partition("(")[0]).parameters}
    return names if "(" in text else set()


def test_what_leaves_the_picture_has_no_box(picture: np.ndarray) -> None:
    corner = Found("corner", (0, 0, 10, 10))
    draw = Drawer(picture, parse("center_crop(size=32)"), objects=[corner]).draw(0)
    assert draw.objects == ()
    assert not draw.lost


def test_policies_say_when_boxes_cannot_follow(picture: np.ndarray) -> None:
    found = [Found("thing", (30, 10, 50, 20))]
    seen = set()
    for number in range(40):
        draw = Drawer(picture, parse("trivialaugment"), objects=found).draw(number)
        (fired,) = draw.applied[0].values["operations"]
        moving = fired["name"] in {"ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate"}
        assert draw.lost == moving
        assert len(draw.objects) == (0 if moving else 1)
        seen.add(moving)
    assert seen == {True, False}


def test_mixup_and_cutmix_keep_the_share_they_tell() -> None:
    white, black = np.full((40, 60, 3), 255, np.uint8), np.zeros((90, 90, 3), np.uint8)
    mixed = Drawer(white, parse("mixup"), partner=black).draw(1)
    assert mixed.pixels.mean() / 255 == pytest.approx(mixed.share, abs=1 / 255)
    pasted = Drawer(white, parse("cutmix"), partner=black).draw(1)
    assert pasted.pixels.mean() / 255 == pytest.approx(pasted.share, abs=1e-6)
    assert 0 < pasted.share < 1


def test_noise_is_noise_and_erased_noise_is_more_than_seven_levels() -> None:
    grey = np.full((80, 80, 3), 128, np.uint8)
    noisy = Drawer(grey, parse("noise(sigma=0.05)")).draw(0).pixels.astype(float)
    assert noisy.std() == pytest.approx(0.05 * 255, rel=0.05)
    draw = Drawer(grey, parse("erase(value=noise,p=1)")).draw(0)
    values = draw.applied[0].values
    top, left = values["top_px"], values["left_px"]
    inside = draw.pixels[top : top + values["height_px"], left : left + values["width_px"]]
    assert len(np.unique(inside)) > 100
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(draw.applied[0].seed)
        plain = v2.RandomErasing(p=1, value="random")(as_image(grey))
    assert len(np.unique(plain.numpy())) <= 10  # torchvision's, on levels


def test_rotation_fills_with_the_mean_colour_and_leaves_no_steps() -> None:
    white = np.full((64, 64, 3), 255, np.uint8)
    draw = Drawer(white, parse("rotate(degrees=30)"), 1).draw(2)
    assert abs(draw.applied[0].values["angle_deg"]) > 5
    assert tuple(draw.pixels[0, 0]) == (124, 116, 104)
    nearest = Drawer(white, parse("rotate(degrees=30,interpolation=nearest)"), 1).draw(2)
    assert len(np.unique(draw.pixels)) > len(np.unique(nearest.pixels)) == 4


LABEL_PRESERVING = ["jitter", "channels", "invert(p=1)", "posterize(p=1)", "solarize(p=1)",
                    "autocontrast(p=1)", "equalize(p=1)", "grey(p=1)"]  # fmt: skip


@pytest.mark.parametrize("text", LABEL_PRESERVING)
def test_colours_change_and_no_pixel_moves(text: str) -> None:
    """Equal pixels stay equal wherever they are: shape is kept, so the label is."""
    rng = np.random.default_rng(0)
    palette = rng.integers(0, 256, (6, 3), dtype=np.uint8)
    places = rng.integers(0, 6, (30, 44))
    draw = Drawer(palette[places], parse(text), 0).draw(0)
    for colour in range(6):
        assert len(np.unique(draw.pixels[places == colour], axis=0)) == 1


def test_a_crop_larger_than_the_picture_is_refused(picture: np.ndarray) -> None:
    sentence = (
        r"A crop of 224 × 224 does not fit a picture of 96 × 130 pixels \(height × width\) with a "
        r"border of 4. Choose a size up to 104, or widen small pictures."
    )
    with pytest.raises(VisualizerError, match=sentence):
        Drawer(picture, parse("crop(padding=4)")).draw(0)
    wide = Drawer(picture, parse("crop(pad_if_needed=yes)")).draw(0)
    assert wide.pixels.shape == (224, 224, 3)


def test_borders_cannot_grow_without_end(picture: np.ndarray) -> None:
    with pytest.raises(VisualizerError, match=r"makes [\d,]+ pixels, the limit is 4,000,000"):
        Drawer(picture, parse(";".join(["zoom_out(side_range=4..4,p=1)"] * 5))).draw(0)


def test_torchvisions_own_refusals_are_sentences() -> None:
    tiny = np.zeros((4, 200, 3), np.uint8)
    with pytest.raises(VisualizerError, match=r"^Blur cannot be applied to 4 × 200 pixels"):
        Drawer(tiny, parse("blur(kernel_size=31)")).draw(0)


def test_mixing_needs_a_partner(picture: np.ndarray) -> None:
    with pytest.raises(VisualizerError, match="MixUp mixes two pictures and there is one"):
        Drawer(picture, parse("mixup"))


def test_the_working_copy_is_torchvisions_resize(picture: np.ndarray) -> None:
    expected = v2.Resize(48)(tv_tensors.Image(as_image(picture))).permute(1, 2, 0).numpy()
    made, (moved,) = working_copy(picture, [Found("thing", (26, 20, 52, 40))], 48)
    np.testing.assert_array_equal(made, expected)
    assert moved.box == (13, 10, 26, 20)
    assert working_copy(picture)[0] is picture


def test_samples_have_boxes_inside_them() -> None:
    (cup, spoon) = sample_objects("coffee")
    assert (cup.label, spoon.label) == ("cup", "spoon")
    assert cup.mask is not None
    rows, columns = np.nonzero(cup.mask)
    left, top, right, bottom = cup.box
    assert left - 1 <= columns.min() <= columns.max() <= right + 1
    assert top - 1 <= rows.min() <= rows.max() <= bottom + 1
    assert sample_objects("digit_2") == ()
