"""The data sets to train on, in menu order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from visualizer.errors import UnknownNameError
from visualizer.runtime.collection_files import DataFile, Report, fetch
from visualizer.runtime.collection_menu import SPLITS, find_source
from visualizer.runtime.training.splitting import training_count

SHAPES_COUNTS = (4_000, 500, 2_000)  # training, validation, test
PUBLISHED_TEST = 10_000  # pictures of the official test splits
PUBLISHED = {  # mean and standard deviation as they are usually given
    "mnist": ((0.1307,), (0.3081,)),
    "fashion_mnist": ((0.2860,), (0.3530,)),
    "cifar10": ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
}


@dataclass(frozen=True)
class DataRecord:
    """Data of the menu: ``count`` pictures in all, of ``side`` × ``side`` cells.

    ``split`` tells that training and test pictures are told apart by those who published them.
    """

    name: str
    title: str
    sentence: str
    side: int
    channels: int
    classes: int
    count: int
    split: bool = False

    @property
    def training(self) -> int:
        """Count the pictures that are trained on, out of ``count``."""
        if self.name == "shapes":
            return SHAPES_COUNTS[0]
        return training_count(self.count, PUBLISHED_TEST if self.split else None)

    @property
    def ready(self) -> bool:
        """Tell whether all files are on this machine."""
        return not self.split or all(find_source(self.name).ready(one) for one in SPLITS)

    @property
    def files(self) -> tuple[DataFile, ...]:
        """List what a download fetches: both splits."""
        if not self.split:
            return ()
        files = find_source(self.name).files
        return tuple(dict.fromkeys(file for one in SPLITS for file in files[one]))

    @property
    def size_bytes(self) -> int:
        """Add up what a download fetches."""
        return sum(file.size_bytes for file in self.files)


DATA = (
    DataRecord(
        "digits",
        "Handwritten digits",
        "1,797 small digits that come with scikit-learn: a network is trained in seconds.",
        28, 1, 10, 1_797,
    ),
    DataRecord(
        "shapes",
        "Drawn shapes",
        "Circles, squares, triangles, X and O; turned, moved, noisy, new ones in every epoch.",
        28, 1, 5, sum(SHAPES_COUNTS),
    ),
    DataRecord(
        "mnist",
        "MNIST",
        "70,000 handwritten digits, 10,000 of them for the test.",
        28, 1, 10, 70_000, split=True,
    ),
    DataRecord(
        "fashion_mnist",
        "Fashion-MNIST",
        "70,000 pictures of clothes, 10,000 of them for the test; harder than digits.",
        28, 1, 10, 70_000, split=True,
    ),
    DataRecord(
        "cifar10",
        "CIFAR-10",
        "60,000 small colour photos of ten kinds, 10,000 of them for the test.",
        32, 3, 10, 60_000, split=True,
    ),
)  # fmt: skip


def find_data(name: str) -> DataRecord:
    """Find data of the menu.

    Raises:
        UnknownNameError: there are none of this name; the nearest are listed.
    """
    by_name = {record.name: record for record in DATA}
    if name in by_name:
        return by_name[name]
    nearest = get_close_matches(name.lower().replace("-", "_"), by_name, cutoff=0.5)
    hint = f" Nearest: {', '.join(nearest)}." if nearest else ""
    raise UnknownNameError(
        f"There is no data {name[:40]!r} to train on.{hint} All: {', '.join(by_name)}; or give a "
        "collection with labels."
    )


def fetch_data(
    name: str,
    *,
    report: Report = lambda _step, _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Download both splits, where they are not there yet; every file is verified.

    Raises:
        UnknownNameError: no such data.
        DownloadError: what failed, and the way out.
    """
    record = find_data(name)
    if not record.ready:
        fetch(record.files, report=report, cancelled=cancelled)
