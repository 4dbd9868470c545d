"""A small server on this machine that hands out weights, well or badly."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch

from visualizer.zoo.spec import Weights

CONTENT = bytes(range(256)) * 12_000  # 3.1 MB
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def cached() -> Path:
    return Path(torch.hub.get_dir()) / "checkpoints" / "net-0123.pth"


class Server(ThreadingHTTPServer):
    """Gives one answer a request, by name; the last one stays."""

    daemon_threads = True

    def __init__(self, *answers: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.requests = list(answers), 0
        self.go_on = threading.Event()

    def weights(self, sha256: str = SHA256, url: str | None = None) -> Weights:
        """Describe the file this server has, or should have."""
        url = url or f"http://127.0.0.1:{self.server_port}/net-0123.pth"
        return Weights("a label", cached, sha256, lambda _: {}, "CC0", len(CONTENT), url)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requests += 1
        answers = self.server.answers
        name, _, target = (answers.pop(0) if len(answers) > 1 else answers[0]).partition(" ")
        if target:
            redirect(self, target)
        else:
            ANSWERS[name](self)

    def log_message(self, *_: object) -> None:
        pass


def send(handler: Handler, body: bytes, length: int | None) -> None:
    handler.send_response(200)
    if length is not None:
        handler.send_header("Content-Length", str(length))
    handler.end_headers()
    handler.wfile.write(body)


def whole(handler: Handler) -> None:
    send(handler, CONTENT, len(CONTENT))


def whole_without_length(handler: Handler) -> None:
    send(handler, CONTENT, None)


def cut(handler: Handler) -> None:
    send(handler, CONTENT[:1_000_000], len(CONTENT))


def cut_without_length(handler: Handler) -> None:
    send(handler, CONTENT[:1_000_000], None)


def other_content(handler: Handler) -> None:
    send(handler, b"?" * len(CONTENT), len(CONTENT))


def endless(handler: Handler) -> None:
    send(handler, b"?" * (len(CONTENT) + 3_000_000), None)


def missing(handler: Handler) -> None:
    handler.send_error(404)


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"hello\r\n")


def half_then_wait(handler: Handler) -> None:
    """Send a half and hold the rest back until the test says so."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(CONTENT)))
    handler.end_headers()
    handler.wfile.write(CONTENT[:1_500_000])
    handler.server.go_on.wait(10)
    handler.wfile.write(CONTENT[1_500_000:])


def trickle(handler: Handler) -> None:
    """Send for a long time, a little at once."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(CONTENT)))
    handler.end_headers()
    try:
        for start in range(0, len(CONTENT), 20_000):
            handler.wfile.write(CONTENT[start : start + 20_000])
            time.sleep(0.01)
    except OSError:
        pass  # the client has gone, as it should


def redirect(handler: Handler, target: str) -> None:
    handler.send_response(302)
    handler.send_header("Location", target)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


ANSWERS: dict[str, Callable[[Handler], None]] = {
    answer.__name__: answer
    for answer in (
        whole,
        whole_without_length,
        cut,
        cut_without_length,
        other_content,
        endless,
        missing,
        no_http,
        half_then_wait,
        trickle,
    )
}


@pytest.fixture
def torch_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path / "torch"


@pytest.fixture
def content() -> bytes:
    """What the file of weights holds."""
    return CONTENT


@pytest.fixture
def digest() -> str:
    """The file's SHA-256."""
    return SHA256


@pytest.fixture
def left_behind() -> Callable[[], list[str]]:
    """List what else is in the folder of weights."""

    def others() -> list[str]:
        if not cached().parent.is_dir():
            return []
        return sorted(path.name for path in cached().parent.iterdir() if path != cached())

    return others


@pytest.fixture
def serve(torch_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Server]]:
    """Start a server for the test; torch's cache is an empty folder meanwhile."""
    assert not torch_home.exists()
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    servers: list[Server] = []

    def start(*answers: str) -> Server:
        server = Server(*answers)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server

    yield start
    for server in servers:
        server.go_on.set()
        server.shutdown()
        server.server_close()
