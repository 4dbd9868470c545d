"""A browser module on the page: mounted once, fed through the page's shared store."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

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


def head() -> str:
    """Write the page's ``<head>``: styles, and all modules at once instead of import by import."""
    base = folder("assets")
    modules = sorted(path.relative_to(base).as_posix() for path in (base / "js").rglob("*.js"))
    return "".join(
        [f'<link rel="stylesheet" href="{path}">' for path in stylesheets()]
        + [f'<link rel="modulepreload" href="vz/assets/{build_hash()}/{m}">' for m in modules]
    )


def asset(path: str) -> Path | None:
    """Find an asset by its path below ``assets``; nothing outside is ever found."""
    base = folder("assets").resolve()
    found = (base / path).resolve()
    return found if found.is_relative_to(base) and found.is_file() else None


def widget(module: str, *, elem_id: str) -> gr.HTML:
    """Lay ``assets/js/MODULE.js`` into the page, in an element of its own."""
    return gr.HTML(
        html_template=f"<div class='vz' id='vz-{module.replace('_', '-')}'></div>",
        js_on_load=MOUNT.replace("__BUILD__", build_hash()).replace("__MODULE__", module),
        apply_default_css=False,
        elem_id=elem_id,
    )
