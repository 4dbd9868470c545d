"""Every picture gives the right pixels or one clear sentence."""

import io
import struct
import threading
import warnings
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import ExifTags, Image, ImageFile, PngImagePlugin

from visualizer.errors import PictureError
from visualizer.runtime.picture import (
    LONGEST_SIDE,
    MAX_ASPECT,
    open_picture,
    read_picture,
)

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
CORNERS = [RED, GREEN, BLUE, WHITE]  # top left, top right, bottom left, bottom right
Pixels = npt.NDArray[np.uint8]


def quarters(height: int = 40, width: int = 60) -> Image.Image:
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[: height // 2, : width // 2] = RED
    pixels[: height // 2, width // 2 :] = GREEN
    pixels[height // 2 :, : width // 2] = BLUE
    pixels[height // 2 :, width // 2 :] = WHITE
    return Image.fromarray(pixels)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def corners(pixels: Pixels) -> npt.NDArray[np.float64]:
    height, width = pixels.shape[0] // 4, pixels.shape[1] // 4
    blocks = [pixels[2 : height - 2, 2 : width - 2], pixels[2 : height - 2, 2 - width : -2]]
    blocks += [pixels[2 - height : -2, 2 : width - 2], pixels[2 - height : -2, 2 - width : -2]]
    return np.array([block.mean(axis=(0, 1)) for block in blocks])


def refusal(source: bytes | Path) -> str:
    with pytest.raises(PictureError) as caught:
        open_picture(source)
    return str(caught.value)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize(
    ("kind", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("BMP", {}, 0),
        ("TIFF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("GIF", {}, 0),
        ("JPEG", {"quality": 95}, 6),
        ("JPEG", {"quality": 95, "progressive": True}, 6),
    ],
)
def test_formats(kind: str, options: dict[str, object], tolerance: int) -> None:
    opened = open_picture(saved(quarters(), kind, **options))
    assert opened.pixels.shape == (40, 60, 3)
    assert opened.pixels.dtype == np.uint8
    assert opened.notes == ()
    np.testing.assert_allclose(corners(opened.pixels), CORNERS, atol=tolerance)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_orientation_is_undone(kind: str, orientation: int) -> None:
    undo = {1: None, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    undo |= {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180}
    undo |= {4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE}
    undo |= {7: Image.Transpose.TRANSVERSE}
    turn = undo[orientation]
    stored = quarters() if turn is None else quarters().transpose(turn)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    opened = open_picture(saved(stored, kind, exif=exif, quality=95))
    assert opened.pixels.shape == (40, 60, 3)
    np.testing.assert_allclose(corners(opened.pixels), CORNERS, atol=30)


def test_an_orientation_that_does_not_exist_is_ignored() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 9
    opened = open_picture(saved(quarters(), "JPEG", exif=exif))
    assert opened.pixels.shape == (40, 60, 3)
    assert opened.notes == ()


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_keeps_its_colours(kind: str) -> None:
    """Pillow writes CMYK JPEG files inverted, as Adobe does, and TIFF files plainly."""
    opened = open_picture(saved(quarters().convert("CMYK"), kind, quality=95))
    np.testing.assert_allclose(corners(opened.pixels), CORNERS, atol=6)
    assert opened.notes == ("CMYK colours are shown as RGB.",)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_not_clipped(kind: str) -> None:
    values = np.linspace(0, 65535, 256 * 9).reshape(9, 256).astype(np.uint16)
    opened = open_picture(saved(Image.fromarray(values), kind))
    for channel in range(3):
        np.testing.assert_allclose(opened.pixels[..., channel], values / 257, atol=1)
    assert opened.notes == ("16-bit values are shown with 8 bits.",)


def test_16_bit_colours_are_scaled() -> None:
    rows, columns = np.mgrid[0:16, 0:24]
    values = np.stack([rows * 4369, columns * 2849, rows * 0 + 32768], axis=-1).astype(">u2")
    raw = b"".join(b"\0" + row.tobytes() for row in values)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 24, 16, 16, 2, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    np.testing.assert_allclose(read_picture(data), values / 257, atol=1)


def test_float_tiff_is_rescaled() -> None:
    values = np.linspace(-2, 6, 20 * 30, dtype=np.float32).reshape(20, 30)
    opened = open_picture(saved(Image.fromarray(values), "TIFF"))
    np.testing.assert_allclose(opened.pixels[..., 1], (values + 2) / 8 * 255, atol=0.51)
    assert opened.notes == ("Values from -2 to 6 are shown as black to white.",)


def test_float_tiff_with_gaps() -> None:
    values = np.array([[np.nan, 0], [5, np.inf]], dtype=np.float32)
    opened = open_picture(saved(Image.fromarray(values), "TIFF"))
    assert opened.pixels[..., 0].tolist() == [[0, 0], [255, 0]]
    assert "no numbers" in opened.notes[1]
    empty = Image.fromarray(np.full((2, 2), np.nan, dtype=np.float32))
    assert "is a number" in refusal(saved(empty, "TIFF"))
    flat = Image.fromarray(np.full((2, 2), 7, dtype=np.float32))
    assert (read_picture(saved(flat, "TIFF")) == 128).all()


def test_alpha_is_shown_on_white() -> None:
    image = Image.new("RGBA", (3, 1), (200, 0, 0, 0))
    image.putpixel((1, 0), (200, 0, 0, 255))
    image.putpixel((2, 0), (200, 0, 0, 51))
    opened = open_picture(saved(image, "PNG"))
    assert opened.pixels[0].tolist() == [[255, 255, 255], [200, 0, 0], [244, 204, 204]]
    assert opened.notes == ("Transparent parts are shown on white.",)


def test_opaque_alpha_needs_no_note() -> None:
    assert open_picture(saved(quarters().convert("RGBA"), "PNG")).notes == ()


def test_grey_alpha_palette_and_one_bit() -> None:
    grey = Image.new("LA", (2, 1), (100, 255))
    grey.putpixel((1, 0), (100, 0))
    assert read_picture(saved(grey, "PNG"))[0].tolist() == [[100] * 3, [255] * 3]
    palette = quarters().quantize(4)
    see_through = palette.getpixel((0, 0))  # red becomes transparent
    pixels = read_picture(saved(palette, "PNG", transparency=see_through))
    np.testing.assert_array_equal(corners(pixels), [WHITE, GREEN, BLUE, WHITE])
    np.testing.assert_array_equal(corners(read_picture(saved(palette, "PNG"))), CORNERS)
    one_bit = Image.new("1", (2, 1))
    one_bit.putpixel((1, 0), 1)
    assert read_picture(saved(one_bit, "PNG"))[0].tolist() == [[0] * 3, [255] * 3]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF", "PNG"])
def test_first_of_several_pictures(kind: str) -> None:
    others = [quarters().rotate(180), quarters().rotate(90)]
    options = {"lossless": True} if kind == "WEBP" else {}
    data = saved(quarters(), kind, save_all=True, append_images=others, **options)
    opened = open_picture(data)
    np.testing.assert_array_equal(corners(opened.pixels), CORNERS)
    assert opened.notes == ("The file holds several pictures: the first is shown.",)


def test_every_kind_of_source(tmp_path: Path) -> None:
    image = quarters()
    path = tmp_path / "wrong ending.jpg"
    path.write_bytes(saved(image, "PNG"))
    expected = np.asarray(image)
    for source in (path, str(path), path.read_bytes(), image, expected):
        pixels = read_picture(source)
        np.testing.assert_array_equal(pixels, expected)
        assert pixels.flags.writeable
        assert not np.shares_memory(pixels, expected)
    grey = np.arange(6, dtype=np.uint8).reshape(2, 3)
    np.testing.assert_array_equal(read_picture(grey), np.stack([grey] * 3, axis=-1))
    np.testing.assert_array_equal(read_picture(expected[::-1, ::2]), expected[::-1, ::2])


def test_a_lazy_pil_image_is_left_as_it_is() -> None:
    data = saved(quarters(2100, 4200), "JPEG", quality=95)
    image = Image.open(io.BytesIO(data))
    assert read_picture(image).shape == (1024, 2048, 3)
    assert image.size == (4200, 2100)


@pytest.mark.parametrize(
    ("shape", "dtype", "said"),
    [
        ((3, 8, 8), "uint8", "(3, 8, 8)"),
        ((8, 8, 3), "float32", "float32"),
        ((8, 8, 4), "uint8", "(8, 8, 4)"),
        ((8,), "uint8", "(8,)"),
        ((0, 8, 3), "uint8", "no pixels"),
        ((1, 100, 3), "uint8", "limit is 40"),
    ],
)
def test_arrays_refused(shape: tuple[int, ...], dtype: str, said: str) -> None:
    with pytest.raises(PictureError) as caught:
        open_picture(np.zeros(shape, dtype=dtype))
    assert said in str(caught.value)


def test_other_sources_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="not NoneType"):
        open_picture(None)  # type: ignore[arg-type]
    assert "no file 'absent.png'" in refusal(tmp_path / "absent.png")
    assert f"no file {tmp_path.name!r}" in refusal(tmp_path)
    with pytest.raises(PictureError, match="limit is 40 times"):
        open_picture(Image.new("RGB", (41, 1)))


def test_one_pixel_and_the_widest_shape() -> None:
    assert read_picture(saved(Image.new("RGB", (1, 1), RED), "PNG")).tolist() == [[list(RED)]]
    assert MAX_ASPECT == 40
    assert read_picture(saved(Image.new("RGB", (40, 1)), "PNG")).shape == (1, 40, 3)
    assert "41 times the other" in refusal(saved(Image.new("RGB", (41, 1)), "PNG"))
    assert "41 times the other" in refusal(saved(Image.new("RGB", (1, 41)), "PNG"))


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("TIFF", "F")])
def test_large_pictures_are_reduced(kind: str, mode: str) -> None:
    image = quarters(1600, 2400).convert(mode)
    opened = open_picture(saved(image, kind))
    assert opened.pixels.shape == (1365, 2048, 3)
    assert opened.notes[-1] == "Reduced from 1600 × 2400 to 1365 × 2048 pixels (height × width)."
    if mode != "F":
        np.testing.assert_allclose(corners(opened.pixels), CORNERS, atol=6)
    assert LONGEST_SIDE == 2048


def test_a_reduced_and_rotated_phone_photo() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    stored = quarters(3000, 2250).transpose(Image.Transpose.ROTATE_90)
    opened = open_picture(saved(stored, "JPEG", exif=exif))
    assert opened.pixels.shape == (2048, 1536, 3)
    assert opened.notes[-1] == "Reduced from 3000 × 2250 to 2048 × 1536 pixels (height × width)."
    np.testing.assert_allclose(corners(opened.pixels), CORNERS, atol=6)


def test_broken_metadata_do_not_spoil_a_picture() -> None:
    broken = b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12"  # promises five entries
    data = saved(quarters(), "JPEG", exif=broken, quality=95)
    with pytest.warns(UserWarning, match="EXIF"):
        Image.open(io.BytesIO(data)).getexif()
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        np.testing.assert_allclose(corners(read_picture(data)), CORNERS, atol=6)
    assert leaked == []


def test_global_settings_stay() -> None:
    def settings() -> list[object]:
        module: list[object] = [Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES]
        return [*module, PngImagePlugin.MAX_TEXT_CHUNK, list(warnings.filters)]

    before = settings()
    read_picture(saved(quarters(), "PNG"))
    refusal(saved(Image.new("1", (10_000, 10_000)), "PNG"))
    assert settings() == before


def test_visitors_at_once_get_their_own_picture() -> None:
    got: dict[int, Pixels] = {}

    def visit(shade: int) -> None:
        got[shade] = read_picture(saved(Image.new("RGB", (300, 200), (shade,) * 3), "PNG"))

    threads = [threading.Thread(target=visit, args=(shade,)) for shade in range(0, 250, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(threads)
    assert all((pixels == shade).all() for shade, pixels in got.items())
