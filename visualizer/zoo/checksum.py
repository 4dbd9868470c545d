"""Is this the official file? SHA-256, computed once for each state of a file."""

from __future__ import annotations

import hashlib
from pathlib import Path

from visualizer.errors import WeightsError
from visualizer.zoo.spec import Weights

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


def expected(weights: Weights) -> str:
    """Give the digits that the file's SHA-256 begins with.

    Raises:
        WeightsError: none are written down, so nothing could be verified.
    """
    if not weights.sha256:
        raise WeightsError(
            f"{weights.path().name} cannot be verified: its SPEC holds no SHA-256. "
            "Write the digest there, or choose untrained weights."
        )
    return weights.sha256


def installed(weights: Weights) -> bool:
    """Tell whether the official file is on this machine, whole; it is read once, not every time."""
    path = weights.path()
    try:
        return path.is_file() and digest(path).startswith(expected(weights))
    except PermissionError:
        return False


def verified(weights: Weights) -> Path:
    """Find the official file.

    Raises:
        WeightsError: it is absent, or it is another file than the publisher's.
    """
    path, way_out = weights.path(), "Download it" if weights.url else "Install again"
    if not path.is_file():
        raise WeightsError(f"{path} is not there. {way_out}, or choose untrained weights.")
    wanted, found = expected(weights), digest(path)
    if not found.startswith(wanted):
        raise WeightsError(
            f"{path} is damaged: its SHA-256 begins with {found[: len(wanted)][:8]}, "
            f"not {wanted[:8]}. {way_out}, or choose untrained weights."
        )
    return path


def _state(path: Path) -> tuple[str, int, int]:
    status = path.stat()
    return str(path.resolve()), status.st_mtime_ns, status.st_size
