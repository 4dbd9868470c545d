"""Own zips and folders: labels from folders, broken files left out, hostile archives refused."""

import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import visualizer as vz
from visualizer.errors import CollectionError
from visualizer.runtime import collection_archive, collection_own
from visualizer.runtime.collection_archive import open_archive
from visualizer.runtime.collection_own import KEPT_SIDE, labels_of, zip_collection

RNG = np.random.default_rng(1)


def noise(height: int, width: int) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


PICTURE = png(noise(9, 5))


def test_folders_are_labels_and_paths_are_read_as_people_count() -> None:
    pictures = {f"pets/{kind}/{n}.png": noise(9, 5) for kind in ("dog", "cat") for n in (10, 2, 1)}
    made = vz.collection(zipped({name: png(pixels) for name, pixels in pictures.items()}))
    assert made.names == (
        *(f"pets/cat/{n}.png" for n in (1, 2, 10)),
        *(f"pets/dog/{n}.png" for n in (1, 2, 10)),
    )
    assert made.classes == ("cat", "dog")
    assert [made.label(index) for index in range(6)] == ["cat"] * 3 + ["dog"] * 3
    for index, name in enumerate(made.names):
        assert np.array_equal(made.pixels(index), pictures[name])
    assert made.notes == ()


def test_labels_of_paths() -> None:
    assert labels_of(["a/1.png", "a/2.png"]) is None
    assert labels_of(["1.png", "2.png"]) is None
    assert labels_of(["train/a/1.png", "test/b/2.png"]) == ["a", "b"]
    assert labels_of(["1.png", "b/2.png"]) == ["(no folder)", "b"]


def test_broken_and_foreign_files_are_left_out_and_named() -> None:
    cut = png(noise(40, 40))[:900]
    made = vz.collection(
        zipped(
            {
                "a/good.png": PICTURE,
                "a/cut.png": cut,
                "b/words.txt": b"Just words.",
                "b/empty.jpg": b"",
                "b/good.png": PICTURE,
                "__MACOSX/a/._good.png": b"litter",
                "a/.DS_Store": b"litter",
                "c/": b"",
            }
        )
    )
    assert made.names == ("a/good.png", "b/good.png")
    assert made.notes[0] == "3 of 5 files were left out."
    assert "Left out: a/cut.png: This PNG file cannot be decoded" in made.notes[1]
    assert made.notes[2:] == (
        "Left out: b/empty.jpg: The file is empty, it has 0 bytes",
        "Left out: b/words.txt: This is a text file",
    )


def test_a_long_list_of_broken_files_is_cut() -> None:
    files = {f"{n}.txt": b"words" for n in range(40)} | {"good.png": PICTURE}
    made = vz.collection(zipped(files))
    assert made.notes[0] == "40 of 41 files were left out."
    assert len(made.notes) == 14
    assert made.notes[-1] == "Left out: and 28 more"


def test_a_damaged_entry_is_left_out() -> None:
    files = {"a.png": PICTURE, "b.png": png(noise(30, 30))}
    data = bytearray(zipped(files))
    place = data.index(files["b.png"]) + 100
    data[place] ^= 0xFF  # the archive's checksum no longer fits
    made = vz.collection(bytes(data))
    assert made.names == ("a.png",)
    assert made.notes[1] == "Left out: b.png: The archive is damaged here"


def test_large_pictures_are_reduced_and_it_is_said() -> None:
    made = vz.collection(zipped({"large.png": png(noise(700, 350)), "small.png": PICTURE}))
    assert made.pixels(0).shape == (KEPT_SIDE, KEPT_SIDE // 2, 3)
    assert made.notes == (
        f"Pictures with more than {KEPT_SIDE} pixels on a side were reduced to it: 1.",
    )


def test_middling_pictures_stay_exact() -> None:
    pixels = np.tile(np.arange(256, dtype=np.uint8)[:, None, None], (1, 200, 3))
    made = vz.collection(zipped({"a.png": png(pixels)}))
    assert isinstance(made.pictures[0], bytes)
    assert np.array_equal(made.pixels(0), pixels)


@pytest.mark.parametrize(
    "name", ["../a.png", "a/../../b.png", "/etc/a.png", "C:/a.png", "..\\a.png", "a\\..\\b.png"]
)
def test_paths_that_lead_outside(name: str, tmp_path: Path) -> None:
    before = set(tmp_path.parent.rglob("*"))
    with pytest.raises(CollectionError, match="path that leads outside"):
        vz.collection(zipped({"good.png": PICTURE, name: PICTURE}))
    assert set(tmp_path.parent.rglob("*")) == before


def test_ten_thousand_files_and_one_more() -> None:
    files = {f"{n}.txt": b"" for n in range(10_001)}
    with pytest.raises(CollectionError, match=r"10,001 files and folders; the limit is 10,000"):
        open_archive(zipped(files))
    del files["0.txt"]
    assert len(open_archive(zipped(files)).files) == 10_000


def test_a_directory_of_a_million_lines_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the directory was read")

    monkeypatch.setattr(zipfile, "ZipFile", never)
    with pytest.raises(CollectionError, match="1,000,000 files and folders"):
        open_archive(b"PK\x03\x04" + b"PK\x01\x02".ljust(46, b"\0") * 1_000_000)


def test_too_large_unpacked() -> None:
    data = bytearray(zipped({f"{n}.bmp": b"" for n in range(12)}))
    line = -1
    for _ in range(12):  # what the directory states: nothing is unpacked to find out
        line = data.index(b"PK\x01\x02", line + 1)
        struct.pack_into("<I", data, line + 24, 45_000_000)
    with pytest.raises(CollectionError, match="Unpacked, the archive has 540 MB; the limit is 500"):
        open_archive(bytes(data))


def test_a_bomb_that_lies_about_its_size_unpacks_no_more_than_it_says() -> None:
    data = bytearray(zipped({"a.bmp": bytes(3_000_000)}, zipfile.ZIP_DEFLATED))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + place, 100)
    archive = open_archive(bytes(data))
    assert archive.files[0].info.file_size == 100
    with pytest.raises(CollectionError, match="no readable picture among 1 files"):
        vz.collection(bytes(data))


def test_one_file_too_large_is_left_out() -> None:
    data = zipped({"a.bmp": bytes(50_000_001), "b.png": PICTURE}, zipfile.ZIP_DEFLATED)
    made = vz.collection(data)
    assert made.names == ("b.png",)
    assert made.notes[1] == "Left out: a.bmp: 50,000,001 bytes; the limit is 50,000,000"


def test_too_many_pixels_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection_own, "MAX_PIXELS", 100)
    files = {f"{n}.png": PICTURE for n in range(3)}  # 45 pixels each
    with pytest.raises(CollectionError, match="million pixels together, the limit, after 2 of"):
        vz.collection(zipped(files))


@pytest.mark.parametrize("name", ["inner.zip", "x/photos.TAR.GZ", "a.7z", "b.rar"])
def test_an_archive_inside(name: str) -> None:
    with pytest.raises(CollectionError, match="holds another archive"):
        vz.collection(zipped({"a.png": PICTURE, name: zipped({"b.png": PICTURE})}))


def test_an_archive_under_another_name_is_never_opened() -> None:
    made = vz.collection(zipped({"a.png": PICTURE, "b.png": zipped({"c.png": PICTURE})}))
    assert made.names == ("a.png",)
    assert made.notes[1] == "Left out: b.png: This is a zip archive"


def test_symbolic_links_are_not_followed() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("a/link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a/good.png", PICTURE)
    made = vz.collection(file.getvalue())
    assert made.names == ("a/good.png",)
    assert made.notes[1] == "Left out: a/link.png: a symbolic link"


def test_passwords_and_rare_packing() -> None:
    data = bytearray(zipped({"a.png": PICTURE}))
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 8, 1)
    with pytest.raises(CollectionError, match="protected by a password"):
        open_archive(bytes(data))
    with pytest.raises(CollectionError, match=r"packed by method 14; .* 0 \(stored\) and 8 \(defl"):
        open_archive(zipped({"a.png": PICTURE}, zipfile.ZIP_LZMA))


def test_no_zip_and_damaged_zips() -> None:
    whole = zipped({"a.png": PICTURE, "b.png": PICTURE})
    for data in (b"", b"hello", PICTURE):
        with pytest.raises(CollectionError, match="This is no zip archive"):
            open_archive(data)
    for data in (whole[:-30], whole[: len(whole) // 2], b"PK\x03\x04"):
        with pytest.raises(CollectionError, match="damaged or cut short"):
            open_archive(data)


def test_random_damage_gives_a_sentence_or_a_collection() -> None:
    whole = zipped({"a/1.png": PICTURE, "b/2.png": PICTURE}, zipfile.ZIP_DEFLATED)
    rng = np.random.default_rng(2)
    refused = 0
    for _ in range(300):
        data = bytearray(whole)
        for place in rng.integers(4, len(data), 3):
            data[place] = rng.integers(256)
        try:
            assert 1 <= len(vz.collection(bytes(data))) <= 2
        except CollectionError:
            refused += 1
    assert refused > 10


def test_nothing_readable() -> None:
    with pytest.raises(CollectionError, match=r"among 1 files\. The first, 'a\.txt': This is a te"):
        vz.collection(zipped({"a.txt": b"words"}))
    with pytest.raises(CollectionError, match="no readable picture among 0 files"):
        vz.collection(zipped({}))


def test_progress_and_owner() -> None:
    data = zipped({f"{n}.png": PICTURE for n in range(3)})
    steps = zip_collection(data, owner="me")
    heard = []
    while True:
        try:
            heard.append(next(steps))
        except StopIteration as end:
            mine = end.value
            break
    assert heard == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert mine.digest != vz.collection(data).digest  # equal pictures are never shared


def test_a_folder_stays_on_the_disk(tmp_path: Path) -> None:
    for kind in ("cat", "dog"):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "1.png").write_bytes(PICTURE)
    (tmp_path / "cat" / "broken.png").write_bytes(PICTURE[:40])
    (tmp_path / "cat" / "notes.txt").write_text("words")
    (tmp_path / ".hidden").write_bytes(PICTURE)
    outside = tmp_path.parent / f"{tmp_path.name}-outside.png"
    outside.write_bytes(PICTURE)
    (tmp_path / "dog" / "link.png").symlink_to(outside)
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.png")
    made = vz.collection(tmp_path)
    assert made.names == ("cat/1.png", "dog/1.png")
    assert made.classes == ("cat", "dog")
    assert made.size_bytes == 0
    assert np.array_equal(made.pixels(1), vz.collection([PICTURE]).pixels(0))
    assert made.notes[0] == "3 of 5 files were left out."
    assert "Left out: dog/link.png: a symbolic link" in made.notes


def test_a_folder_of_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection_own, "MAX_FILES", 3)
    for n in range(4):
        (tmp_path / f"{n}.png").write_bytes(PICTURE)
    with pytest.raises(CollectionError, match="holds more than 3 files, the limit"):
        vz.collection(tmp_path)


def test_a_zip_file_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "pets.zip"
    path.write_bytes(zipped({"a/1.png": PICTURE, "b/1.png": PICTURE}))
    made = vz.collection(str(path))
    assert (made.title, made.classes) == ("pets", ("a", "b"))
    monkeypatch.setattr("visualizer.runtime.collection_menu.MAX_UNPACKED_BYTES", 100)
    with pytest.raises(CollectionError, match=r"'pets\.zip' has .* MB; the limit is"):
        vz.collection(path)


def test_limits_are_those_in_the_documents() -> None:
    assert (collection_archive.MAX_FILES, collection_archive.MAX_UNPACKED_BYTES) == (10_000, 5e8)
