"""Is this the official file? SHA-256, computed once for each state of a file."""

from __future__ import annotations

import hashlib
from pathlib import Path

from visualizer.errors import WeightsError
from visualizer.zoo.official_file import OfficialFile

_digests: dict[tuple[str, int, int], str] = {}


def digest(path: Path) -> str:
    """Hash a file to 64 hexadecimal digits; remembered until its size or its date changes."""
    key = _state(path)
    if key not in _digests:
        with path.open("rb") as file:
            _digests[key] = hashlib.file_digest(file, "sha256").hexdigest()
    return _digests[key]


def remember(path: Path, sha256: str) -> None:
    """Spare :func:`digest` the work where the bytes were hashed on their way to the disk."""
    _digests[_state(path)] = sha256


def expected(file: OfficialFile) -> str:
    """Give the digits that the file's SHA-256 begins with.

    Raises:
        WeightsError: none are written down, so nothing could be verified.
    """
    if not file.sha256:
        raise WeightsError(
            f"{file.path().name} cannot be verified: its SPEC holds no SHA-256. "
            f"Write the digest there, or {file.instead}."
        )
    return file.sha256


def installed(file: OfficialFile) -> bool:
    """Tell whether the official file is on this machine, whole; it is read once, not every time."""
    path = file.path()
    try:
        return path.is_file() and digest(path).startswith(expected(file))
    except PermissionError:
        return False


def verified(file: OfficialFile) -> Path:
    """Find the official file.

    Raises:
        WeightsError: it is absent, or it is another file than the publisher's.
    """
    path, way_out = file.path(), "Download it" if file.url else "Install again"
    if not path.is_file():
        raise WeightsError(f"{path} is not there. {way_out}, or {file.instead}.")
    wanted, found = expected(file), digest(path)
    if not found.startswith(wanted):
        raise WeightsError(
            f"{path} is damaged: its SHA-256 begins with {found[: len(wanted)][:8]}, "
            f"not {wanted[:8]}. {way_out}, or {file.instead}."
        )
    return path


def _state(path: Path) -> tuple[str, int, int]:
    status = path.stat()
    return str(path.resolve()), status.st_mtime_ns, status.st_size
