"""Limits come before pixels; what is no picture is named; odd files do no harm."""

import io
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from visualizer.errors import PictureError
from visualizer.runtime.picture import (
    MAX_BYTES,
    MAX_JPEG_PIXELS,
    MAX_PIXELS,
    open_picture,
    read_picture,
)

ROOT = Path(__file__).resolve().parents[2]
PICTURE_ENDINGS = {".jpg", ".png", ".gif", ".webp", ".tiff", ".svg"}
CORNERS = [(254, 0, 0), (0, 255, 1), (0, 0, 254), (255, 255, 255)]  # of the manifest's scene
LIKE_PLAIN = ["plain.jpg", "wrong_ending.png", "cmyk.jpg", "palette_alpha.png", "animated.gif"]
LIKE_PLAIN += ["animated.webp", "two_pages.tiff", "<img src=x onerror=alert(1)>.png"]
LIKE_PLAIN += [f"exif_rotated_{orientation}.jpg" for orientation in (3, 6, 8)]
LIKE_PLAIN += ["naïve 画像 \U0001f600.png", "n" * 200 + ".png"]
MEASURE = """
import re, sys
from pathlib import Path
from visualizer.errors import PictureError
from visualizer.runtime.picture import open_picture

def peak_kb():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

first, *others = sys.argv[1:]
open_picture(first)
before, refused = peak_kb(), 0
for other in others:
    try:
        open_picture(other)
    except PictureError:
        refused += 1
print(peak_kb() - before, refused)
"""


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def refusal(source: bytes | Path) -> str:
    with pytest.raises(PictureError) as caught:
        open_picture(source)
    return str(caught.value)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(height: int, width: int, extra: bytes = b"", data: bytes = b"") -> bytes:
    """A grey PNG that says it has this size, whatever its data."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + header + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """80 MB of text in 80 kB."""
    return chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000), 9))


def test_limits_are_checked_before_the_pixels() -> None:
    said = refusal(png(5001, 5000))
    assert "25,005,000" in said
    assert f"{MAX_PIXELS:,}" in said
    assert "100,000,000 pixels (10000 × 10000)" in refusal(png(10000, 10000))
    said = refusal(png(100_000, 100_000))  # beyond Pillow's own limit, twice
    assert "10,000,000,000" in said
    grey = saved(Image.new("L", (16, 16)), "JPEG")
    start = grey.index(b"\xff\xc0") + 5  # height and width in the header
    lying = grey[:start] + struct.pack(">HH", 7300, 7300) + grey[start + 4 :]
    assert f"{MAX_JPEG_PIXELS:,}" in refusal(lying)


def test_too_many_bytes(tmp_path: Path) -> None:
    assert f"limit is {MAX_BYTES:,}" in refusal(b"\xff\xd8\xff" + bytes(MAX_BYTES))
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert f"{MAX_BYTES + 1:,} bytes" in refusal(path)
    assert "empty" in refusal(b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_cut_files_are_refused(kind: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    data = saved(Image.fromarray(noise), kind)
    for length in (len(data) // 4, len(data) // 2, len(data) * 3 // 4):
        assert "cannot be decoded" in refusal(data[:length])


def test_a_wrong_checksum_is_refused() -> None:
    good = saved(Image.new("RGB", (60, 40), "red"), "PNG")
    data = bytearray(good)
    data[data.index(b"IDAT") - 5] ^= 1  # in the checksum of the header
    assert "cannot be decoded" in refusal(bytes(data))
    data = bytearray(good)
    data[data.index(b"IEND") - 5] ^= 1  # in the checksum of the pixels
    assert "cannot be decoded" in refusal(bytes(data))


def test_text_bombs_and_endless_scans() -> None:
    assert "1,048,576 bytes" in refusal(png(2, 2, text_bomb(), b"\0ab\0cd"))
    data = saved(Image.new("RGB", (60, 40), "red"), "JPEG", progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    assert "passes; the limit is 60" in refusal(data[:-2] + scan * 60 + data[-2:])


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<!doctype html><script>alert(1)</script>", "a web page"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x"><script/></svg>', "an SVG drawing"),
        (b"hello\n", "a text file"),
        (b"PK\x03\x04 and nothing", "a zip archive"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC photo"),
        (b"\x80\x04\x95", "a Python pickle"),
        (bytes(100), "an unknown kind"),
    ],
)
def test_says_what_the_file_is(data: bytes, what: str) -> None:
    said = refusal(data)
    assert what in said
    assert "JPEG, PNG, GIF, WebP, BMP or TIFF" in said


def measured(folder: Path, files: dict[str, bytes]) -> tuple[int, int]:
    """How far opening ``files`` raises the peak memory, in kB, and how many are refused.

    In a process of its own, since a peak never falls.
    """
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak memory of a process is read from /proc, which is not here")
    files = {"first.png": saved(Image.new("RGB", (64, 64)), "PNG"), **files}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    command = [sys.executable, "-c", MEASURE, *(str(folder / name) for name in files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    growth_kb, refused = done.stdout.split()
    return int(growth_kb), int(refused)


def test_refusing_bombs_takes_no_memory(tmp_path: Path) -> None:
    """Decoded, they would take 1 GB and more."""
    bombs = {
        "wide.png": saved(Image.new("1", (12_000, 12_000)), "PNG"),
        "huge.png": png(30_000, 30_000, b"", bytes(1_000_000)),
        "wide.webp": saved(Image.new("L", (6_000, 4_000)), "WEBP", lossless=True, method=0),
        "wide.gif": saved(Image.new("P", (6_000, 6_000)), "GIF"),
        "text.png": png(2, 2, text_bomb(), b"\0ab\0cd"),
    }
    growth_kb, refused = measured(tmp_path, bombs)
    assert refused == len(bombs)
    assert growth_kb < 30_000


def test_a_phone_photo_of_50_megapixels_is_decoded_small(tmp_path: Path) -> None:
    """At full size it would take 200 MB."""
    photo = {"photo.jpg": saved(Image.new("RGB", (8192, 6144)), "JPEG")}
    growth_kb, refused = measured(tmp_path, photo)
    assert refused == 0
    assert growth_kb < 60_000


BadInputs = tuple[Path, list[dict[str, str]]]


def corners(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Mean colours: top left, top right, bottom left, bottom right."""
    blocks = [
        pixels[4:36, 4:36],
        pixels[4:36, -36:-4],
        pixels[-36:-4, 4:36],
        pixels[-36:-4, -36:-4],
    ]
    return np.array([block.mean(axis=(0, 1)) for block in blocks])


def test_odd_pictures_are_shown_right(bad_inputs: BadInputs) -> None:
    folder, _ = bad_inputs
    for name in LIKE_PLAIN:
        pixels = read_picture(folder / name)
        assert pixels.shape == (240, 320, 3), name
        tolerance = 40 if "palette" in name else 8  # 32 colours
        np.testing.assert_allclose(corners(pixels), CORNERS, atol=tolerance, err_msg=name)


def test_odd_depths_are_shown_right(bad_inputs: BadInputs) -> None:
    folder, _ = bad_inputs
    cells = np.arange(64 * 64).reshape(64, 64)
    grey = read_picture(folder / "gray16.png")[..., 2]
    np.testing.assert_allclose(grey, cells * 16 % 65536 / 257, atol=1)
    red, green, blue = np.moveaxis(read_picture(folder / "rgb16.png").astype(float), -1, 0)
    np.testing.assert_allclose(red, cells // 64 * 1024 / 257, atol=1)
    np.testing.assert_allclose(green, cells % 64 * 1024 / 257, atol=1)
    np.testing.assert_allclose(blue, 32768 / 257, atol=1)
    grey = read_picture(folder / "float32.tiff")[..., 0]
    np.testing.assert_allclose(grey, cells / 4095 * 255, atol=0.51)
    luminance = np.asarray(CORNERS) @ (0.299, 0.587, 0.114)
    np.testing.assert_allclose(corners(read_picture(folder / "gray.jpg"))[:, 1], luminance, atol=4)
    black_and_white = read_picture(folder / "one_bit.png")
    assert set(np.unique(black_and_white)) == {0, 255}
    np.testing.assert_allclose(corners(black_and_white)[:, 0], luminance, atol=12)  # dithered
    assert read_picture(folder / "one_pixel.png").tolist() == [[[255, 0, 0]]]
    assert (read_picture(folder / "crlf_text_chunk.png") == 128).all()


def test_alpha_ramps_are_shown_on_white(bad_inputs: BadInputs) -> None:
    folder, _ = bad_inputs
    plain = read_picture(folder / "naïve 画像 \U0001f600.png").astype(float)
    alpha = np.linspace(0, 255, 320).astype(np.uint8)[:, None] / 255
    opened = open_picture(folder / "rgba.png")
    np.testing.assert_allclose(opened.pixels, plain * alpha + 255 * (1 - alpha), atol=1.5)
    assert opened.notes == ("Transparent parts are shown on white.",)
    grey = plain @ (0.299, 0.587, 0.114)
    shown = read_picture(folder / "gray_alpha.png")[..., 0]
    np.testing.assert_allclose(shown, grey * alpha[:, 0] + 255 * (1 - alpha[:, 0]), atol=2.5)


def test_every_ok_picture_of_the_manifest_opens(bad_inputs: BadInputs) -> None:
    folder, rows = bad_inputs
    good = [row["file"] for row in rows if row["verdict"] == "ok"]
    good = [name for name in good if Path(name).suffix in PICTURE_ENDINGS]
    assert set(LIKE_PLAIN) < set(good)
    for name in good:
        opened = open_picture((folder / name).read_bytes())
        assert opened.pixels.ndim == 3
        assert all(note.endswith(".") and len(note) < 100 for note in opened.notes)


def test_everything_else_of_the_manifest_is_refused_in_one_sentence(
    bad_inputs: BadInputs,
) -> None:
    folder, rows = bad_inputs
    marker = Path(tempfile.gettempdir()) / "BAD_INPUT_CODE_RAN"
    marker.unlink(missing_ok=True)
    refused = [
        row["file"]
        for row in rows
        if row["verdict"] == "refuse" or Path(row["file"]).suffix not in PICTURE_ENDINGS
    ]
    assert len(refused) > 30
    for name in refused:
        said = refusal(folder / name)
        assert len(said) < 200
        assert said.endswith(".")
        assert ". " not in said
        assert not set("<>&") & set(said)
        assert str(folder) not in said
        assert name not in said
    assert not marker.exists()
