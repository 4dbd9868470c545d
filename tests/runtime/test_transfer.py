"""What can go wrong between a server and the disk: one sentence each, and nothing stays behind."""

from __future__ import annotations

import errno
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from visualizer.errors import DownloadError
from visualizer.runtime import transfer
from visualizer.runtime.download import download
from visualizer.zoo import find

Serve = Callable[..., Any]  # starts the server of conftest.py


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("cut", r"^The download of net-0123\.pth was cut at 1\.0 of 3\.1 MB\. Try again, or choose "
              r"untrained weights\.$"),
        ("cut_without_length", r"^The download of net-0123\.pth was cut at 1\.0 of 3\.1 MB\. Try"),
        ("other_content", r"^net-0123\.pth arrived \(3\.1 MB\) with SHA-256 [0-9a-f]{8}…, not "
                        + r"[0-9a-f]{8}…, and was thrown away. Try again, or choose untrained"),
        ("endless", r"^net-0123\.pth is larger than the official file \(.* where 3\.1 MB are expe"),
        ("missing", r"^127\.0\.0\.1 answered 404 Not Found for net-0123\.pth\. Try again, or choo"),
        ("no_http", r"^127\.0\.0\.1 could not be reached \(hello\)\. Try again, or choose untrai"),
        ("to file:///etc", r"^127\.0\.0\.1 answered 302 .* not allowed for net-0123\.pth\. Try"),
        ("to http://example.org/x", r"leads to http://example\.org, which is not encry"),
        ("to /again", r"^127\.0\.0\.1 answered 302 .* infinite loop for net-0123"),
    ],
)  # fmt: skip
def test_failures_in_one_sentence_and_a_clean_retry(
    answer: str, sentence: str, serve: Serve, content: bytes, left_behind: Callable[[], list[str]]
) -> None:
    server = serve(answer)
    with pytest.raises(DownloadError, match=sentence):
        download(server.weights())
    assert not server.weights().path().exists()
    assert not left_behind()
    server.answers = ["whole"]
    assert download(server.weights()).read_bytes() == content
    assert not left_behind()


def test_nothing_listens(serve: Serve, left_behind: Callable[[], list[str]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(DownloadError, match=r"^127\.0\.0\.1 could not be reached \(it refused the"):
        download(serve("whole").weights(url=f"http://127.0.0.1:{port}/net-0123.pth"))
    assert not left_behind()


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr("urllib.request.getproxies", dict)
    with pytest.raises(
        DownloadError, match=r"^download\.pytorch\.org could not be reached \(its address was not f"
    ):
        download(find("squeezenet1_1").weights)


def test_a_silent_server_is_given_up(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, left_behind: Callable[[], list[str]]
) -> None:
    monkeypatch.setattr(transfer, "TIMEOUT_S", 0.2)
    with pytest.raises(DownloadError, match=r"was cut at 1\.5 of 3\.1 MB\. Try again"):
        download(serve("half_then_wait").weights())
    assert not left_behind()


@pytest.mark.parametrize("url", ["http://example.org", "ftp://127.0.0.1", "file:///etc"])
def test_only_https_outside_this_machine(url: str, serve: Serve) -> None:
    with pytest.raises(DownloadError, match=r"not encrypted \(https\)"):
        download(serve("whole").weights(url=f"{url}/net-0123.pth"))


def test_a_redirect_on_this_machine_is_followed(serve: Serve, content: bytes) -> None:
    target = serve("whole")
    server = serve(f"to http://127.0.0.1:{target.server_port}/elsewhere")
    assert download(server.weights()).read_bytes() == content
    assert (server.requests, target.requests) == (1, 1)


def test_no_space_is_known_before_the_transfer(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, left_behind: Callable[[], list[str]]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_200_000))
    with pytest.raises(
        DownloadError, match=r"needs 3\.1 MB and .* has 1\.2 MB free\. Free some sp"
    ):
        download(serve("whole").weights())
    assert not left_behind()


def test_a_disk_that_fills_up(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, left_behind: Callable[[], list[str]]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DownloadError, match=r"^net-0123\.pth needs 3\.1 MB and .* MB free\. Free "):
        download(serve("whole").weights())
    assert not left_behind()


def test_a_folder_that_is_a_file(serve: Serve, torch_home: Path) -> None:
    torch_home.write_text("not a folder")
    with pytest.raises(DownloadError, match=r"checkpoints cannot be written \(.*\)\. Set TORCH_HO"):
        download(serve("whole").weights())
