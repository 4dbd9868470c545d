"""A browser module on the page: mounted once, fed through the page's shared store."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

from visualizer.zoo.resources import folder

MOUNT = """const root = (window.gradio_config?.root ?? "").replace(/\\/$/, "");
import(`${root}/vz/assets/__BUILD__/js/__MODULE__.js`)
  .then(module => module.mount(element.querySelector(".vz"), {props, trigger, watch, root}));
"""


@cache
def build_hash() -> str:
    """Digest all assets: a new build has new addresses, so browsers may keep the old for ever."""
    digest = hashlib.sha256()
    for path in sorted(folder("assets").rglob("*")):
        if path.is_file() and path.suffix in (".js", ".css"):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def stylesheets() -> list[str]:
    """List the style sheets' addresses, the shared tokens first."""
    names = sorted(path.name for path in (folder("assets") / "css").glob("*.css"))
    names.sort(key=lambda name: name != "visualizer.css")
    return [f"vz/assets/{build_hash()}/css/{name}" for name in names]


def asset(path: str) -> Path | None:
    """Find an asset by its path below ``assets``; nothing outside is ever found."""
    base = folder("assets").resolve()
    found = (base / path).resolve()
    return found if found.is_relative_to(base) and found.is_file() else None


class Widget(gr.HTML):
    """``assets/js/MODULE.js`` in an element of its own; its value reaches the module as props."""

    def __init__(self, module: str, value: Any = None, **options: Any) -> None:
        super().__init__(
            value,
            html_template=f"<div class='vz' id='vz-{module.replace('_', '-')}'></div>",
            js_on_load=MOUNT.replace("__BUILD__", build_hash()).replace("__MODULE__", module),
            apply_default_css=False,
            **options,
        )

    def api_info(self) -> dict[str, Any]:
        """Describe the value: any JSON object."""
        return {"type": "object"}
