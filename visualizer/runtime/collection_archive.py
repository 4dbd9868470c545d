"""What is in a zip archive, before anything is unpacked: hostile and overlarge ones are refused.

Nothing is ever written to the disk.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from visualizer.errors import CollectionError, PictureError
from visualizer.runtime.picture_file import MAX_BYTES

MAX_FILES = 10_000
MAX_UNPACKED_BYTES = 500_000_000
SUFFIXES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar")
LITTER = {"__MACOSX", "Thumbs.db", "desktop.ini"}  # what systems leave behind, and names with a dot
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may claim gigabytes to unpack
ENTRY = b"PK\x01\x02"  # how each line of the archive's directory begins
PASSWORD = 0x1

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    LookupError,
    OverflowError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True)
class File:
    """A file of an archive: its path there, with ``/`` between the folders."""

    name: str
    info: zipfile.ZipInfo


@dataclass(frozen=True)
class Archive:
    """An open archive, its files in reading order, and what is left out: (name, reason)."""

    reader: zipfile.ZipFile
    files: tuple[File, ...]
    left_out: tuple[tuple[str, str], ...]

    def read(self, file: File) -> bytes:
        """Unpack one file into memory; no more than the directory states is ever unpacked.

        Raises:
            PictureError: it is damaged: a few words.
        """
        try:
            return self.reader.read(file.info)
        except BROKEN as error:
            raise PictureError("The archive is damaged here") from error


def open_archive(data: bytes) -> Archive:
    """Look through a zip archive's directory.

    Raises:
        CollectionError: no zip, damaged, encrypted, paths that lead outside, an archive inside, or
            beyond ``MAX_FILES`` or ``MAX_UNPACKED_BYTES``.
    """
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise CollectionError(
            f"This is no zip archive ({len(data):,} bytes): zip the folder of pictures and "
            "try again."
        )
    _check_count(data.count(ENTRY))  # before the directory is read: it may have millions of lines
    try:
        reader = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise CollectionError(
            "The zip archive is damaged or cut short: zip the pictures again and try again."
        ) from error
    files, left_out = [], []
    for info in reader.infolist():
        name = _inside(info.orig_filename)
        if info.is_dir() or _is_litter(name):
            continue
        _check_entry(info, name)
        if stat.S_ISLNK(info.external_attr >> 16):
            left_out.append((name, "a symbolic link"))
        elif info.file_size > MAX_BYTES:
            left_out.append((name, f"{info.file_size:,} bytes; the limit is {MAX_BYTES:,}"))
        else:
            files.append(File(name, info))
    _check_size(sum(file.info.file_size for file in files))
    return Archive(reader, tuple(files), tuple(left_out))


def _check_count(count: int) -> None:
    if count > MAX_FILES:
        raise CollectionError(
            f"The archive has {count:,} files and folders; the limit is {MAX_FILES:,}: "
            "choose some of them."
        )


def _check_size(size_bytes: int) -> None:
    if size_bytes > MAX_UNPACKED_BYTES:
        raise CollectionError(
            f"Unpacked, the archive has {size_bytes / 1e6:,.0f} MB; the limit is "
            f"{MAX_UNPACKED_BYTES / 1e6:,.0f} MB: choose fewer or smaller pictures."
        )


def _inside(name: str) -> str:
    """Give the path with plain slashes, unless it leads out of the archive."""
    path = name.replace("\\", "/")
    drive = path[1:2] == ":" and path[:1].isalpha()
    if path.startswith("/") or drive or ".." in path.split("/") or "\0" in path:
        raise CollectionError(
            f"The archive holds a path that leads outside, {path[:60]!r}: it is refused as a "
            "whole. Zip the folder of pictures again and try again."
        )
    return path


def _is_litter(name: str) -> bool:
    return any(part in LITTER or part.startswith(".") for part in PurePosixPath(name).parts)


def _check_entry(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & PASSWORD:
        raise CollectionError(
            "The archive is protected by a password: zip the pictures without one and try again."
        )
    if name.lower().endswith(SUFFIXES):
        raise CollectionError(
            f"The archive holds another archive, {name[-60:]!r}, and those are not opened: unpack "
            "it, zip the pictures themselves and try again."
        )
    if info.compress_type not in METHODS:
        raise CollectionError(
            f"The archive is packed by method {info.compress_type}; the ones known are "
            f"{METHODS[0]} (stored) and {METHODS[1]} (deflated): zip the pictures the usual way."
        )
