"""Fetch official files when the user says so: to their cache, verified, or not at all.

Callers who want the same file share one transfer. Whichever of them is free takes its next step,
so no thread runs on its own, a caller who leaves does not cut off the others, and when the last
one leaves, the partial file goes too.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from visualizer.errors import DownloadError
from visualizer.runtime.transfer import transfer, way_out
from visualizer.zoo.checksum import expected
from visualizer.zoo.checksum import installed as installed
from visualizer.zoo.official_file import OfficialFile

REPORT_EVERY_S, REPORT_EVERY_SHARE = 0.05, 0.005  # whichever comes first
WAIT_S = 0.2  # how long a caller waits for another's step before looking round


class DownloadCancelledError(DownloadError):
    """The user no longer wants the file."""


def download(
    wanted: OfficialFile,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """Fetch the official file, unless it is there already; its place comes back.

    A damaged file of that name is replaced. ``on_progress`` gets the bytes received and the bytes
    in all; ``cancelled`` is asked between two blocks, so at the latest when a read times out.

    Raises:
        DownloadError: one sentence on what failed, and the way out. Nothing partial stays.
        WeightsError: no checksum is known.
    """
    path = wanted.path()
    if installed(wanted):
        if on_progress:
            on_progress(path.stat().st_size, path.stat().st_size)
        return path
    if wanted.url is None:
        raise DownloadError(
            f"{path.name} travels with the installation and is missing or damaged. "
            f"Install again, or {wanted.instead}."
        )
    expected(wanted)
    shared = _join(wanted, path)
    try:
        _follow(shared, path.name, on_progress, cancelled)
    finally:
        _leave(shared, path)
    return path


@dataclass(eq=False)
class _Shared:
    """One transfer and the callers who want it; ``changed`` guards what is below it."""

    steps: Generator[tuple[int, int]]
    changed: threading.Condition
    way_out: str
    callers: int = 0
    busy: bool = False
    ended: bool = False
    progress: tuple[int, int] = (0, 0)
    error: DownloadError | None = None

    def advance(self) -> None:
        """Take the next step, or wait a moment for the caller who is taking it."""
        with self.changed:
            if self.ended:
                return
            if self.busy:
                self.changed.wait(WAIT_S)
                return
            self.busy = True
        progress, ended = self.progress, True
        error: DownloadError | None = DownloadError(f"The download was interrupted. {self.way_out}")
        try:
            progress, ended, error = next(self.steps), False, None
        except StopIteration:
            error = None
        except DownloadError as failure:
            error = failure
        finally:
            with self.changed:
                self.progress, self.error, self.ended = progress, error, ended
                self.busy = False
                self.changed.notify_all()


_transfers: dict[Path, _Shared] = {}
_registry = threading.Lock()


def _join(wanted: OfficialFile, path: Path) -> _Shared:
    with _registry:
        shared = _transfers.get(path)
        if shared is None or shared.ended:  # one that failed is not joined: a retry starts afresh
            shared = _transfers[path] = _Shared(
                transfer(wanted, path), threading.Condition(), way_out(wanted)
            )
        shared.callers += 1
        return shared


def _leave(shared: _Shared, path: Path) -> None:
    with _registry:
        shared.callers -= 1
        if shared.callers:
            return
        if _transfers.get(path) is shared:
            del _transfers[path]
    shared.steps.close()


def _follow(
    shared: _Shared,
    name: str,
    on_progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    reported, told = -1, 0.0
    while not shared.ended:
        if cancelled and cancelled():
            raise DownloadCancelledError(f"The download of {name} was cancelled. {shared.way_out}")
        shared.advance()
        received, total = shared.progress
        if on_progress and total and received > reported:
            share, now = (received - reported) / total, time.monotonic()
            if share >= REPORT_EVERY_SHARE or now - told >= REPORT_EVERY_S or received == total:
                on_progress(received, total)
                reported, told = received, now
    if shared.error:
        raise DownloadError(str(shared.error)) from shared.error
