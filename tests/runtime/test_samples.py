"""Every sample is there, named with its source, and the two that are cited are unchanged."""

import hashlib
import re

import numpy as np
import pytest

from visualizer.errors import UnknownNameError
from visualizer.runtime.picture import open_picture
from visualizer.runtime.samples import SAMPLES, Sample, sample_path
from visualizer.zoo.resources import folder

IMAGES = folder("assets") / "images"
NAMES = [sample.name for sample in SAMPLES]
UNCHANGED = {  # SHA-256 of scikit-image's files: published predictions refer to them
    "chelsea": "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    "coffee": "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
}


def licences() -> dict[str, str]:
    """File name -> its line in the table of licences."""
    lines = (IMAGES / "LICENSES.md").read_text(encoding="utf-8").splitlines()
    rows = [re.match(r"\| `([^`]+)`", line) for line in lines]
    return {row[1]: row.string for row in rows if row}


def test_files_samples_and_licences_name_each_other() -> None:
    files = {path.name for path in IMAGES.iterdir()} - {"LICENSES.md", "objects.json"}
    assert files == {sample.filename for sample in SAMPLES}
    assert files == set(licences())
    assert len(set(NAMES)) == len(SAMPLES) == len(files)


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_sample(sample: Sample) -> None:
    opened = open_picture(sample_path(sample.name))
    assert opened.notes == ()
    assert opened.pixels.std() > 10  # not blank
    assert sample.title
    assert sample.source
    assert sample.suits in {"imagenet", "mnist", "fashion_mnist", "cifar10"}
    if sample.suits in {"mnist", "fashion_mnist"}:
        assert opened.pixels.shape == (28, 28, 3)
        assert (opened.pixels[0, 0] == 0).all()  # bright on black, like the training data


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_licence_of_the_record_is_the_licence_of_the_table(sample: Sample) -> None:
    last_column = licences()[sample.filename].rsplit("|", 2)[1]
    assert sample.licence in last_column


def test_some_samples_are_not_square_and_one_is_grey() -> None:
    shapes = {open_picture(sample_path(name)).pixels.shape for name in NAMES}
    assert any(height != width for height, width, _ in shapes)
    grey = open_picture(sample_path("camera")).pixels
    assert (np.ptp(grey, axis=2) == 0).all()


def test_the_cited_pictures_are_unchanged() -> None:
    for name, digest in UNCHANGED.items():
        assert hashlib.sha256(sample_path(name).read_bytes()).hexdigest() == digest


def test_samples_stay_small() -> None:
    assert sum(path.stat().st_size for path in IMAGES.iterdir()) < 4_000_000


def test_a_wrong_name_lists_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"'chelsee'; choose one of chelsea\."):
        sample_path("chelsee")
    with pytest.raises(UnknownNameError, match="chelsea, coffee, astronaut"):
        sample_path("../../etc/passwd")
