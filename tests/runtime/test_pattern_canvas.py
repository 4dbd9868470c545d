"""Pictures as waves: weights of frequencies, colours, random views; by hand and against NumPy."""

import math

import numpy as np
import pytest
import torch

from visualizer.runtime.pattern.canvas import Canvas, colour_matrix, frequencies, scales
from visualizer.runtime.pattern.objective import climbed, interior, likeness
from visualizer.runtime.pattern.views import Views, look, wrapped


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_frequencies_of_a_small_picture_by_hand() -> None:
    """4 rows, 5 columns: waves of 0, 1, 2, -1 quarters down and 0, 1, 2 fifths across."""
    found = frequencies(4, 5)
    assert found.shape == (4, 3)
    assert found[0].tolist() == pytest.approx([0, 0.2, 0.4])
    assert found[2, 1] == pytest.approx(math.hypot(0.5, 0.2))
    assert found[3, 2] == pytest.approx(math.hypot(0.25, 0.4))


def test_waves_weigh_one_over_their_frequency() -> None:
    """The constant part counts as a wave of 5 cells, the longest: 0.25 / 0.2 = 1.25."""
    weights = scales(4, 5)
    assert weights[0].tolist() == pytest.approx([1.25, 1.25, 0.625])
    steeper = scales(4, 5, decay=2.0)
    assert steeper[0].tolist() == pytest.approx([1.25 * 0.5, 1.25 * 0.5, 0.625 * 0.25])


def test_the_plain_colour_can_weigh_more_than_any_wave() -> None:
    """Sixfold: 6 · 1.25 = 7.5; no wave is touched."""
    weights = scales(4, 5, constant=6.0)
    assert weights[0].tolist() == pytest.approx([7.5, 1.25, 0.625])
    assert np.array_equal(weights[1:], scales(4, 5)[1:])


def test_no_decay_changes_the_weight_of_a_wave_of_ten_cells() -> None:
    assert scales(10, 20, decay=1.75)[0, 2] == pytest.approx(scales(10, 20)[0, 2])


def test_colours_vary_together_as_in_photos() -> None:
    """The covariance of Lucid's axes: red and green go together far more than red and blue."""
    matrix = colour_matrix().astype(float)
    assert np.linalg.norm(matrix[:, 0]) == pytest.approx(1)
    covariance = matrix @ matrix.T
    spread = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(spread, spread)
    assert correlation[0, 1] == pytest.approx(0.9135, abs=1e-3)
    assert correlation[0, 1] > correlation[0, 2]


@pytest.mark.parametrize(("size", "mean"), [((9, 14), (0.4, 0.5, 0.6)), ((12, 7), (0.13,))])
def test_pixels_are_the_waves_summed_one_by_one(
    size: tuple[int, int], mean: tuple[float, ...]
) -> None:
    canvas = Canvas(2, size, mean, generator())
    canvas.coefficients.data *= 40
    waves = torch.view_as_complex(canvas.coefficients.detach()).numpy() * scales(*size)
    rows, columns = np.mgrid[: size[0], : size[1]]
    summed = np.zeros((2, len(mean), *size))
    for v in range(size[0]):
        for u in range(size[1] // 2 + 1):
            turn = np.exp(2j * np.pi * (v * rows / size[0] + u * columns / size[1]))
            twice = 1 if u == 0 or 2 * u == size[1] else 2  # its mirror image is not stored
            summed += twice * (waves[:, :, v, u, None, None] * turn).real
    summed /= math.sqrt(size[0] * size[1])
    if len(mean) == 3:
        summed = np.einsum("rc,nchw->nrhw", colour_matrix(), summed)
    offset = np.log(np.array(mean) / (1 - np.array(mean))).reshape(-1, 1, 1)
    expected = 1 / (1 + np.exp(-(summed + offset)))
    assert canvas.pixels().detach().numpy() == pytest.approx(expected, abs=2e-5)


def test_without_waves_a_picture_is_the_mean_colour() -> None:
    canvas = Canvas(1, (6, 5), (0.485, 0.456, 0.406), generator())
    canvas.coefficients.data *= 0
    colour = canvas.pixels()[0].detach().mean(dim=(1, 2))
    assert colour.tolist() == pytest.approx([0.485, 0.456, 0.406])


def test_a_picture_without_end_repeats_itself_from_any_cell_on() -> None:
    """Against NumPy: the picture tiled, cut out anywhere; over many draws it begins everywhere."""
    pictures = torch.arange(2 * 3 * 4 * 5, dtype=torch.float32).reshape(2, 3, 4, 5)
    tiled = np.tile(pictures.numpy(), (1, 1, 4, 4))
    draws, begun = generator(), set()
    for _ in range(200):
        shown = wrapped(pictures, (1, 2), draws).numpy()
        assert shown.shape == (2, 3, 6, 9)
        for picture, tiles in zip(shown, tiled, strict=True):
            top, left = divmod(int(picture[0, 0, 0]) % 20, 5)
            assert np.array_equal(picture, tiles[:, top : top + 6, left : left + 9])
            begun.add((top, left))
    assert len(begun) == 4 * 5


def test_a_view_without_any_change_is_the_middle_of_the_canvas() -> None:
    still = Views(shift=0.25, turn_deg=0, zoom=0)
    view = (8, 12)
    picture = torch.rand(1, 3, *still.canvas(view), generator=generator())
    assert picture.shape[2:] == (12, 18)
    matrices = Views(shift=0.25, turn_deg=0, zoom=0).matrices(1, view, generator())
    matrices[:, :, 2] = 0
    assert torch.allclose(look(picture, matrices, view), still.centre(picture, view), atol=1e-5)


def test_views_move_turn_and_zoom_within_their_limits() -> None:
    """On a square: [[cos, -sin], [sin, cos]] / zoom times 20 / 30, and the shift in half sides."""
    views = Views(shift=0.25, turn_deg=30, zoom=0.2)
    found = views.matrices(4000, (20, 20), generator()).numpy() * 30 / 20
    angles = np.degrees(np.arctan2(found[:, 1, 0], found[:, 0, 0]))
    sizes = 1 / np.hypot(found[:, 1, 0], found[:, 0, 0])
    assert (angles.min(), angles.max()) == pytest.approx((-30, 30), abs=0.1)
    assert (sizes.min(), sizes.max()) == pytest.approx((0.8, 1.2), abs=1e-3)
    shifts = found[:, :, 2] * 10  # cells
    assert (shifts.min(), shifts.max()) == pytest.approx((-5, 5), abs=0.01)


def test_a_quarter_turn_of_an_oblong_view_keeps_squares_square() -> None:
    """Four cells across become four cells down."""
    views = Views(shift=0.5, turn_deg=0, zoom=0)
    view = (6, 10)
    rows, columns = views.canvas(view)
    turned = Views(shift=0.5, turn_deg=90, zoom=0)
    matrix = turned.matrices(500, view, generator())
    half = torch.argmax(matrix[:, 1, 0])  # nearest to 90 degrees
    across = matrix[half, :, 0].numpy() * np.array([columns, rows]) / view[1]
    assert across.tolist() == pytest.approx([0, 1], abs=0.01)


def test_silent_and_full_cells_keep_a_tenth_of_their_slope() -> None:
    before = torch.tensor([-2.0, 3.0, 8.0])
    after = before.clamp(0, 6)
    assert climbed(after, before).tolist() == pytest.approx([-0.2, 3.0, 6.2])


def test_the_rim_is_a_sixteenth_on_each_side() -> None:
    maps = torch.zeros(1, 2, 33, 15)
    assert interior(maps).shape == (1, 2, 29, 15)


def test_likeness_of_three_pictures_by_hand() -> None:
    """Gram matrices diag(1, 0), diag(0, 1), diag(1, 1): cosines 0, 1/√2, 1/√2."""
    maps = torch.tensor([[[1.0, 0], [0, 0]], [[0, 0], [0, 1]], [[1, 0], [0, 1]]])[:, :, None]
    assert float(likeness(maps)) == pytest.approx(2 / (3 * math.sqrt(2)))
