import itertools

import numpy as np
import pytest
import torch
from torch.nn import functional

from visualizer.errors import GeometryError
from visualizer.maths.conv import (
    MODES,
    Array,
    conv2d,
    conv_transpose2d,
    conv_transpose2d_by_zeros,
    output_size,
    pad,
    transposed_size,
)


def torch_of(array: Array) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))


@pytest.mark.parametrize(
    ("i", "k", "s", "p", "o"),
    [(4, 3, 1, 0, 2), (5, 4, 1, 2, 6), (5, 3, 1, 1, 5), (5, 3, 1, 2, 7),
     (5, 3, 2, 0, 2), (5, 3, 2, 1, 3), (6, 3, 2, 1, 3)],
)  # fmt: skip
def test_output_size_as_drawn_in_figures_2_1_to_2_7(i: int, k: int, s: int, p: int, o: int) -> None:
    """Dumoulin & Visin, arXiv:1603.07285."""
    assert output_size(i, k, stride=s, padding=p) == o


def test_output_size_of_the_dilated_kernel_in_figure_5_1() -> None:
    """Dumoulin & Visin, arXiv:1603.07285."""
    assert output_size(7, 3, dilation=2) == 3


@pytest.mark.parametrize(
    ("i", "k", "s", "p", "o"),
    [(2, 3, 1, 0, 4), (5, 3, 1, 1, 5), (5, 3, 1, 2, 3), (2, 3, 2, 0, 5), (3, 3, 2, 1, 5)],
)  # fmt: skip
def test_transposed_size_as_drawn_in_figures_4_1_to_4_6(
    i: int, k: int, s: int, p: int, o: int
) -> None:
    """Dumoulin & Visin, arXiv:1603.07285; i and o as in the transposed direction."""
    assert transposed_size(i, k, stride=s, padding=p) == o


@pytest.mark.parametrize(("i", "s", "p"), [*itertools.product(range(4, 10), range(1, 5), range(2))])
def test_rounding_up_is_pytorchs(i: int, s: int, p: int) -> None:
    size = functional.max_pool2d(torch.zeros(1, 1, i, i), 3, s, p, ceil_mode=True).shape[-1]
    assert output_size(i, 3, stride=s, padding=p, ceil=True) == size


def test_output_size_says_what_does_not_fit() -> None:
    with pytest.raises(
        GeometryError,
        match=r"A kernel spanning 7 cells does not fit 6 \(input 4, padding 1 \+ 1\)\. "
        r"Shrink the kernel or raise the padding by 1\.",
    ):
        output_size(4, 4, padding=1, dilation=2)


def test_transposed_size_says_what_is_cut_away() -> None:
    with pytest.raises(GeometryError, match=r"Padding 2 \+ 2 cuts away all 3 cells .* by 2\."):
        transposed_size(1, 3, padding=2)


def test_one_cell_of_a_vertical_edge_by_hand() -> None:
    image = np.array([[[4.0, 9, 2], [5, 6, 2], [2, 4, 5]]])
    assert conv2d(image, np.array([[[[1.0, 0, -1]] * 3]])).tolist() == [[[2]]]


@pytest.mark.parametrize("seed", range(40))
def test_conv2d_is_pytorchs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = int(rng.choice([1, 2, 3]))
    kernel, stride, dilation = rng.integers(1, 4, (3, 2)).tolist()
    top, right, bottom, left = padding = rng.integers(0, 4, 4).tolist()
    image = rng.standard_normal((2 * groups, 9, 11))
    weights = rng.standard_normal((3 * groups, 2, *kernel))
    bias = rng.standard_normal(3 * groups)
    mode = list(MODES)[seed % 4]
    got = conv2d(
        image, weights, bias,
        stride=stride, padding=padding, dilation=dilation, groups=groups, mode=mode,
    )  # fmt: skip
    torch_mode = "constant" if mode == "zeros" else mode
    padded = functional.pad(torch_of(image)[None], (left, right, top, bottom), mode=torch_mode)
    expected = functional.conv2d(
        padded, torch_of(weights), torch_of(bias),
        stride=tuple(stride), dilation=tuple(dilation), groups=groups,
    )  # fmt: skip
    assert got.shape == expected[0].shape
    np.testing.assert_allclose(got, expected[0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("transpose", [conv_transpose2d, conv_transpose2d_by_zeros])
@pytest.mark.parametrize("seed", range(30))
def test_both_views_of_a_transposed_convolution_are_pytorchs(transpose, seed: int) -> None:  # type: ignore[no-untyped-def]  # two functions of one signature
    rng = np.random.default_rng(seed)
    groups = int(rng.choice([1, 2]))
    kernel, stride, dilation = rng.integers([2, 1, 1], [5, 4, 4], (2, 3)).T.tolist()
    padding = rng.integers(0, 2, 2).tolist()
    extra = [int(rng.integers(0, max(pair))) for pair in zip(stride, dilation, strict=True)]
    image = rng.standard_normal((2 * groups, 4, 6))
    weights = rng.standard_normal((2 * groups, 3, *kernel))
    bias = rng.standard_normal(3 * groups)
    got = transpose(
        image, weights, bias, stride=stride, padding=[*padding, *padding],
        dilation=dilation, groups=groups, output_padding=extra,
    )  # fmt: skip
    expected = functional.conv_transpose2d(
        torch_of(image)[None], torch_of(weights), torch_of(bias), stride=tuple(stride),
        padding=tuple(padding), dilation=tuple(dilation), groups=groups,
        output_padding=tuple(extra),
    )  # fmt: skip
    np.testing.assert_allclose(got, expected[0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("transpose", [conv_transpose2d, conv_transpose2d_by_zeros])
def test_a_transposed_convolution_cuts_each_side_by_itself(transpose) -> None:  # type: ignore[no-untyped-def]  # as above
    rng = np.random.default_rng(0)
    image, weights = rng.standard_normal((1, 3, 4)), rng.standard_normal((1, 1, 3, 2))
    whole = transpose(image, weights, stride=(2, 3))
    cut = transpose(image, weights, stride=(2, 3), padding=(1, 0, 2, 3))
    np.testing.assert_allclose(cut, whole[:, 1:-2, 3:])


def test_groups_that_do_not_fit_are_named() -> None:
    with pytest.raises(GeometryError, match=r"4 filters that read 2 channels each, in 3 groups"):
        conv2d(np.zeros((3, 4, 5)), np.zeros((4, 2, 3, 3)), groups=3)
    with pytest.raises(GeometryError, match=r"Weights for 2 channels in 1 groups do not fit 3"):
        conv_transpose2d(np.zeros((3, 4, 5)), np.zeros((2, 2, 3, 3)))
    with pytest.raises(GeometryError, match=r"does not fit 4 \(input 2, padding 0 \+ 2\)"):
        conv2d(np.zeros((1, 4, 2)), np.zeros((1, 1, 3, 5)), padding=(0, 2, 0, 0))


def test_padding_modes_are_limited() -> None:
    image = np.arange(6.0).reshape(1, 2, 3)
    with pytest.raises(GeometryError, match=r"Padding 2 is too much for 2 cells: reflect allows"):
        pad(image, 2, "reflect")
    with pytest.raises(GeometryError, match=r"Padding 3 .* circular allows at most 2\."):
        pad(image, 3, "circular")
    with pytest.raises(GeometryError, match="There is no padding 'mirror'; there are zeros"):
        pad(image, 1, "mirror")
    assert pad(image, (1, 0, 0, 2), "replicate").tolist() == [
        [[0, 0, 0, 1, 2], [0, 0, 0, 1, 2], [3, 3, 3, 4, 5]]
    ]
