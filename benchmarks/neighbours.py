"""What trainings on the page's server cost the others: requests, each other's pace, pause, leaving.

``python -m benchmarks.neighbours``. Every request of the other visitor is about a new picture, so
that nothing is known beforehand.
"""

from __future__ import annotations

import io
import json
import os
import platform
import statistics
import threading
import time
from contextlib import ExitStack
from typing import Any

import httpx
import numpy as np
from PIL import Image

from benchmarks.first_sight import PAGES, serve

ROUNDS = 3
PICTURES = 10
TRAINING = "network=lenet5&data=digits&epochs=200"
ASKED = {
    "prediction": "run?net=efficientnet_lite0&picture={}",
    "Grad-CAM": "heat?net=efficientnet_lite0&picture={}&method=grad-cam&layer=blocks.6.0.act2",
    "maps of a layer": "maps?net=efficientnet_lite0&picture={}&layer=blocks.1.0.act1",
}
Times = dict[str, float]


class Visitor:
    """A page that is open."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=f"{url}vz/", timeout=60)
        token = self.client.post("visitors").json()["visitor"]
        self.client.headers["X-Visitor"] = token
        self.token = token

    def times(self, seed: int) -> Times:
        """Ask for each answer about new pictures: medians in milliseconds."""
        generator = np.random.default_rng(seed)
        found: dict[str, list[float]] = {name: [] for name in ASKED}
        for _ in range(PICTURES):
            pixels = generator.integers(0, 256, (96, 96, 3), dtype=np.uint8)
            file = io.BytesIO()
            Image.fromarray(pixels).save(file, "PNG")
            picture = self.client.post("pictures", content=file.getvalue()).json()["picture"]
            for name, question in ASKED.items():
                start = time.perf_counter()
                self.client.get(question.format(picture)).raise_for_status()
                found[name].append(1e3 * (time.perf_counter() - start))
            time.sleep(0.1)  # as somebody who looks at what came
        return {name: statistics.median(values) for name, values in found.items()}


class Trainer(Visitor):
    """A page that trains, noting when which step was told."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        answer = self.client.post(f"training/open?{TRAINING}").raise_for_status()
        self.training = _header(answer.content)["training"]
        self.steps: list[tuple[float, int]] = []
        self.paused = threading.Event()
        self.thread = threading.Thread()

    def start(self) -> None:
        """Train until :meth:`pause`."""
        self.paused.clear()
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()

    def pause(self) -> None:
        """Stop listening, which pauses the training."""
        self.paused.set()
        self.thread.join()

    def pace(self, since: float) -> float:
        """Count steps a second since a time."""
        seen = [one for one in self.steps if one[0] >= since]
        return (seen[-1][1] - seen[0][1]) / (seen[-1][0] - seen[0][0])

    def steps_after_pause(self) -> float:
        """Give the milliseconds from a pause until the last step that is still taken."""
        start = time.perf_counter()
        seen: list[tuple[float, int]] = []
        while time.perf_counter() - start < 1:
            answer = self.client.get(f"training/{self.training}").raise_for_status()
            seen.append((time.perf_counter() - start, _header(answer.content)["step"]))
        return 1e3 * next(when for when, step in seen if step == seen[-1][1])

    def leaves(self) -> float:
        """Close the page: milliseconds until its stream has ended."""
        start = time.perf_counter()
        httpx.post(f"{self.client.base_url}visitors/leave", content=self.token)
        self.thread.join()
        return 1e3 * (time.perf_counter() - start)

    def _listen(self) -> None:
        address = f"training/{self.training}/run?layer=0&example=0"
        left = b""
        with self.client.stream("POST", address) as answer:
            for part in answer.iter_raw():
                headers, left = _headers(left + part)
                now = time.perf_counter()
                self.steps += [(now, one["step"]) for one in headers if one.get("step")]
                if self.paused.is_set():
                    return


def _header(packed: bytes) -> dict[str, Any]:
    """Read the header of a container."""
    found: dict[str, Any] = json.loads(packed[4 : 4 + int.from_bytes(packed[:4], "little")])
    return found


def _headers(received: bytes) -> tuple[list[dict[str, Any]], bytes]:
    """Read the headers of whole frames; the bytes that are left come back."""
    found = []
    while len(received) >= 4:
        size = int.from_bytes(received[:4], "little")
        if len(received) < 4 + size:
            break
        if size:
            found.append(_header(received[4 : 4 + size]))
        received = received[4 + size :]
    return found, received


def told(idle: Times, busy: Times) -> str:
    """Compare the other visitor's times."""
    return ", ".join(
        f"{name} {idle[name]:.0f} to {busy[name]:.0f} ms ({busy[name] / idle[name]:.2f})"
        for name in ASKED
    )


def one_round(number: int, other: Visitor, pages: list[Trainer]) -> None:
    """Measure with nobody training, with one, and with two."""
    first, second = pages
    idle = other.times(3 * number)
    first.start()
    since = time.perf_counter()
    one = other.times(3 * number + 1)
    alone = first.pace(since)
    print(f"  while one trains: {told(idle, one)}")
    second.start()
    since = time.perf_counter()
    time.sleep(4)
    together = first.pace(since), second.pace(since)
    print(f"  while two train: {told(idle, other.times(3 * number + 2))}")
    second.pause()
    first.pause()
    print(
        f"  {alone:.0f} steps a second beside the other visitor; {together[0]:.0f} and "
        f"{together[1]:.0f} by two; last step {first.steps_after_pause():.0f} ms after the pause"
    )


def main() -> None:
    """Start the app, let three pages work on it, and print what each noticed."""
    with ExitStack() as stack:
        url = serve(stack, PAGES["this page"][0])
        other, *pages = Visitor(url), Trainer(url), Trainer(url)
        other.times(-1 % 2**32)
        for number in range(ROUNDS):
            print(f"Round {number + 1}, load {os.getloadavg()[0]:.1f}:")
            one_round(number, other, pages)
        pages[0].start()
        time.sleep(1)
        print(f"The page closes: its stream ends after {pages[0].leaves():.0f} ms")
    print(f"{platform.machine()}, {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
