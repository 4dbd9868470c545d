"""The page: what is chosen on the left, one tab per panel on the right."""

from __future__ import annotations

import logging
import os
import threading

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before gradio: no request leaves
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import gradio as gr
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from visualizer.errors import VisualizerError
from visualizer.panels import PANELS
from visualizer.runtime.shelf import Shelf
from visualizer.ui.service import Service
from visualizer.ui.widget import head, widget
from visualizer.ui.workspace import DEFAULT, ENDPOINTS

TITLE = "CNN visualizer"
FONT = ("system-ui", "sans-serif")  # the machine's own: nothing is fetched
THEME = gr.themes.Default(primary_hue="blue", font=FONT, font_mono=("ui-monospace", "monospace"))
log = logging.getLogger(__name__)


class Closed:
    """Refuse what Gradio offers and this page does not use.

    ``file=URL`` would let a visitor fetch from elsewhere through us, ``upload`` fill the disk.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to these; pass everything else on."""
        path = scope.get("path", "")
        elsewhere = "file=" in path and ":/" in path.split("file=", 1)[1]
        if scope["type"] == "http" and (elsewhere or path.rstrip("/").endswith("/upload")):
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await self.app(scope, receive, send)


def build() -> gr.Blocks:
    """Lay out the page: what is chosen on the left, one tab per panel on the right."""
    page = gr.Blocks(title=TITLE, fill_width=True, analytics_enabled=False)
    with page, gr.Row(elem_id="vz-page"):
        with gr.Column(scale=0, min_width=340, elem_id="vz-left"):
            widget("header", elem_id="header")
            widget("workspace", elem_id="workspace")
        with (
            gr.Column(scale=1, min_width=320, elem_id="vz-right"),
            gr.Tabs(elem_id="panels", overflow_behavior="wrap"),
        ):
            for panel in PANELS:
                with gr.Tab(panel.name, id=panel.slug):
                    panel.build()
    return page


def launch(
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    device: str = "auto",
    backend: str | None = None,
    block: bool = True,
) -> tuple[gr.Blocks, Service, str]:
    """Start the server; returns when it is stopped, or at once with ``block=False``."""
    shelf = _shelf(device, backend)
    service = Service(shelf)
    first = threading.Thread(target=_warm_up, args=(service,), daemon=True)
    first.start()
    page = build()
    endpoints = [*ENDPOINTS, *(one for panel in PANELS for one in panel.endpoints)]
    _, url, _ = page.queue(max_size=64).launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        show_error=False,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        state_session_capacity=300,
        max_file_size="32mb",
        theme=THEME,
        head=head(),
        app_kwargs={
            "routes": [endpoint.route(service) for endpoint in endpoints],
            "middleware": [Middleware(Closed)],
        },
    )
    first.join()
    print(f"Ready: {url}", flush=True)  # noqa: T201  the line that says where the page is
    if block:
        page.block_thread()
    return page, service, url


def _shelf(device: str, backend: str | None) -> Shelf:
    """Choose the runtime: ONNX on the CPU, where it is faster, PyTorch elsewhere."""
    from visualizer.runtime.model import choose_device

    if backend is None:
        backend = "onnx" if choose_device(device, "torch") == "cpu" else "torch"
    return Shelf(choose_device(device, backend), backend)


def _warm_up(service: Service) -> None:
    """Have the first visitor's picture ready before the page is."""
    try:
        service.view({"net": DEFAULT["net"], "picture": DEFAULT["picture"]}).observe()
    except VisualizerError as error:
        log.warning("The default network is not ready: %s", error)
