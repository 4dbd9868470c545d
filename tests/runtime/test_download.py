"""Downloads as a caller sees them: progress, cancelling, sharing, files already there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from visualizer.errors import DownloadError, WeightsError
from visualizer.runtime.download import DownloadCancelledError, download, installed
from visualizer.zoo.spec import Weights

Serve = Callable[..., Any]  # starts the server of conftest.py


def test_success_with_progress(
    serve: Serve, torch_home: Path, content: bytes, left_behind: Callable[[], list[str]]
) -> None:
    told: list[tuple[int, int]] = []
    server = serve("whole")
    path = download(server.weights(), on_progress=lambda *step: told.append(step))
    assert path == torch_home / "hub" / "checkpoints" / "net-0123.pth"
    assert path.read_bytes() == content
    assert told[0] == (0, len(content))
    assert told[-1] == (len(content), len(content))
    assert told == sorted(set(told))
    assert installed(server.weights())
    assert not left_behind()


def test_without_a_length_the_specs_size_is_the_total(serve: Serve, content: bytes) -> None:
    told: list[tuple[int, int]] = []
    server = serve("whole_without_length")
    path = download(server.weights(), on_progress=lambda *step: told.append(step))
    assert told[-1] == (len(content), len(content))
    assert path.read_bytes() == content


def test_the_first_digits_are_enough(serve: Serve, content: bytes, digest: str) -> None:
    assert download(serve("whole").weights(digest[:8])).read_bytes() == content


def test_cancelled_midway(
    serve: Serve, content: bytes, left_behind: Callable[[], list[str]]
) -> None:
    server, told = serve("trickle"), [0]
    with pytest.raises(DownloadCancelledError, match=r"^The download of net-0123\.pth was cancell"):
        download(
            server.weights(),
            on_progress=lambda received, _total: told.append(received),
            cancelled=lambda: told[-1] > 0,
        )
    assert 0 < told[-1] < len(content)
    assert not server.weights().path().exists()
    assert not left_behind()


def test_an_error_in_the_callers_own_code_leaves_nothing(
    serve: Serve, left_behind: Callable[[], list[str]]
) -> None:
    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download(serve("whole").weights(), on_progress=interrupt)
    assert not left_behind()


def test_already_there_asks_nobody(serve: Serve, content: bytes) -> None:
    server = serve("whole")
    put(server.weights().path(), content)
    told: list[tuple[int, int]] = []
    download(server.weights(), on_progress=lambda *step: told.append(step))
    assert server.requests == 0
    assert told == [(len(content), len(content))]


def test_a_damaged_file_is_replaced(
    serve: Serve, content: bytes, left_behind: Callable[[], list[str]]
) -> None:
    server = serve("missing", "whole")
    path = server.weights().path()
    put(path, content[:-1] + b"?")
    assert not installed(server.weights())
    with pytest.raises(DownloadError, match="404"):
        download(server.weights())
    assert path.read_bytes().endswith(b"?")
    assert download(server.weights()).read_bytes() == content
    assert installed(server.weights())
    assert not left_behind()


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)


def together(count: int, task: Callable[[int], None]) -> list[threading.Thread]:
    threads = [threading.Thread(target=task, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    return threads


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_three_callers_share_one_transfer(
    serve: Serve, content: bytes, left_behind: Callable[[], list[str]]
) -> None:
    server = serve("half_then_wait")
    told: list[list[int]] = [[], [], []]
    found: list[Path] = []

    def task(number: int) -> None:
        found.append(
            download(server.weights(), on_progress=lambda got, _total: told[number].append(got))
        )

    threads = together(3, task)
    until(lambda: all(1_500_000 in received for received in told))
    server.go_on.set()
    for thread in threads:
        thread.join(10)
    assert server.requests == 1
    assert found == [server.weights().path()] * 3
    assert all(received[-1] == len(content) for received in told)
    assert not left_behind()


def test_one_caller_who_leaves_does_not_cut_off_the_other(
    serve: Serve, content: bytes, left_behind: Callable[[], list[str]]
) -> None:
    server = serve("trickle")
    told: list[list[int]] = [[], []]
    ends: dict[int, str] = {}

    def task(number: int) -> None:
        try:
            download(
                server.weights(),
                on_progress=lambda got, _total: told[number].append(got),
                cancelled=lambda: number == 0 and all(told),
            )
            ends[number] = "done"
        except DownloadCancelledError:
            ends[number] = "cancelled"

    for thread in together(2, task):
        thread.join(60)
    assert ends == {0: "cancelled", 1: "done"}
    assert server.requests == 1
    assert server.weights().path().read_bytes() == content
    assert not left_behind()


def test_all_who_share_a_failure_hear_of_it_and_may_retry(serve: Serve, content: bytes) -> None:
    server = serve("half_then_wait", "whole")
    errors: list[str] = []
    begun: set[int] = set()

    def task(number: int) -> None:
        try:
            download(server.weights("0" * 64), on_progress=lambda *_: begun.add(number))
        except DownloadError as error:
            errors.append(str(error))

    threads = together(2, task)
    until(lambda: len(begun) == 2)
    server.go_on.set()
    for thread in threads:
        thread.join(10)
    assert len(errors) == 2
    assert len(set(errors)) == 1
    assert server.requests == 1
    assert download(server.weights()).read_bytes() == content


def test_no_digest_no_request(serve: Serve) -> None:
    server = serve("whole")
    with pytest.raises(WeightsError, match="its SPEC holds no SHA-256"):
        download(server.weights(""))
    assert server.requests == 0


def test_files_of_the_installation_are_not_fetched(tmp_path: Path) -> None:
    here = Weights("a label", lambda: tmp_path / "x", "00", lambda _: {}, "CC0", 1)
    with pytest.raises(DownloadError, match=r"^x travels with the installation and is missing or"):
        download(here)


def test_torch_home_is_read_at_each_call(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = serve("whole")
    for name in ("one", "two"):
        monkeypatch.setenv("TORCH_HOME", str(tmp_path / name))
        assert download(server.weights()).is_relative_to(tmp_path / name)
    assert server.requests == 2
