"""Collections from lists, the samples, the digits, and the menu."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import visualizer as vz
from visualizer.errors import CollectionError, PictureError, UnknownNameError
from visualizer.runtime.collection import Collection
from visualizer.runtime.collection_digits import digits, drawn
from visualizer.runtime.collection_menu import COLLECTIONS, load_collection
from visualizer.runtime.picture import read_picture
from visualizer.runtime.samples import SAMPLES, sample_path

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (3, 5, 7), dtype=np.uint8)


def test_pictures_of_one_size_become_one_array() -> None:
    colours = [RNG.integers(0, 256, (6, 4, 3), dtype=np.uint8) for _ in range(3)]
    made = Collection.of(colours, labels=["b", "a", "b"])
    assert made.array is not None
    assert np.array_equal(made.array, np.stack(colours))
    assert np.array_equal(made.pixels(1), colours[1])
    assert [one.shape for one in made] == [(6, 4, 3)] * 3
    assert made.classes == ("a", "b")
    assert [made.label(index) for index in range(3)] == ["b", "a", "b"]
    assert made.size_bytes == 3 * 6 * 4 * 3


def test_pictures_of_several_sizes_keep_theirs() -> None:
    made = Collection.of([np.zeros((4, 4, 3), np.uint8), np.zeros((8, 5), np.uint8)])
    assert made.array is None
    assert [one.shape for one in made] == [(4, 4, 3), (8, 5, 3)]
    assert made.labels is None
    assert made.label(0) is None


def test_grey_pictures_are_given_in_colour() -> None:
    made = Collection("g", "Grey", GREY, (), None, "digest")
    assert np.array_equal(made.pixels(2), np.stack([GREY[2]] * 3, axis=2))


def test_a_part_keeps_the_labels_and_has_its_own_digest() -> None:
    whole = Collection.of(list(GREY), labels=[2, 0, 1])
    part = whole.part([2, 0])
    assert np.array_equal(part.pixels(0), whole.pixels(2))
    assert part.label(0) == "1"
    assert part.classes == whole.classes
    assert len({whole.digest, part.digest, whole.part([0, 2]).digest}) == 3


def test_the_digest_depends_on_pixels_labels_and_shape() -> None:
    def digest(pixels: np.ndarray, labels: list[int] | None = None) -> str:
        return Collection.of(list(pixels), labels=labels).digest

    changed = GREY.copy()
    changed[0, 0, 0] ^= 1
    others = [digest(changed), digest(GREY.swapaxes(1, 2)), digest(GREY, [0, 0, 1])]
    assert digest(GREY) == digest(GREY.copy())
    assert len({digest(GREY), *others}) == 4


@pytest.mark.parametrize(
    ("labels", "classes", "words"),
    [
        (["a"], None, "3 pictures and 1 labels"),
        ([0, 1, 3], ["a", "b"], "Labels go from 0 to 3; with 2 classes they are 0 to 1"),
        ([0, -1, 0], None, "from -1 to 0"),
        (["a", "b", "x"], ["a", "b"], "'x' is none of the 2 classes"),
    ],
)
def test_labels_that_do_not_fit(
    labels: list[str] | list[int], classes: list[str] | None, words: str
) -> None:
    with pytest.raises(CollectionError, match=words):
        Collection.of(list(GREY), labels=labels, classes=classes)


def test_empty_lists_odd_entries_and_places_outside() -> None:
    with pytest.raises(CollectionError, match="no picture"):
        Collection.of([])
    with pytest.raises(PictureError, match="Picture 1 of the list: This is a text file"):
        Collection.of([GREY[0], b"hello"])
    with pytest.raises(CollectionError, match="pictures 0 to 2; there is no 3"):
        Collection.of(list(GREY)).pixels(3)
    with pytest.raises(CollectionError, match="there is no -1"):
        Collection.of(list(GREY)).pixels(-1)


def test_the_samples() -> None:
    made = vz.collection("samples")
    assert made.names == tuple(sample.title for sample in SAMPLES)
    for index in (0, len(SAMPLES) - 1):
        expected = read_picture(sample_path(SAMPLES[index].name))
        assert np.array_equal(made.pixels(index), expected)


def test_the_digits_are_drawn_as_the_samples_are() -> None:
    made = digits()
    assert (len(made), made.classes[9], made.suits) == (1797, "9", "mnist")
    places = {"digit_2": 1232, "digit_3": 1290, "digit_5": 246, "digit_8": 1538}
    for name, place in places.items():
        assert np.array_equal(made.pixels(place), read_picture(sample_path(name)))
        assert made.label(place) == name[-1]


def test_a_digit_has_its_centre_of_mass_in_the_middle() -> None:
    cells = np.zeros((1, 8, 8))
    cells[0, 0, 0] = 16  # one bright cell in the corner
    picture = drawn(cells)[0].astype(float)
    rows, columns = np.mgrid[:28, :28]
    assert not picture[:, :8].any()  # moved down and right as far as the frame allows
    assert not picture[:8].any()
    assert picture[8, 8] > 200
    middle = np.zeros((1, 8, 8))
    middle[0, 3:5, 2:4] = 16
    picture = drawn(middle)[0].astype(float)
    assert (picture * rows).sum() / picture.sum() == pytest.approx(13.5, abs=0.5)
    assert (picture * columns).sum() / picture.sum() == pytest.approx(13.5, abs=0.5)
    assert picture.max() == 255


@pytest.mark.slow
def test_lenet_reads_the_digits() -> None:
    model = vz.load_model("lenet5")
    made = digits()
    assert made.array is not None
    assert made.labels is not None
    batch = ((made.array / 255 - model.spec.mean[0]) / model.spec.std[0]).astype(np.float32)
    logits = model.values(batch[:, None], [model.logits])[model.logits]
    found = logits.reshape(len(made), -1).argmax(1)
    assert (found == made.labels).mean() == pytest.approx(0.935, abs=0.01)


def test_the_menu_is_opened_once_and_unknown_names_name_the_nearest() -> None:
    assert load_collection("digits") is vz.collection("digits")
    assert [one.name for one in COLLECTIONS][:2] == ["samples", "digits"]
    with pytest.raises(UnknownNameError, match=r"'digit'\. Nearest: digits\. All collections: sam"):
        vz.collection("digit")
    with pytest.raises(UnknownNameError, match="Handwritten digits has no split 'train': it has"):
        vz.collection("digits", split="train")
    with pytest.raises(UnknownNameError, match="MNIST has no split 'val': its splits are test"):
        vz.collection("mnist", split="val")


def test_a_data_set_that_is_not_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNN_VISUALIZER_DATA", str(tmp_path))
    for source in COLLECTIONS:
        assert source.ready() == (source.name in ("samples", "digits", "shapes"))
    with pytest.raises(CollectionError, match=r"MNIST \(1\.7 MB to download\) is not in .*DATA\."):
        vz.collection("mnist")


def test_lists_and_collections_are_taken_as_they_are() -> None:
    made = vz.collection([GREY[0], Image.new("RGB", (7, 5), "red"), vz.sample("digit_3")])
    assert len(made) == 3
    assert made.pixels(1)[0, 0].tolist() == [255, 0, 0]
    assert vz.collection(made) is made
