"""Where the data sets' files lie, in torchvision's layout, and how they get there."""

from __future__ import annotations

import os
import shutil
import tarfile
import uuid
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from visualizer.errors import DownloadError
from visualizer.runtime.download import DownloadCancelledError, download

FOLDER_VARIABLE = "CNN_VISUALIZER_DATA"
REPORT_EVERY_BYTES = 2_000_000  # of an archive while it is unpacked

Report = Callable[[str, int, int], None]
"""Hears ``"download"`` or ``"unpack"``, the bytes done and the bytes in all."""


def data_folder() -> Path:
    """Name the folder of data sets: the environment's, else ``datasets`` beside torch's weights."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named).expanduser()
    import torch

    return Path(torch.hub.get_dir()).parent / "datasets"


@dataclass(frozen=True)
class DataFile:
    """A publisher's file: its place below :func:`data_folder`, and how to verify it.

    ``unpacked`` is the folder that an archive becomes, empty for a file that is read as it is.
    """

    instead: ClassVar[str] = "choose another collection"
    home: ClassVar[str] = FOLDER_VARIABLE

    place: str
    url: str
    sha256: str
    size_bytes: int
    unpacked: str = ""

    def path(self) -> Path:
        """Say where the file belongs, present or not."""
        return data_folder() / self.place


Files = Mapping[str, tuple[DataFile, ...]]
"""What a download fetches, by split."""

MNIST_BASE = "https://ossci-datasets.s3.amazonaws.com/mnist/"
FASHION_BASE = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"
)


def _idx_files(data_set: str, base: str, facts: tuple[tuple[str, str, int], ...]) -> Files:
    """Describe the four files of MNIST's format from (name, SHA-256, bytes)."""
    files = [
        DataFile(f"{data_set}/raw/{name}", base + name, sha256, size)
        for name, sha256, size in facts
    ]
    return {"train": tuple(files[:2]), "test": tuple(files[2:])}


def _archive(name: str, base: str, sha256: str, size_bytes: int, unpacked: str) -> Files:
    """Describe an archive that holds both splits."""
    file = DataFile(name, base + name, sha256, size_bytes, unpacked)
    return {"train": (file,), "test": (file,)}


FILES: Mapping[str, Files] = {  # MD5 sums as torchvision's; SHA-256 of the same files
    "mnist": _idx_files(
        "MNIST",
        MNIST_BASE,
        (
            (
                "train-images-idx3-ubyte.gz",
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                9_912_422,
            ),
            (
                "train-labels-idx1-ubyte.gz",
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                28_881,
            ),
            (
                "t10k-images-idx3-ubyte.gz",
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                1_648_877,
            ),
            (
                "t10k-labels-idx1-ubyte.gz",
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                4_542,
            ),
        ),
    ),
    "fashion_mnist": _idx_files(
        "FashionMNIST",
        FASHION_BASE,
        (
            (
                "train-images-idx3-ubyte.gz",
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                26_421_880,
            ),
            (
                "train-labels-idx1-ubyte.gz",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                29_515,
            ),
            (
                "t10k-images-idx3-ubyte.gz",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                4_422_102,
            ),
            (
                "t10k-labels-idx1-ubyte.gz",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                5_148,
            ),
        ),
    ),
    "cifar10": _archive(
        "cifar-10-python.tar.gz",
        "https://www.cs.toronto.edu/~kriz/",
        "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        170_498_071,
        "cifar-10-batches-py",
    ),
    "imagenette": _archive(  # 160 pixels; the larger ones are used where they are in the folder
        "imagenette2-160.tgz",
        "https://s3.amazonaws.com/fast-ai-imageclas/",
        "64d0c4859f35a461889e0147755a999a48b49bf38a7e0f9bd27003f10db02fe5",
        99_003_388,
        "imagenette2-160",
    ),
}


def fetch(
    files: tuple[DataFile, ...],
    *,
    report: Report = lambda _step, _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Download what is missing, each file verified, and unpack archives.

    Raises:
        DownloadError: one sentence on what failed, and the way out. Nothing partial stays.
    """
    total, before = sum(file.size_bytes for file in files), 0
    for file in files:
        download(file, on_progress=partial(_add, report, before, total), cancelled=cancelled)
        before += file.size_bytes
    for file in files:
        if file.unpacked and not (data_folder() / file.unpacked).is_dir():
            _unpack(file, report, cancelled)


def _add(report: Report, before: int, total: int, done: int, _of_file: int) -> None:
    report("download", before + done, total)


def _unpack(file: DataFile, report: Report, cancelled: Callable[[], bool]) -> None:
    """Unpack an archive beside its place, then move the folder there at once."""
    folder, archive = data_folder(), file.path()
    partial = folder / f"{file.unpacked}.{uuid.uuid4().hex}.partial"
    told = 0
    try:
        with archive.open("rb") as raw, tarfile.open(fileobj=raw, mode="r:gz") as tar:
            for member in tar:
                if cancelled():
                    raise DownloadCancelledError(
                        f"Unpacking {archive.name} was cancelled. Try again, or {file.instead}."
                    )
                tar.extract(member, partial, filter="data")
                if raw.tell() - told >= REPORT_EVERY_BYTES:
                    told = raw.tell()
                    report("unpack", told, file.size_bytes)
        (partial / file.unpacked).replace(folder / file.unpacked)
        report("unpack", file.size_bytes, file.size_bytes)
    except (OSError, tarfile.TarError, EOFError, zlib.error) as error:
        raise DownloadError(
            f"{archive} could not be unpacked ({str(error).splitlines()[0][:80]}). Free some "
            f"space, set {FOLDER_VARIABLE} to a folder of yours, or {file.instead}."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
