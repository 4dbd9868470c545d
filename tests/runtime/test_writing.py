"""A file is there whole or not at all, and who runs out of disk is told how much is missing."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from visualizer.errors import VisualizerError
from visualizer.runtime.writing import refuse_full, write_whole


def failing(number: int) -> Callable[..., NoReturn]:
    def refuse(*_given: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return refuse


def test_a_file_is_written_and_written_again(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    for body in (b"first", b"second, longer"):
        write_whole(path, body)
        assert path.read_bytes() == body
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "place", "words"),
    [
        (errno.ENOSPC, (os, "fsync"), r"weights.x needs 1,234 bytes and its disk has 99 "),
        (errno.EDQUOT, (os, "fsync"), "99 bytes free. Free some space"),
        (errno.ENOSPC, (Path, "open"), "needs 1,234 bytes"),
        (errno.EACCES, (Path, "replace"), r"cannot be written \(Permission denied\). Name another"),
    ],
)
def test_what_was_there_stays_and_nothing_half_written_is_left(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    place: tuple[object, str],
    words: str,
) -> None:
    path = tmp_path / "weights.x"
    path.write_bytes(b"as before")
    usage = shutil.disk_usage(tmp_path)._replace(free=99)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _path: usage)
        patched.setattr(*place, failing(number))
        with pytest.raises(VisualizerError, match=words) as told:
            write_whole(path, bytes(1234))
    assert str(path) in str(told.value)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"as before"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(VisualizerError, match="No such file or directory"):
        write_whole(tmp_path / "nowhere" / "weights", b"body")


def test_too_little_room_is_told_before_the_work(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    refuse_full(path, 0)
    with pytest.raises(VisualizerError, match=r"needs 1,000,000,000,000,000,000 bytes and its"):
        refuse_full(path, 10**18)
