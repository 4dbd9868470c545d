import numpy as np

from visualizer.maths.receptive_field import identity, through_bins, through_window, union, whole


def test_two_stacked_convolutions_see_what_one_sees_by_hand() -> None:
    """3 x 3, stride 2, padding 1 behind 5 x 5: cell 1 reads rows 1-3, those read rows -1..5 - 2."""
    after = through_window(identity(4), kernel_size=3, stride=2, padding=1)
    assert after.tolist() == [[-1, 1], [1, 3], [3, 5], [5, 7]]
    before = through_window(after, kernel_size=5, padding=2)
    assert before.tolist() == [[-3, 3], [-1, 5], [1, 7], [3, 9]]


def test_dilation_spreads_the_window() -> None:
    after = through_window(identity(2), kernel_size=3, dilation=4)
    assert after.tolist() == [[0, 8], [1, 9]]


def test_bins_are_those_of_adaptive_pooling() -> None:
    """7 cells into 3 bins: 0-2, 2-4, 4-6, as PyTorch cuts them."""
    assert through_bins(identity(3), input_size=7, output_size=3).tolist() == [
        [0, 2],
        [2, 4],
        [4, 6],
    ]


def test_whole_and_union() -> None:
    assert whole(2, 5).tolist() == [[0, 4], [0, 4]]
    spanned = union(np.array([[0, 2], [3, 4]]), np.array([[1, 9], [-2, 3]]))
    assert spanned.tolist() == [[0, 9], [-2, 4]]
