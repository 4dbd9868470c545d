"""The strongest patches: by hand, against a search of every cell, at the border, in batches."""

import numpy as np
import pytest
import torch
from torch import nn

import visualizer as vz
from visualizer.analyses import patch_index
from visualizer.analyses.patch_index import PatchIndex, Peak, indexable, peaks
from visualizer.analyses.top_patches import as_colours, as_pixels, inputs, top_patches
from visualizer.errors import CollectionError, PictureError, UnknownNameError, VisualizerError
from visualizer.runtime.collection import Collection
from visualizer.runtime.framing import network_input
from visualizer.runtime.graph import trace
from visualizer.runtime.guided import guided_backpropagation
from visualizer.runtime.model import Array, Model, load_model
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.zoo import find


@pytest.fixture(scope="module", params=["torch", "onnx"])
def lenet5(request: pytest.FixtureRequest) -> Model:
    return load_model("lenet5", backend=request.param)


@pytest.fixture(scope="module")
def noise() -> Collection:
    """Forty grey pictures of 31 x 40 pixels, half of them dark."""
    rng = np.random.default_rng(4)
    pixels = rng.integers(0, 256, (40, 31, 40, 1), dtype=np.uint8).repeat(3, axis=3)
    pixels[::2] //= 8
    return Collection.of(list(pixels), labels=["dark", "light"] * 20)


def every_map(model: Model, collection: Collection, layer: str) -> Array:
    """All maps of a layer on all pictures, one picture at a time: (n, C, h, w)."""
    spec = model.spec
    runs = [model.values(network_input(pixels, spec), [layer])[layer] for pixels in collection]
    return np.concatenate(runs)


def brute_force(maps: Array, k: int) -> list[tuple[int, float, int, int]]:
    """Search all cells of one channel, (n, h, w), in plain Python."""
    best = []
    for picture, grid in enumerate(maps.tolist()):
        cells = [(value, -r, -c) for r, row in enumerate(grid) for c, value in enumerate(row)]
        value, row, column = max(cells)
        best.append((picture, value, -row, -column))
    return sorted(best, key=lambda one: (-one[1], one[0]))[:k]


def test_agrees_with_a_search_through_every_cell(lenet5: Model, noise: Collection) -> None:
    for layer in ("0", "2", "4", "8"):
        maps = every_map(lenet5, noise, layer)
        for channel in (0, 3, 5):
            found = top_patches(lenet5, layer, channel, noise, k=9)
            expected = brute_force(maps[:, channel], 9)
            assert [(p.picture, p.row, p.column) for p in found if p.value > 0] == [
                (picture, row, column) for picture, value, row, column in expected if value > 0
            ]
            values = [value for _, value, _, _ in expected]
            assert np.allclose([p.value for p in found], values, rtol=1e-4, atol=1e-5)
            assert found[0].label == noise.label(found[0].picture)


def test_one_pass_over_all_layers_finds_what_each_layer_alone_finds(
    lenet5: Model, noise: Collection
) -> None:
    index = PatchIndex(lenet5, noise)
    assert index.layers == indexable(lenet5) == [layer.name for layer in lenet5.layers[:-1]]
    while not index.complete:
        index.advance(lenet5, noise)
    for layer in ("1", "3", "7", "11"):
        found = top_patches(lenet5, layer, 2, noise)
        all_at_once = index.top(layer, 2)
        assert [p.picture for p in found] == [p.picture for p in all_at_once]
        assert np.allclose([p.value for p in found], [p.value for p in all_at_once], rtol=1e-4)


def test_batches_cut_anywhere_find_the_same(
    lenet5: Model, noise: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = PatchIndex(lenet5, noise)
    whole.advance(lenet5, noise)
    assert whole.complete
    monkeypatch.setattr(patch_index, "BATCH_MOST", 7)
    parts = PatchIndex(lenet5, noise)
    steps = 0
    while not parts.complete:
        parts.advance(lenet5, noise)
        steps += 1
        assert len(parts.top("4", 1)) == min(9, parts.indexed)
    assert steps == 6
    parts.advance(lenet5, noise)
    assert parts.indexed == 40
    for channel in range(16):
        ours, theirs = parts.top("3", channel), whole.top("3", channel)
        assert [p.picture for p in ours] == [p.picture for p in theirs]


def test_peaks_by_hand() -> None:
    """Of equal cells the first in reading order; what is not a number does not count."""
    nan = np.nan
    maps = np.array(
        [[[[1, 3, 2], [0, 3, -1]], [[nan, 2, 5], [nan, 5, 0]], [[nan] * 3, [nan] * 3]]], np.float32
    )
    cells, values = peaks(maps)
    assert cells.tolist() == [[1, 2, 0]]
    assert values.tolist() == [[3, 5, -np.inf]]


def test_of_equal_pictures_the_earlier_wins(lenet5: Model) -> None:
    one, other = np.full((28, 28, 3), 40, np.uint8), np.zeros((28, 28, 3), np.uint8)
    other[10:18, 9:15] = 255
    found = top_patches(lenet5, "3", 4, [one, other, one, other, one], k=4)
    assert [p.picture for p in found] in ([1, 3, 0, 2], [0, 2, 4, 1])
    assert len(top_patches(lenet5, "3", 4, [one, other])) == 2


def test_above_the_ceiling_of_relu6_the_stronger_still_comes_first_and_has_a_gradient() -> None:
    """Ten times the normalised grey: 6 for all three, before the ceiling 10 (g / 255 - m) / s."""
    tenfold = nn.Conv2d(1, 1, 1, bias=False)
    tenfold.weight.data[:] = 10
    module = nn.Sequential(tenfold, nn.ReLU6(), nn.Flatten()).eval()
    graph = trace(module, (1, 28, 28))
    backend = TorchBackend(graph, torch.device("cpu"))
    model = Model(find("lenet5"), module, graph, backend, backend, "cpu", "untrained")
    pictures = [np.full((28, 28, 3), grey, np.uint8) for grey in (100, 250, 150)]
    found = top_patches(model, "1", 0, pictures, guided=True)
    assert [p.picture for p in found] == [1, 2, 0]
    assert [p.value for p in found] == [6, 6, 6]
    before = [10 * (grey / 255 - 0.1307) / 0.3081 for grey in (250, 150, 100)]
    assert [p.before for p in found] == pytest.approx(before, rel=1e-5)
    for patch in found:
        assert patch.guided is not None
        assert patch.guided.tolist() == [[[10]]]
    dark = top_patches(model, "1", 0, [np.zeros((28, 28, 3), np.uint8)])[0]
    assert dark.value == 0
    assert dark.before == pytest.approx(-10 * 0.1307 / 0.3081, rel=1e-5)


def test_a_white_spot_is_found_where_it_is_and_cut_with_its_padding() -> None:
    """LeNet's first kernel replaced by 25 ones: the corner cell sees 3 x 3 pixels and padding."""
    model = load_model("lenet5", weights=None)
    weight = model.module.get_parameter("0.weight")
    weight.data[2] = 1
    spot = np.zeros((28, 28, 3), np.uint8)
    spot[0, 27] = 255
    (patch,) = top_patches(model, "0", 2, [spot], guided=True)
    # cells (0..2, 25..27) see the spot equally, the fewer black pixels the stronger: (0, 27)
    assert (patch.row, patch.column) == (0, 27)
    assert patch.box == patch.window == (-2, 25, 5, 5)
    black, white, mean = 0, 255, round(255 * 0.1307)
    expected = np.full((5, 5), mean)
    expected[2:, :3] = black
    expected[2, 2] = white
    assert patch.pixels[:, :, 0].tolist() == expected.tolist()
    assert patch.pixels.shape == (5, 5, 3)
    assert patch.guided is not None
    inside = np.zeros((5, 5))
    inside[2:, :3] = 1  # the kernel's own ones, 0 in the padding
    assert patch.guided[:, :, 0].tolist() == inside.tolist()
    bias = model.module.get_parameter("0.bias")[2].item()
    value = (1 - 0.1307) / 0.3081 + 8 * (0 - 0.1307) / 0.3081 + bias
    assert patch.value == pytest.approx(value, rel=1e-5)


def test_a_fully_connected_channel_sees_the_whole_picture(lenet5: Model, noise: Collection) -> None:
    patch = top_patches(lenet5, "9", 7, noise, k=1, guided=True)[0]
    assert patch.window == (0, 0, 28, 28)
    shown = as_pixels(lenet5, network_input(noise.pixels(patch.picture), lenet5.spec))
    assert np.array_equal(patch.pixels, shown[0])
    assert patch.guided is not None
    assert patch.guided.shape == (28, 28, 1)


def test_the_guided_patch_is_the_whole_guided_gradient_cut(
    lenet5: Model, noise: Collection
) -> None:
    for place, patch in enumerate(top_patches(lenet5, "4", 6, noise, k=3, guided=True)):
        cotangent = np.zeros((1, *lenet5.layer("4").output_shape), np.float32)
        cotangent[0, 6, patch.row, patch.column] = 1
        batch = network_input(noise.pixels(patch.picture), lenet5.spec)
        whole = guided_backpropagation(lenet5, batch, "4", cotangent)[0]
        top, left, height, width = patch.window
        assert (height, width) == (14, 14)
        assert place == 0 or patch.value <= lenet5.values(batch, ["4"])["4"].max() + 1e-4
        assert patch.guided is not None
        padded = np.pad(whole, ((0, 0), (14, 14), (14, 14)))
        cut = padded[:, top + 14 : top + 28, left + 14 : left + 28].transpose(1, 2, 0)
        assert np.allclose(patch.guided, cut, rtol=1e-4, atol=1e-6)
        assert np.abs(whole).sum() == pytest.approx(np.abs(patch.guided).sum(), rel=1e-4)


@pytest.mark.slow
def test_colour_pictures_and_a_deep_layer_of_efficientnet() -> None:
    """The receptive field is larger than the picture: the patch is the picture."""
    model = load_model("efficientnet_lite0", weights=None, backend="onnx")
    pictures = [vz.sample(name) for name in ("chelsea", "coffee", "rocket")]
    found = vz.top_patches(model, "act2", 11, pictures, k=2, guided=True)
    assert len(found) == 2
    assert found[0].value >= found[1].value
    assert found[0].window == (0, 0, 224, 224)
    assert found[0].box[2] > 800
    collection = Collection.of(pictures)
    again = inputs(model, collection, [Peak(found[0].picture, 0, 0, 0, 0)])
    assert np.array_equal(as_pixels(model, again)[0], found[0].pixels)
    values = every_map(model, collection, "act2")[:, 11]
    assert found[0].value == pytest.approx(values.max(), rel=1e-3)


def test_what_the_network_saw_becomes_whole_levels_again() -> None:
    rng = np.random.default_rng(1)
    for name in ("lenet5", "resnet_cifar10"):
        model = load_model(name, weights=None)
        channels, height, width = model.spec.input_shape
        pixels = rng.integers(0, 256, (height, width, channels), dtype=np.uint8)
        pixels = np.broadcast_to(pixels, (height, width, 3))
        batch = network_input(pixels, model.spec, "stretch")
        assert np.array_equal(as_pixels(model, batch)[0], pixels)


def test_guided_gradients_as_colours_by_hand() -> None:
    colours, most = as_colours(np.array([[[2.0], [-1.0], [0.0], [-2.0]]], np.float32))
    assert most == 2
    assert colours[0, :, 0].tolist() == [255, 64, 128, 1]
    assert colours.shape == (1, 4, 3)
    nothing, most = as_colours(np.zeros((2, 3, 3), np.float32))
    assert most == 0
    assert (nothing == 128).all()


def test_what_cannot_be_found_is_refused(lenet5: Model, noise: Collection) -> None:
    with pytest.raises(VisualizerError, match=r"Channel 16 is outside 4, which has 16: 0 to 15\."):
        vz.top_patches(lenet5, "4", 16, noise)
    with pytest.raises(
        VisualizerError, match=r"0 patches are too few to show; ask for 1 or more\."
    ):
        vz.top_patches(lenet5, "4", 0, noise, k=0)
    with pytest.raises(UnknownNameError, match="has no layer 'conv'"):
        vz.top_patches(lenet5, "conv", 0, noise)
    with pytest.raises(CollectionError, match="give at least one"):
        vz.top_patches(lenet5, "4", 0, [])
    with pytest.raises(PictureError, match="Picture 1 of the list"):
        vz.top_patches(lenet5, "4", 0, [noise.pixels(0), b"no picture"])
