"""Data sets in torchvision's folders, each read at once into one array of bytes."""

from __future__ import annotations

import gzip
import hashlib
import io
import pickle
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import CollectionError
from visualizer.runtime.collection import Collection, Labels, collected
from visualizer.runtime.picture import Pixels
from visualizer.zoo.class_names import LABELS

IDX_UBYTE = 0x08
CIFAR_FOLDER = "cifar-10-batches-py"
CIFAR_MD5 = {  # as torchvision checks them
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}
IMAGENETTE_FOLDERS = ("imagenette2-320", "imagenette2", "imagenette2-160")  # the best that is there
IMAGENETTE = {
    "n01440764": "tench",
    "n02102040": "English springer",
    "n02979186": "cassette player",
    "n03000684": "chain saw",
    "n03028079": "church",
    "n03394916": "French horn",
    "n03417042": "garbage truck",
    "n03425413": "gas pump",
    "n03445777": "golf ball",
    "n03888257": "parachute",
}


def mnist_files(folder: Path, data_set: str, split: str) -> tuple[Path, Path] | None:
    """Find the pictures' and the labels' file, unpacked or ``.gz``; None where one is missing."""
    stem = folder / data_set / "raw" / ("train" if split == "train" else "t10k")
    found = []
    for part in ("images-idx3-ubyte", "labels-idx1-ubyte"):
        plain = stem.with_name(f"{stem.name}-{part}")
        packed = plain.with_name(f"{plain.name}.gz")
        path = plain if plain.is_file() else packed if packed.is_file() else None
        if path is None:
            return None
        found.append(path)
    return found[0], found[1]


def mnist(folder: Path, data_set: str, name: str, title: str, split: str) -> Collection:
    """Read MNIST or Fashion-MNIST: (n, 28, 28) grey, white on black.

    Raises:
        CollectionError: a file is missing or damaged.
    """
    files = mnist_files(folder, data_set, split)
    if files is None:
        raise CollectionError(f"{title} is not in {folder}: download it.")
    pictures, labels = _idx(files[0], 3), _idx(files[1], 1)
    if len(pictures) != len(labels):
        raise _damaged(files[1], f"{len(labels)} labels for {len(pictures)} pictures")
    return collected(
        pictures,
        name=name,
        title=title,
        classes=LABELS[name],
        labels=labels.astype(np.int64),
        suits=name,
    )


def cifar10_files(folder: Path, split: str) -> list[Path]:
    """List the batches of a split that are there, in order."""
    names = [one for one in CIFAR_MD5 if (one == "test_batch") == (split == "test")]
    return [path for one in names if (path := folder / CIFAR_FOLDER / one).is_file()]


def cifar10(folder: Path, split: str) -> Collection:
    """Read CIFAR-10: (n, 32, 32, 3), of as many batches as there are.

    Raises:
        CollectionError: no batch is there, or one is not the official file.
    """
    files = cifar10_files(folder, split)
    if not files:
        raise CollectionError(f"CIFAR-10 is not in {folder}: download it.")
    batches = [_batch(path) for path in files]
    pictures = np.concatenate([one for one, _ in batches]) if len(batches) > 1 else batches[0][0]
    wanted = 1 if split == "test" else len(CIFAR_MD5) - 1
    notes: tuple[str, ...] = ()
    if len(files) < wanted:
        notes = (
            f"{wanted - len(files)} of {wanted} batches are missing in {CIFAR_FOLDER}: "
            f"{len(pictures):,} photos instead of {10_000 * wanted:,}.",
        )
    return collected(
        pictures,
        name="cifar10",
        title="CIFAR-10",
        classes=LABELS["cifar10"],
        labels=np.concatenate([labels for _, labels in batches]),
        notes=notes,
        suits="cifar10",
    )


def imagenette_folder(folder: Path, split: str) -> Path | None:
    """Find the largest Imagenette that is unpacked there."""
    part = "train" if split == "train" else "val"
    return next(
        (path for one in IMAGENETTE_FOLDERS if (path := folder / one / part).is_dir()), None
    )


def imagenette(folder: Path, split: str) -> Collection:
    """Collect Imagenette's photos; they stay files and are decoded when they are used.

    Raises:
        CollectionError: it is not there.
    """
    found = imagenette_folder(folder, split)
    paths = [] if found is None else sorted(found.glob("n*/*.JPEG"))
    paths = [path for path in paths if path.parent.name in IMAGENETTE]
    if found is None or not paths:
        raise CollectionError(f"Imagenette is not in {folder}: download it.")
    place = {synset: index for index, synset in enumerate(IMAGENETTE)}
    return collected(
        paths,
        name="imagenette",
        title="Imagenette",
        classes=tuple(IMAGENETTE.values()),
        labels=np.array([place[path.parent.name] for path in paths], dtype=np.int64),
        names=tuple(f"{path.parent.name}/{path.name}" for path in paths),
        suits="imagenet",
    )


def _idx(path: Path, dimensions: int) -> Pixels:
    """Read bytes in the format of MNIST: magic number, sizes (big endian), values."""
    try:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path, "it cannot be read") from error
    start = 4 + 4 * dimensions
    if data[:4] != bytes([0, 0, IDX_UBYTE, dimensions]):
        raise _damaged(path, f"it begins with {data[:4].hex() or 'nothing'}")
    sizes = [int(size) for size in np.frombuffer(data, ">u4", dimensions, 4)]
    if len(data) - start != int(np.prod(sizes, dtype=object)):
        raise _damaged(path, f"{len(data) - start:,} values where {sizes} are promised")
    return np.frombuffer(data, np.uint8, offset=start).reshape(sizes)


def _batch(path: Path) -> tuple[NDArray[np.uint8], Labels]:
    """Read a batch: a pickle, so only the official bytes are unpickled, and no code in them."""
    data = path.read_bytes()
    found = hashlib.md5(data, usedforsecurity=False).hexdigest()
    if found != CIFAR_MD5[path.name]:
        raise _damaged(path, f"its MD5 is {found[:8]}…, not {CIFAR_MD5[path.name][:8]}…")
    batch = _ArraysOnly(data).load()
    pictures = batch[b"data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(pictures), np.array(batch[b"labels"], dtype=np.int64)


class _ArraysOnly(pickle.Unpickler):
    """Rebuild lists, words and arrays, nothing else."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data), encoding="bytes")

    def find_class(self, module: str, name: str) -> Any:
        """Allow what an array is made of."""
        if (module, name) in _ARRAY_PARTS:
            return _ARRAY_PARTS[module, name]
        raise CollectionError(f"The file asks for {module}.{name}, which no picture needs.")


_ARRAY_PARTS: dict[tuple[str, str], Any] = {
    ("numpy.core.multiarray", "_reconstruct"): np.zeros(0).__reduce__()[0],
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


def _damaged(path: Path, what: str) -> CollectionError:
    return CollectionError(f"{path} is damaged: {what}. Delete it and download it again.")
