"""Data to train on: splits, sizes, colours, and what cannot be trained on."""

from __future__ import annotations

import gc
import gzip
import io
import struct
import weakref
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from visualizer.errors import CollectionError, UnknownNameError
from visualizer.runtime.collection import Collection
from visualizer.runtime.collection_menu import collection, load_collection
from visualizer.runtime.training.data import Data, Split, load_data, loading
from visualizer.runtime.training.data_menu import DATA, find_data
from visualizer.runtime.training.fitting import grey, resized
from visualizer.runtime.training.splitting import divided, validation_of

RNG = np.random.default_rng(0)


def zipped(files: dict[str, Image.Image]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, image in files.items():
            file = io.BytesIO()
            image.save(file, "PNG")
            archive.writestr(name, file.getvalue())
    return buffer.getvalue()


def picture(height: int = 20, width: int = 20, colour: bool = True) -> Image.Image:
    shape = (height, width, 3) if colour else (height, width)
    return Image.fromarray(RNG.integers(0, 256, shape, dtype=np.uint8))


def folders(counts: dict[str, int], *, colour: bool = True) -> bytes:
    names = [f"{kind}/{n}.png" for kind, count in counts.items() for n in range(count)]
    return zipped({name: picture(colour=colour) for name in names})


def pictures_of(data: Data) -> list[bytes]:
    parts = (data.train, data.validation, data.test)
    return [one.numpy().tobytes() for part in parts for one in part.pictures]


def shares(split: Split, classes: int) -> np.ndarray:
    return np.bincount(split.labels.numpy(), minlength=classes) / len(split)


def test_digits_are_split_into_parts_that_share_nothing() -> None:
    data = load_data("digits")
    assert [len(one) for one in (data.train, data.validation, data.test)] == [1294, 144, 359]
    whole = load_collection("digits")
    assert sorted(pictures_of(data)) == sorted(one.tobytes() for one in np.asarray(whole.array))
    assert data.train.pictures.dtype == torch.uint8
    assert data.train.labels.dtype == torch.int64
    assert (data.input_shape, data.labels, data.classes) == (
        (1, 28, 28),
        "mnist",
        tuple("0123456789"),
    )
    assert data.fresh is None


def test_the_menu_counts_the_training_pictures_as_they_are_divided() -> None:
    for name in ("digits", "shapes"):
        data = load_data(name, side=8)
        record = find_data(name)
        assert record.training == len(data.train)
        assert record.count == sum(map(len, (data.train, data.validation, data.test)))
    assert find_data("mnist").training == 60_000 - len(validation_of(np.arange(60_000) % 10, 0))
    assert [find_data(name).training for name in ("mnist", "cifar10")] == [55_000, 45_000]


def test_every_class_has_its_share_in_every_part() -> None:
    data = load_data("digits")
    whole = np.bincount(np.asarray(load_collection("digits").labels)) / 1797
    for part, most in ((data.train, 0.001), (data.validation, 0.004), (data.test, 0.002)):
        assert np.abs(shares(part, 10) - whole).max() < most


def test_pictures_keep_their_labels() -> None:
    data, whole = load_data("digits", seed=3), load_collection("digits")
    pixels, labels = np.asarray(whole.array), np.asarray(whole.labels)
    named = dict(zip((one.tobytes() for one in pixels), labels.tolist(), strict=True))
    for part in (data.train, data.validation, data.test):
        for one, label in zip(part.pictures, part.labels.tolist(), strict=True):
            assert named[one.numpy().tobytes()] == label


def test_the_seed_chooses_the_split() -> None:
    first, again, other = load_data("digits"), load_data("digits"), load_data("digits", seed=1)
    assert first is again
    assert first.digest != other.digest
    assert not torch.equal(first.test.pictures, other.test.pictures)
    assert sorted(pictures_of(first)) == sorted(pictures_of(other))


def test_mean_and_deviation_are_those_of_the_training_part() -> None:
    data = load_data("digits", seed=2)
    values = data.train.pictures.double() / 255
    assert list(data.mean) == pytest.approx([values.mean().item()], abs=5e-5)
    assert list(data.std) == pytest.approx([values.std(correction=0).item()], abs=5e-5)


def test_shapes_are_new_in_every_epoch_and_the_same_in_every_run() -> None:
    data = load_data("shapes")
    assert [len(one) for one in (data.train, data.validation, data.test)] == [4000, 500, 2000]
    assert data.labels == "shapes"
    assert data.fresh is not None
    first, second, again = data.fresh(0), data.fresh(1), data.fresh(1)
    assert torch.equal(first.pictures, data.train.pictures)
    assert torch.equal(second.pictures, again.pictures)
    assert torch.equal(second.labels, again.labels)
    seen = [one.numpy().tobytes() for one in second.pictures]
    assert len({*pictures_of(data), *seen}) == 10_500
    assert np.allclose(shares(second, 5), 0.2)


def test_pictures_come_in_the_size_and_colours_asked_for() -> None:
    small = load_data("digits", side=16, channels=3)
    assert small.input_shape == (3, 16, 16)
    assert torch.equal(small.train.pictures[:, 0], small.train.pictures[:, 2])
    assert len(set(small.mean)) == 1
    assert load_data("shapes", side=20).input_shape == (1, 20, 20)


def idx(path: Path, values: np.ndarray) -> None:
    head = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(gzip.compress(head + values.tobytes()))


def test_an_official_test_split_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small MNIST in its folder: 200 for training, of which 20 validate, and 50 for the test."""
    monkeypatch.setenv("CNN_VISUALIZER_DATA", str(tmp_path))
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    assert not find_data("mnist").ready
    for stem, count in (("train", 200), ("t10k", 50)):
        pixels = RNG.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        idx(raw / f"{stem}-images-idx3-ubyte.gz", pixels)
        idx(raw / f"{stem}-labels-idx1-ubyte.gz", np.arange(count, dtype=np.uint8) % 10)
    assert find_data("mnist").ready
    data = load_data("mnist", seed=77)
    assert [len(one) for one in (data.train, data.validation, data.test)] == [180, 20, 50]
    assert np.array_equal(data.test.pictures[:, 0].numpy(), pixels)
    assert np.bincount(data.validation.labels).tolist() == [2] * 10
    assert (data.mean, data.std) == ((0.1307,), (0.3081,))
    assert len(set(pictures_of(data))) == 250


def test_data_that_is_not_here_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNN_VISUALIZER_DATA", str(tmp_path))
    assert [record.name for record in DATA if record.ready] == ["digits", "shapes"]
    assert find_data("mnist").size_bytes == 11_594_722
    assert find_data("cifar10").size_bytes == 170_498_071  # one archive for both splits
    with pytest.raises(CollectionError, match=r"MNIST \(9\.9 MB to download\) is not in"):
        load_data("mnist", seed=78)
    with pytest.raises(UnknownNameError, match=r"no data 'digit' to train on\. Nearest: digits"):
        load_data("digit")


def test_validation_is_a_tenth_and_at_most_5000() -> None:
    labels = RNG.integers(0, 10, 60_000)
    held = validation_of(labels, 0)
    assert len(held) == 5_000
    few = labels[:900]
    assert len(validation_of(few, 0)) == 90
    test = divided(few, 0)[2]
    assert len(test) == 180


@pytest.mark.parametrize("counts", [(3, 3), (3, 50), (4, 5, 100), (2000, 3)])
def test_every_class_is_in_every_part(counts: tuple[int, ...]) -> None:
    labels = RNG.permutation(np.repeat(np.arange(len(counts)), counts))
    parts = divided(labels, 5)
    assert sorted(np.concatenate(parts)) == list(range(len(labels)))
    for part in parts:
        assert set(labels[part]) == set(range(len(counts)))


def test_an_own_zip_is_cut_square_and_made_of_one_size() -> None:
    wide = {f"{kind}/{n}.png": picture(40, 64) for kind in ("cat", "dog") for n in range(5)}
    data = load_data(collection(zipped({**wide, "cat/x.png": picture(50, 50)})))
    assert data.input_shape == (3, 32, 32)
    assert (data.classes, data.labels) == (("cat", "dog"), "own")
    assert "10 of 11 pictures are not square: the square in their middle counts." in data.notes
    assert [len(one) for one in (data.train, data.validation, data.test)] == [7, 2, 2]


def test_grey_pictures_get_one_channel_and_mixtures_three() -> None:
    only = load_data(collection(folders({"a": 4, "b": 4}, colour=False)))
    assert only.input_shape == (1, 20, 20)
    assert only.notes == ()
    mixed = {f"{kind}/{n}.png": picture(colour=n < 3) for kind in "ab" for n in range(4)}
    both = collection(zipped(mixed))
    data = load_data(both)
    assert data.input_shape[0] == 3
    assert data.notes == ("2 of 8 pictures are grey: they have three equal channels.",)
    assert load_data(both, channels=1).notes == (
        "6 of 8 pictures had colours: they are made grey.",
    )


def test_resizing_and_luminance_are_pillows() -> None:
    pixels = RNG.integers(0, 256, (31, 47, 3), dtype=np.uint8)
    square = Image.fromarray(pixels[:, 8:39])
    theirs = np.asarray(square.resize((16, 16), Image.Resampling.BILINEAR))
    assert np.array_equal(resized(pixels, 16), theirs)
    assert np.array_equal(grey(pixels), np.asarray(Image.fromarray(pixels).convert("L")))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"x.png": 1}, r"1 picture lies in one .* no labels\. Training needs at least 2 classes"),
        ({"cat/x.png": 1, "cat/y.png": 1}, "2 pictures lie in one .*no labels.*folder of its own"),
        ({f"{kind}/{n}.png": 1 for kind, most in (("cat", 3), ("dog", 1)) for n in range(most)},
         r"the class 'dog' has 1 picture\. Training needs .* \(one each to train, validate and te"),
    ],
)  # fmt: skip
def test_zips_that_cannot_be_trained_on(files: dict[str, int], words: str) -> None:
    with pytest.raises(CollectionError, match=words):
        load_data(collection(zipped({name: picture() for name in files})))


@pytest.mark.parametrize(
    ("labels", "classes", "words"),
    [
        (["cat"] * 8, None, "all 8 pictures are of one class, 'cat'.*add a second folder"),
        (["cat"] * 4 + ["dog"] * 4, ["cat", "cow", "dog"], "the class 'cow' has no picture"),
        (["cat"] * 6 + ["dog"] * 2, None, "the class 'dog' has 2 pictures.*take the class out"),
    ],
)
def test_labels_that_cannot_be_trained_on(
    labels: list[str], classes: list[str] | None, words: str
) -> None:
    pixels = list(RNG.integers(0, 256, (8, 9, 9), dtype=np.uint8))
    with pytest.raises(CollectionError, match=words):
        load_data(Collection.of(pixels, labels=labels, classes=classes))


def test_too_many_classes_sizes_and_channels_out_of_range() -> None:
    many = Collection.of(
        list(np.zeros((303, 8, 8), np.uint8)), labels=np.arange(303, dtype=np.int64) % 101
    )
    with pytest.raises(CollectionError, match="has 101 classes; at most 100 are trained"):
        load_data(many)
    with pytest.raises(CollectionError, match=r"Pictures of 4 × 4 cells .* choose 8 to 96"):
        load_data("digits", side=4)
    with pytest.raises(CollectionError, match="2 channels are asked for; choose 1"):
        load_data("digits", channels=2)


def test_a_visitors_data_goes_with_the_collection() -> None:
    own = collection(folders({"a": 3, "b": 3}))
    data = load_data(own)
    assert load_data(own) is data
    gone = weakref.ref(data)
    del own, data
    gc.collect()
    assert gone() is None


def test_loading_tells_its_progress() -> None:
    own = collection(folders({"a": 20, "b": 20}))
    told = list(loading(own, side=24))
    assert told[0] == (0, 40)
    assert told == sorted(told)
    assert list(loading(own, side=24)) == []  # kept
