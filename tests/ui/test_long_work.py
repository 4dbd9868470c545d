"""Long computations stream, take turns, and end when nobody listens any more."""

import asyncio
import json
import socket
import threading
import time

import numpy as np
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from visualizer.analyses.turns import Turns
from visualizer.errors import BusyError, VisualizerError
from visualizer.ui.long_work import SILENT, Frames, LongWork


def frames(count: int, closed: threading.Event | None = None) -> Frames:
    try:
        for step in range(count):
            yield {"step": step}, {"cells": np.arange(step, dtype=np.uint8)}
            time.sleep(0.02)
    finally:
        if closed is not None:
            closed.set()


def headers(response: Response) -> list[dict[str, object]]:
    """Read a whole stream as the browser does."""
    assert isinstance(response, StreamingResponse)

    async def collect() -> bytes:
        return b"".join([bytes(part) async for part in response.body_iterator])  # type: ignore[arg-type]

    body, found = asyncio.run(collect()), []
    while body:
        length = int.from_bytes(body[:4], "little")
        part, body = body[4 : 4 + length], body[4 + length :]
        size = int.from_bytes(part[:4], "little")
        found.append(json.loads(part[4 : 4 + size]))
    return found


def test_frames_arrive_in_order_and_the_last_says_done() -> None:
    work = LongWork(Turns())
    found = headers(work.stream("visitor", "pattern", frames(3)))
    assert [header.get("step") for header in found] == [0, 1, 2, None]
    assert found[-1] == {"done": True, "arrays": {}}
    assert found[2]["arrays"] == {"cells": {"dtype": "uint8", "shape": [2], "offset": 0}}
    assert work.running == 0


def test_silent_slices_are_not_sent() -> None:
    def quiet() -> Frames:
        for step in range(4):
            yield SILENT if step % 2 else ({"step": step}, {})

    found = headers(LongWork(Turns()).stream("visitor", "training", quiet()))
    assert [header.get("step") for header in found] == [0, 2, None]


def test_who_is_taken_over_hears_it_and_who_leaves_does_not() -> None:
    work = LongWork(Turns())
    streams = [work.stream("visitor", "training", frames(3), taken_over="Paused.") for _ in "ab"]
    assert headers(streams[0]) == [{"error": "Paused.", "arrays": {}}]
    work.leave("visitor")
    assert headers(streams[1]) == []


def test_a_refusal_halfway_is_a_sentence_and_a_bug_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refusing() -> Frames:
        yield {"step": 0}, {}
        raise VisualizerError("The loss is not a number. Choose a smaller rate.")

    def broken() -> Frames:
        yield {"step": 0}, {}
        raise KeyError("secret")

    work = LongWork(Turns())
    assert headers(work.stream("v", "k", refusing()))[-1]["error"] == (
        "The loss is not a number. Choose a smaller rate."
    )
    assert "secret" not in json.dumps(headers(work.stream("v", "k", broken())))
    assert "secret" in caplog.text
    assert work.running == 0


def test_a_newer_one_of_the_same_kind_ends_the_older() -> None:
    work = LongWork(Turns())
    older = work.stream("visitor", "pattern", frames(1000))
    other = work.stream("visitor", "heat", frames(1))
    work.stream("visitor", "pattern", frames(1))
    assert headers(older) == []
    assert headers(other)[-1]["done"] is True


def test_the_limit_is_said() -> None:
    work = LongWork(Turns(), at_once=2)
    for visitor in "ab":
        work.stream(visitor, "pattern", frames(1))
    with pytest.raises(BusyError, match="2 long computations are running"):
        work.stream("c", "pattern", frames(1))


def test_who_leaves_ends_what_was_begun() -> None:
    work = LongWork(Turns())
    begun = work.stream("visitor", "pattern", frames(1000))
    work.leave("visitor")
    assert headers(begun) == []


def test_an_end_is_waited_for_until_the_step_under_way_is_over() -> None:
    work, under_way, go_on = LongWork(Turns()), threading.Event(), threading.Event()
    taken: list[int] = []

    def slow() -> Frames:
        for step in range(1000):
            under_way.set()
            assert go_on.wait(10)
            taken.append(step)
            yield {"step": step}, {}

    stream = work.stream("visitor", "training", slow())
    other = work.stream("visitor", "pattern", frames(1))
    listener = threading.Thread(target=headers, args=(stream,))
    listener.start()
    assert under_way.wait(10)
    ended: list[list[int]] = []

    def end() -> None:
        work.end("visitor", "training")
        ended.append(list(taken))

    ender = threading.Thread(target=end)
    ender.start()
    assert ended == []
    go_on.set()
    ender.join(10)
    listener.join(10)
    assert ended == [taken]
    assert len(taken) == 1
    assert headers(other)[-1]["done"] is True  # of another kind
    work.end("visitor", "training")  # nothing runs: at once


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_hanging_up_frees_the_computation_within_a_second(port: int) -> None:
    """A real server and a real connection, closed in the middle."""
    work, closed = LongWork(Turns()), threading.Event()

    def answer(_request: Request) -> Response:
        return work.stream("visitor", "pattern", frames(10_000, closed))

    app = Starlette(routes=[Route("/", answer)])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            assert b"200" in line.recv(4096)
            line.recv(4096)
            assert not closed.is_set()
        assert closed.wait(1)
        deadline = time.monotonic() + 1
        while work.running and time.monotonic() < deadline:
            time.sleep(0.01)
        assert work.running == 0
    finally:
        server.should_exit = True
        thread.join()
