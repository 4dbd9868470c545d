"""Files that are written whole or not at all, and the sentence where the disk refuses."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from pathlib import Path

from visualizer.errors import VisualizerError


def write_whole(path: Path, body: bytes) -> None:
    """Write a file under another name first: what was there stays until all of it is on the disk.

    Raises:
        VisualizerError: the disk is full or cannot be written; names the file, and the bytes that
            it needs and that are free.
    """
    partial = path.with_name(f"{path.name}.{uuid.uuid4().hex}.partial")
    try:
        try:
            with partial.open("xb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())  # a full disk may say so only now
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(error, path, len(body)) from error


def refuse_full(path: Path, size_bytes: int) -> None:
    """Tell before the work that its result would not fit on the disk.

    Raises:
        VisualizerError: it would not.
    """
    if shutil.disk_usage(path.parent).free < size_bytes:
        raise _full(path, size_bytes)


def _unwritable(error: OSError, path: Path, size_bytes: int) -> VisualizerError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(path, size_bytes)
    return VisualizerError(
        f"{path} cannot be written ({error.strerror or error}). Name another folder."
    )


def _full(path: Path, size_bytes: int) -> VisualizerError:
    free = shutil.disk_usage(path.parent).free
    return VisualizerError(
        f"{path} needs {size_bytes:,} bytes and its disk has {free:,} bytes free. Free some space, "
        "or name a folder on another disk."
    )
