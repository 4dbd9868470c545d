"""The collections to choose from, and the one function that opens any of them."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from visualizer.errors import CollectionError, UnknownNameError
from visualizer.runtime import collection_torchvision as torchvision
from visualizer.runtime.collection import Collection
from visualizer.runtime.collection_archive import MAX_UNPACKED_BYTES
from visualizer.runtime.collection_digits import digits, samples
from visualizer.runtime.collection_files import (
    FILES,
    FOLDER_VARIABLE,
    Files,
    Report,
    data_folder,
    fetch,
)
from visualizer.runtime.collection_own import Progress, folder_collection, zip_collection
from visualizer.runtime.collection_shapes import COUNT as SHAPES_COUNT
from visualizer.runtime.collection_shapes import shapes
from visualizer.runtime.picture import PictureSource
from visualizer.runtime.samples import CC_BY_4, MIT, OPTDIGITS, SAMPLES
from visualizer.zoo.class_names import LABELS

SPLITS = ("test", "train")


@dataclass(frozen=True)
class Source:
    """A collection of the menu; ``count`` pictures in its test split.

    ``read(folder, split)`` opens it, ``present(folder, split)`` tells whether its files are there,
    ``files`` are what a download fetches; without any, the collection travels with the packages.
    """

    name: str
    title: str
    count: int
    classes: int
    suits: str
    source: str
    licence: str
    read: Callable[[Path, str], Collection]
    present: Callable[[Path, str], bool] = lambda _folder, _split: True
    files: Files = field(default_factory=dict)

    def ready(self, split: str = SPLITS[0]) -> bool:
        """Tell whether the files are on this machine."""
        return not self.files or self.present(data_folder(), split)

    def size_bytes(self, split: str = SPLITS[0]) -> int:
        """Add up what a download fetches."""
        return sum(file.size_bytes for file in self.files.get(split, ()))


def _idx_source(name: str, title: str, data_set: str, source: str, licence: str) -> Source:
    """Describe MNIST, or a data set in its format."""
    return Source(
        name,
        title,
        count=10_000,
        classes=10,
        suits=name,
        source=source,
        licence=licence,
        read=lambda folder, split: torchvision.mnist(folder, data_set, name, title, split),
        present=lambda folder, split: bool(torchvision.mnist_files(folder, data_set, split)),
        files=FILES[name],
    )


COLLECTIONS = (
    Source(
        "samples",
        "Samples",
        count=len(SAMPLES),
        classes=0,
        suits="",
        source="the pictures that travel with this page",
        licence="see their titles",
        read=lambda _folder, _split: samples(),
    ),
    Source(
        "digits",
        "Handwritten digits",
        count=1_797,
        classes=10,
        suits="mnist",
        source=OPTDIGITS,
        licence=CC_BY_4,
        read=lambda _folder, _split: digits(),
    ),
    Source(
        "shapes",
        "Drawn shapes",
        count=SHAPES_COUNT,
        classes=len(LABELS["shapes"]),
        suits="shapes",
        source="drawn by this project, seeded",
        licence=MIT,
        read=lambda _folder, _split: shapes(),
    ),
    _idx_source("mnist", "MNIST", "MNIST", "LeCun, Cortes, Burges", "CC BY-SA 3.0"),
    _idx_source("fashion_mnist", "Fashion-MNIST", "FashionMNIST", "Zalando Research", MIT),
    Source(
        "cifar10",
        "CIFAR-10",
        count=10_000,
        classes=10,
        suits="cifar10",
        source="Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
        licence="none stated",
        read=torchvision.cifar10,
        present=lambda folder, split: bool(torchvision.cifar10_files(folder, split)),
        files=FILES["cifar10"],
    ),
    Source(
        "imagenette",
        "Imagenette",
        count=3_925,
        classes=10,
        suits="imagenet",
        source="fast.ai: ten classes of ImageNet",
        licence="Apache-2.0 (ImageNet: research only)",
        read=torchvision.imagenette,
        present=lambda folder, split: bool(torchvision.imagenette_folder(folder, split)),
        files=FILES["imagenette"],
    ),
)

_loaded: dict[tuple[str, str, Path], Collection] = {}
_loading = threading.Lock()


def find_source(name: str) -> Source:
    """Find a collection of the menu.

    Raises:
        UnknownNameError: there is none; the nearest names come first, then all of them.
    """
    by_name = {source.name: source for source in COLLECTIONS}
    if name in by_name:
        return by_name[name]
    nearest = difflib.get_close_matches(name.lower().replace("-", "_"), by_name, cutoff=0.5)
    hint = f" Nearest: {', '.join(nearest)}." if nearest else ""
    raise UnknownNameError(
        f"There is no collection, folder or zip file {name[-60:]!r}.{hint} "
        f"All collections: {', '.join(by_name)}."
    )


def load_collection(name: str, split: str = SPLITS[0]) -> Collection:
    """Open a collection of the menu; it is read once and kept.

    Raises:
        UnknownNameError: no such collection.
        CollectionError: its files are not on this machine, or damaged.
    """
    source = find_source(name)
    if not source.ready(split):
        raise CollectionError(
            f"{source.title} ({source.size_bytes(split) / 1e6:.1f} MB to download) is not in "
            f"{data_folder()}: download it, or name the folder that holds it in {FOLDER_VARIABLE}."
        )
    key = name, split, data_folder()
    with _loading:
        if key not in _loaded:
            _loaded[key] = source.read(data_folder(), split)
        return _loaded[key]


def collection(
    source: Collection | str | Path | bytes | Iterable[PictureSource],
    *,
    split: str | None = None,
    download: bool = False,
    on_progress: Report | None = None,
) -> Collection:
    """Open many pictures at once: a name of the menu, a folder, a zip (path or bytes), or a list.

    In a folder or zip, the folders that pictures lie in are their labels; broken files are left
    out and named in ``notes``. ``split`` is ``test`` (default) or ``train`` where there are two.
    With ``download=True`` missing files are fetched, verified, into the folder that the variable
    ``CNN_VISUALIZER_DATA`` names; ``on_progress`` hears the step, the bytes done and in all.

    Raises:
        UnknownNameError: no such collection, folder, file or split.
        CollectionError: hostile, too large, without pictures, or not on this machine.
        DownloadError: what failed, and the way out.
    """
    if isinstance(source, Collection):
        return source
    if isinstance(source, bytes):
        return _last(zip_collection(source))
    if not isinstance(source, str | Path):
        return Collection.of(source)
    if str(source) in [one.name for one in COLLECTIONS]:
        return _of_menu(find_source(str(source)), split, download, on_progress)
    path = Path(source).expanduser()
    if path.is_dir():
        return _last(folder_collection(path))
    if path.is_file():
        return _last(zip_collection(_zip_bytes(path), name=path.stem, title=path.stem))
    return load_collection(str(source))  # says which ones there are


def _of_menu(
    source: Source, split: str | None, download: bool, on_progress: Report | None
) -> Collection:
    if split is not None and (split not in SPLITS or not source.files):
        choices = f"its splits are {' and '.join(SPLITS)}" if source.files else "it has no splits"
        raise UnknownNameError(f"{source.title} has no split {split[:40]!r}: {choices}.")
    chosen = split or SPLITS[0]
    if download and not source.ready(chosen):
        fetch(source.files[chosen], report=on_progress or (lambda _step, _done, _total: None))
    return load_collection(source.name, chosen)


def _zip_bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MAX_UNPACKED_BYTES:
        raise CollectionError(
            f"{path.name[:60]!r} has {size / 1e6:,.0f} MB; the limit is "
            f"{MAX_UNPACKED_BYTES / 1e6:,.0f} MB: unpack it and name the folder instead."
        )
    return path.read_bytes()


def _last(steps: Generator[Progress, None, Collection]) -> Collection:
    """Run to the end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
