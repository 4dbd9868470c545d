"""A browser module on the page: mounted once, fed through the page's shared store."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

import gradio as gr

from visualizer.zoo.resources import folder

MOUNT = """const root = (window.gradio_config?.root ?? "").replace(/\\/$/, "");
const base = `${root}/vz/assets/__BUILD__/js/`;
const host = element.querySelector(".vz");
import(`${base}mounting.js`).then(({mount}) => mount({
  base, module: "__MODULE__", needs: __NEEDS__, host, tools: {props, trigger, watch, root},
}));
"""
STYLE = "style.css"
FIRST = ("mounting", "header", "workspace", "feature_maps")  # what every visitor sees
SOURCE = re.compile(r'^(?:import|export)\s[^;"]*?from "([^"]+)"', re.MULTILINE)


@cache
def build_hash() -> str:
    """Digest all assets: a new build has new addresses, so browsers may keep the old for ever."""
    digest = hashlib.sha256()
    for path in sorted(folder("assets").rglob("*")):
        if path.is_file() and path.suffix in (".js", ".css"):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def stylesheet() -> str:
    """Join all style sheets, the shared tokens first: one request instead of one for each."""
    paths = sorted((folder("assets") / "css").glob("*.css"))
    paths.sort(key=lambda path: path.name != "visualizer.css")
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def modules(*entries: str) -> list[str]:
    """Name the modules that some bring along by their ``import`` lines, themselves first.

    Names are paths below ``assets/js`` without ``.js``. What is imported later, by ``import()``,
    is not among them.
    """
    base = folder("assets").resolve() / "js"
    found = dict.fromkeys(entries)
    left = list(entries)
    while left:
        path = base / f"{left.pop()}.js"
        for source in SOURCE.findall(path.read_text(encoding="utf-8")):
            name = (path.parent / source).resolve().relative_to(base).with_suffix("").as_posix()
            if name not in found:
                found[name] = None
                left.append(name)
    return list(found)


def head() -> str:
    """Write the page's ``<head>``: the style, and the modules that the first sight needs."""
    base = f"vz/assets/{build_hash()}"
    return f'<link rel="stylesheet" href="{base}/{STYLE}">' + "".join(
        f'<link rel="modulepreload" href="{base}/js/{name}.js">' for name in modules(*FIRST)
    )


def asset(path: str) -> Path | None:
    """Find an asset by its path below ``assets``; nothing outside is ever found."""
    base = folder("assets").resolve()
    found = (base / path).resolve()
    return found if found.is_relative_to(base) and found.is_file() else None


def widget(module: str, *, elem_id: str) -> gr.HTML:
    """Lay ``assets/js/MODULE.js`` into the page, in an element of its own."""
    first = set(modules(*FIRST))
    needs = [name for name in modules(module)[1:] if name not in first]
    script = MOUNT.replace("__BUILD__", build_hash()).replace("__MODULE__", module)
    return gr.HTML(
        html_template=f"<div class='vz' id='vz-{module.replace('_', '-')}'></div>",
        js_on_load=script.replace("__NEEDS__", json.dumps(needs)),
        apply_default_css=False,
        elem_id=elem_id,
    )
