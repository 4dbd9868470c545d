"""From the command to a page that is ready, against the bare imports that nobody can avoid."""

from __future__ import annotations

import os
import platform
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 5
APP = Path(__file__).resolve().parents[1] / "app.py"
IMPORTS = "import torch, torchvision, gradio; print('Ready', flush=True)"


def seconds_until_ready(command: list[str]) -> tuple[float, float]:
    """Time a command until its first line and until the line that begins with ``Ready``."""
    start = time.perf_counter()
    first = None
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            first = first or time.perf_counter() - start
            if line.startswith("Ready"):
                break
        took = time.perf_counter() - start
        process.terminate()
    return first or took, took


def free_port() -> int:
    """Ask the system for a port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Alternate both commands and print medians and the ratio round by round."""
    rounds = []
    for _ in range(ROUNDS):
        _, bare_s = seconds_until_ready([sys.executable, "-c", IMPORTS])
        command = [sys.executable, str(APP), "--port", str(free_port())]
        first_s, ready_s = seconds_until_ready(command)
        rounds.append((bare_s, first_s, ready_s, ready_s / bare_s))
    names = ("bare imports, s", "first line, s", "ready, s", "ready / bare imports")
    for name, values in zip(names, zip(*rounds, strict=True), strict=True):
        print(
            f"{name:22} {statistics.median(values):6.2f} ({min(values):.2f} to {max(values):.2f})"
        )
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, {ROUNDS} rounds, Python {sys.version[:6]}"
    )


if __name__ == "__main__":
    main()
