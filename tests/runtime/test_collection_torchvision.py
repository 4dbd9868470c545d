"""Data sets in torchvision's folders, equal to what torchvision reads; downloads and archives."""

import gzip
import hashlib
import io
import lzma
import pickle
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from torchvision import datasets

import visualizer as vz
from visualizer.errors import CollectionError, DownloadError
from visualizer.runtime import collection_files, collection_torchvision
from visualizer.runtime.collection_files import FILES, DataFile, data_folder, fetch
from visualizer.zoo.class_names import LABELS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CNN_VISUALIZER_DATA", str(tmp_path))
    return tmp_path


def idx(values: np.ndarray) -> bytes:
    sizes = np.array(values.shape, ">u4").tobytes()
    return bytes([0, 0, 8, values.ndim]) + sizes + values.astype(np.uint8).tobytes()


def put_mnist(folder: Path, pictures: np.ndarray, labels: np.ndarray) -> Path:
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(pictures)))
    (raw / "t10k-labels-idx1-ubyte").write_bytes(idx(labels))
    return raw


def test_the_format_of_mnist(folder: Path) -> None:
    pictures = np.arange(2 * 4 * 3, dtype=np.uint8).reshape(2, 4, 3)
    put_mnist(folder, pictures, np.array([7, 2]))
    made = vz.collection("mnist")
    assert made.array is not None
    assert np.array_equal(made.array, pictures)
    assert [made.label(0), made.label(1)] == ["7", "2"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data[:-1], "23 values where .* are promised"),
        (lambda data: b"\0\0\x0d\3" + data[4:], "it begins with 00000d03"),
        (lambda _: b"", "it begins with nothing"),
    ],
)
def test_damaged_files(folder: Path, change: Callable[[bytes], bytes], words: str) -> None:
    raw = put_mnist(folder, np.zeros((2, 4, 3)), np.array([7, 2]))
    (raw / "t10k-images-idx3-ubyte").write_bytes(change(idx(np.zeros((2, 4, 3)))))
    with pytest.raises(CollectionError, match=words):
        vz.collection("mnist")


def test_a_cut_gz_and_labels_too_few(folder: Path) -> None:
    raw = put_mnist(folder, np.zeros((2, 4, 3)), np.array([7]))
    with pytest.raises(CollectionError, match="1 labels for 2 pictures"):
        vz.collection("mnist")
    packed = raw / "t10k-images-idx3-ubyte.gz"
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(CollectionError, match="cannot be read"):
        vz.collection("mnist")


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return print, ("run",)


def test_a_foreign_pickle_is_never_opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    batches = folder / "cifar-10-batches-py"
    batches.mkdir()
    data = pickle.dumps(Evil())
    (batches / "test_batch").write_bytes(data)
    with pytest.raises(CollectionError, match=r"its MD5 is \w{8}…, not 40351d58…"):
        vz.collection("cifar10")
    monkeypatch.setitem(
        collection_torchvision.CIFAR_MD5, "test_batch", hashlib.md5(data).hexdigest()
    )
    with pytest.raises(CollectionError, match=r"asks for builtins\.print"):
        vz.collection("cifar10")
    assert capsys.readouterr().out == ""


def test_imagenette_stays_on_the_disk(folder: Path) -> None:
    pictures: dict[tuple[str, str], np.ndarray] = {}
    for size, synsets in (("160", ["n01440764"]), ("320", ["n03888257", "n01440764", "other"])):
        for synset in synsets:
            place = folder / f"imagenette2-{size}" / "val" / synset
            place.mkdir(parents=True)
            pixels = np.full((int(size) // 10, 20, 3), len(pictures) * 50, np.uint8)
            Image.fromarray(pixels).save(place / "a.JPEG", quality=95)
            pictures[size, synset] = pixels
    made = vz.collection("imagenette")
    assert made.names == ("n01440764/a.JPEG", "n03888257/a.JPEG")  # of the larger one
    assert [made.label(0), made.label(1)] == ["tench", "parachute"]
    assert made.pixels(0).shape == (32, 20, 3)
    assert set(made.classes) <= set(LABELS["imagenet"])
    with pytest.raises(CollectionError, match=r"Imagenette .* is not in"):
        vz.collection("imagenette", split="train")


def test_the_files_are_those_that_torchvision_wants(folder: Path) -> None:
    for name, kind in (("mnist", datasets.MNIST), ("fashion_mnist", datasets.FashionMNIST)):
        places = [file.path() for split in ("train", "test") for file in FILES[name][split]]
        assert [place.name for place in places] == [file for file, _ in kind.resources]
        assert {place.parent for place in places} == {folder / kind.__name__ / "raw"}
    assert FILES["cifar10"]["test"][0].url == datasets.CIFAR10.url
    assert FILES["cifar10"]["test"][0].unpacked == datasets.CIFAR10.base_folder
    lists = [*datasets.CIFAR10.train_list, *datasets.CIFAR10.test_list]
    assert dict(map(tuple, lists)) == collection_torchvision.CIFAR_MD5
    assert FILES["imagenette"]["test"][0].url == datasets.Imagenette._ARCHIVES["160px"][0]
    names = {synset: names[0] for synset, names in datasets.Imagenette._WNID_TO_CLASS.items()}
    assert names == collection_torchvision.IMAGENETTE


def test_the_stated_digests_are_those_of_the_files(shared_data: Path) -> None:
    for name in ("mnist", "fashion_mnist"):
        for file in (*FILES[name]["train"], *FILES[name]["test"]):
            content = (shared_data / file.place).read_bytes()
            assert hashlib.sha256(content).hexdigest() == file.sha256
            assert len(content) == file.size_bytes


@pytest.mark.slow
def test_equal_to_torchvision(folder: Path, shared_data: Path) -> None:
    for name, kind in (("mnist", datasets.MNIST), ("fashion_mnist", datasets.FashionMNIST)):
        shutil.copytree(shared_data / kind.__name__, folder / kind.__name__)
        made = vz.collection(name)  # straight from the .gz
        for split in ("test", "train"):
            theirs = kind(folder, train=split == "train", download=True)  # unpacks, fetches nothing
            made = vz.collection(name, split=split)
            assert made.array is not None
            assert made.labels is not None
            assert np.array_equal(made.array, theirs.data.numpy())
            assert np.array_equal(made.labels, theirs.targets.numpy())


@pytest.mark.slow
def test_cifar10_in_part(folder: Path, shared_data: Path) -> None:
    batches = folder / "cifar-10-batches-py"
    batches.mkdir()
    for name in ("data_batch_1", "test_batch"):
        packed = shared_data / "cifar10" / f"{name}.xz"
        (batches / name).write_bytes(lzma.decompress(packed.read_bytes()))
    shutil.copy(shared_data / "cifar10" / "batches.meta", batches)
    made, test = vz.collection("cifar10", split="train"), vz.collection("cifar10")
    assert (len(made), len(test), test.notes) == (10_000, 10_000, ())
    assert made.notes == (
        "4 of 5 batches are missing in cifar-10-batches-py: 10,000 photos instead of 50,000.",
    )

    class Part(datasets.CIFAR10):  # type: ignore[misc]
        train_list = datasets.CIFAR10.train_list[:1]

    theirs = Part(folder, train=True)
    assert made.array is not None
    assert made.labels is not None
    assert np.array_equal(made.array, theirs.data)
    assert made.labels.tolist() == theirs.targets
    assert list(made.classes) == theirs.classes


def test_the_folder_of_data_sets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CNN_VISUALIZER_DATA", raising=False)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert data_folder() == tmp_path / "datasets"
    monkeypatch.setenv("CNN_VISUALIZER_DATA", "~/sets")
    assert data_folder() == Path.home() / "sets"


def test_a_download_reports_and_verifies(
    serve: Callable[..., Any], content: bytes, digest: str, folder: Path
) -> None:
    server = serve("whole")
    url = server.weights().url
    files = tuple(DataFile(f"a/{n}.bin", url, digest, len(content)) for n in range(2))
    heard: list[tuple[str, int, int]] = []
    fetch(files, report=lambda *news: heard.append(news))
    assert [file.path().read_bytes() == content for file in files] == [True, True]
    assert heard[-1] == ("download", 2 * len(content), 2 * len(content))
    done = [news[1] for news in heard]
    assert done == sorted(done)
    requests = server.requests
    fetch(files)
    assert server.requests == requests  # already there
    assert list((folder / "a").glob("*.partial")) == []


def test_a_download_that_fails_names_another_way_out(
    serve: Callable[..., Any], content: bytes, digest: str, folder: Path
) -> None:
    file = DataFile("a.bin", serve("other_content").weights().url, digest, len(content))
    with pytest.raises(DownloadError, match=r"away\. Try again, or choose another collection"):
        fetch((file,))
    with pytest.raises(DownloadError, match=r"was cancelled\. Try again, or choose another coll"):
        fetch((file,), cancelled=lambda: True)
    assert list(folder.iterdir()) == []


def archive_of(names: list[str]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for name in names:
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    return file.getvalue()


def local(folder: Path, content: bytes) -> DataFile:
    """Describe an archive that is already downloaded."""
    (folder / "set.tgz").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return DataFile("set.tgz", "https://example.invalid/set.tgz", sha256, len(content), "set")


def test_an_archive_is_unpacked_whole_or_not_at_all(folder: Path) -> None:
    file = local(folder, archive_of(["set/a.bin", "set/b/c.bin"]))
    with pytest.raises(DownloadError, match=r"Unpacking set\.tgz was cancelled"):
        collection_files._unpack(file, lambda *_: None, lambda: True)
    assert [path.name for path in folder.iterdir()] == ["set.tgz"]
    heard: list[tuple[str, int, int]] = []
    fetch((file,), report=lambda *news: heard.append(news))
    assert sorted(path.name for path in (folder / "set").rglob("*")) == ["a.bin", "b", "c.bin"]
    assert heard[-1] == ("unpack", file.size_bytes, file.size_bytes)
    assert sorted(path.name for path in folder.iterdir()) == ["set", "set.tgz"]


@pytest.mark.parametrize("names", [["../outside.bin"], ["other/a.bin"]])
def test_an_odd_archive_leaves_nothing(folder: Path, names: list[str]) -> None:
    file = local(folder, archive_of(names))
    with pytest.raises(DownloadError, match="could not be unpacked"):
        fetch((file,))
    assert [path.name for path in folder.iterdir()] == ["set.tgz"]
    assert not (folder.parent / "outside.bin").exists()
