"""From the address to the prediction in a browser with an empty cache, against a bare Gradio page.

``python -m benchmarks.first_sight``; ``CHROMIUM`` may name the browser.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.startup import APP, free_port

ROUNDS = 7
BARE = """
import sys
import gradio as gr
with gr.Blocks(analytics_enabled=False) as page, gr.Tabs():
    for number in range(7):
        with gr.Tab(f"Tab {number}"):
            gr.HTML("<p class=there>There</p>")
_, url, _ = page.launch(server_port=int(sys.argv[1]), quiet=True, prevent_thread_lock=True)
print("Ready:", url, flush=True)
page.block_thread()
"""
PAGES = {  # command and what must stand on the page
    "bare Gradio": ([sys.executable, "-c", BARE], ".there"),
    "this page": ([sys.executable, str(APP), "--port"], ".vz-prediction-label"),
}
BYTES = """() => performance.getEntriesByType("resource")
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""


def serve(stack: ExitStack, command: list[str]) -> str:
    """Start a server that ends with ``stack``; its address comes back."""
    environment = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
    process = stack.enter_context(
        subprocess.Popen(
            [*command, str(free_port())], stdout=subprocess.PIPE, text=True, env=environment
        )
    )
    stack.callback(process.terminate)
    assert process.stdout is not None
    return next(line for line in process.stdout if line.startswith("Ready")).split()[1]


def visit(browser: Browser, url: str, wanted: str) -> tuple[float, int, float]:
    """Open a page with nothing cached: seconds until ``wanted``, requests so far and kilobytes."""
    context = browser.new_context()
    page: Any = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(wanted)
    found = time.perf_counter() - start, len(requests), page.evaluate(BYTES) / 1e3
    context.close()
    return found


def main() -> None:
    """Visit both pages in turn; print medians and the ratio."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with ExitStack() as stack:
        urls = {name: serve(stack, command) for name, (command, _) in PAGES.items()}
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        seen: dict[str, list[tuple[float, int, float]]] = {name: [] for name in PAGES}
        for number in range(1 + ROUNDS):
            for name, (_, wanted) in PAGES.items():
                found = visit(browser, urls[name], wanted)
                if number:
                    seen[name].append(found)
        browser.close()
    for name, visits in seen.items():
        seconds = [one[0] for one in visits]
        print(
            f"{name:12} {statistics.median(seconds):5.2f} s ({min(seconds):.2f} to "
            f"{max(seconds):.2f}), {max(one[1] for one in visits)} requests, "
            f"{max(one[2] for one in visits):,.0f} kB"
        )
    bare, ours = ([one[0] for one in visits] for visits in seen.values())
    ratio = statistics.median(b / a for a, b in zip(bare, ours, strict=True))
    print(f"this page / bare Gradio: {ratio:.2f}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
