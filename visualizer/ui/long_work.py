"""Long computations: streamed to the page as they grow, in turns, ended when nobody listens."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from visualizer.analyses.turns import Turns
from visualizer.errors import BusyError, VisualizerError
from visualizer.ui.container import container

Frame = tuple[Mapping[str, Any], Mapping[str, NDArray[Any]]]
Frames = Generator[Frame, None, None]

AT_ONCE = 8
PATIENCE_S = 5.0  # with a step that takes long
SILENT: Frame = ({}, {})  # yielded between two frames: a slice of work with nothing to tell yet
FAULT = "This went wrong on the server. Reload the page and try again."

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Job:
    """One running computation of one visitor."""

    visitor: str
    kind: str
    taken_over: str = ""  # what to say where a newer one ends it
    farewell: str = ""
    ended: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)  # its last step is


class LongWork:
    """All long computations of the page: one of each kind per visitor, a few in all."""

    def __init__(self, turns: Turns, at_once: int = AT_ONCE) -> None:
        self.turns = turns
        self.at_once = at_once
        self._jobs: list[Job] = []
        self._lock = threading.Lock()

    @property
    def running(self) -> int:
        """Count the computations under way."""
        return len(self._jobs)

    def stream(self, visitor: str, kind: str, frames: Frames, *, taken_over: str = "") -> Response:
        """Answer with what ``frames`` yields, as it comes; each step takes its turn.

        A frame is a header and arrays; on the wire its length (uint32, little endian) and a
        :func:`container`. The last header is ``{"done": true}`` or ``{"error": sentence}``. A
        newer computation of the same kind by the same visitor ends this one, with the sentence
        ``taken_over`` if there is one, and so does a visitor who stops listening.

        Raises:
            BusyError: too many computations run already.
        """
        job = self._begin(Job(visitor, kind, taken_over))
        return StreamingResponse(
            self._body(job, frames),
            media_type="application/octet-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    def leave(self, visitor: str) -> None:
        """End whatever a visitor started."""
        with self._lock:
            for job in self._jobs:
                if job.visitor == visitor:
                    job.ended.set()

    def end(self, visitor: str, kind: str) -> None:
        """End a visitor's computations of one kind, and wait until their last step is over."""
        with self._lock:
            jobs = [job for job in self._jobs if (job.visitor, job.kind) == (visitor, kind)]
            for job in jobs:
                job.ended.set()
        for job in jobs:
            job.over.wait(PATIENCE_S)

    def _begin(self, job: Job) -> Job:
        visitor, kind = job.visitor, job.kind
        with self._lock:
            for other in self._jobs:
                if (other.visitor, other.kind) == (visitor, kind):
                    other.farewell = other.taken_over
                    other.ended.set()
            running = [other for other in self._jobs if not other.ended.is_set()]
            if len(running) >= self.at_once:
                raise BusyError(
                    f"{len(running)} long computations are running on this server, its limit. "
                    "Try again in a minute."
                )
            self._jobs.append(job)
        return job

    async def _body(self, job: Job, frames: Frames) -> AsyncIterator[bytes]:
        try:
            while (frame := await run_in_threadpool(self._step, job, frames)) is not None:
                if frame is not SILENT:
                    yield _packed(frame)
            if not job.ended.is_set():
                yield _packed(({"done": True}, {}))
            elif job.farewell:
                yield _packed(({"error": job.farewell}, {}))
        except VisualizerError as error:
            yield _packed(({"error": str(error)}, {}))
        except Exception:  # our bug: logged, and still answered with a sentence
            log.exception("%s failed", job.kind)
            yield _packed(({"error": FAULT}, {}))
        finally:
            frames.close()
            with self._lock:
                self._jobs.remove(job)
            job.over.set()

    def _step(self, job: Job, frames: Frames) -> Frame | None:
        with self.turns.step():
            return None if job.ended.is_set() else next(frames, None)


def _packed(frame: Frame) -> bytes:
    body = container(*frame)
    return len(body).to_bytes(4, "little") + body
