"""A running page and a browser that refuses to talk to anyone else."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

APP = Path(__file__).resolve().parents[2] / "app.py"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = "no browser: install Debian's chromium or set CHROMIUM to its path"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield made
        made.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the app as the README says, with no downloaded weights, and give its address."""
    environment = {**os.environ, "TORCH_HOME": str(tmp_path_factory.mktemp("torch"))}
    command = [sys.executable, str(APP), "--port", str(free_port()), "--device", "cpu"]
    log = tmp_path_factory.mktemp("server") / "log"
    with (
        log.open("w") as file,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=file, text=True
        ) as process,
    ):
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        ready = next((line for line in lines if line.startswith("Ready: ")), None)
        assert ready is not None, log.read_text()
        yield ready.split()[1]
        process.terminate()


class Guard:
    """Collects what must not happen: requests elsewhere, page errors, console errors."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.trouble: list[str] = []
        self.requests: list[str] = []  # all but for the page's own files, which come when idle
        self.files: list[str] = []
        self.expected: tuple[str, ...] = ()

    def watch(self, page: Any) -> None:
        page.on("request", self._request)
        page.on("pageerror", lambda error: self.trouble.append(f"page error: {error}"))
        page.on("console", self._console)

    def _request(self, request: Any) -> None:
        (self.files if "/vz/assets/" in request.url else self.requests).append(request.url)
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.trouble.append(f"request to {request.url}")

    def _console(self, message: Any) -> None:
        if message.type == "error" and not any(word in message.text for word in self.expected):
            self.trouble.append(f"console: {message.text}")


@pytest.fixture
def open_page(browser: Any, server: str) -> Iterator[Any]:
    """Open the page at an address; at the end nothing may have gone wrong on it."""
    opened: list[tuple[Any, Guard]] = []

    def opener(address: str = "", **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        context.grant_permissions(["clipboard-read", "clipboard-write", "camera"], origin=server)
        page = context.new_page()
        guard = Guard(server)
        guard.watch(page)
        page.guard = guard
        page.goto(server + address)
        opened.append((context, guard))
        return page

    yield opener
    for context, guard in opened:
        context.close()
        assert guard.trouble == []


@pytest.fixture
def shots() -> Path | None:
    """Give the folder for screenshots where the environment names one."""
    folder = os.environ.get("SHOTS")
    return Path(folder) if folder else None
