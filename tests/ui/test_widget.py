"""What a browser is told to fetch, and when."""

import re
from pathlib import Path

import pytest

from visualizer.ui import widget
from visualizer.ui.widget import FIRST, head, modules, stylesheet

ASSETS = Path(__file__).resolve().parents[2] / "assets"
PANELS = ("arithmetic", "filters", "heatmaps", "embeddings", "augmentation", "training")


def test_modules_are_followed_from_import_to_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By hand: a brings b and part/c, c goes back to d; d is circular; later() comes later."""
    sources = {
        "a": 'import {one} from "./b.js";\nimport {\n  two,\n} from "./part/c.js";\n',
        "b": 'const text = \'import x from "./not.js"\';\nawait import("./later.js");\n',
        "part/c": 'export {four} from "../d.js";\n',
        "d": 'import * as all from "./a.js";\n',
        "later": "",
    }
    for name, text in sources.items():
        path = tmp_path / "js" / f"{name}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(widget, "folder", lambda _name: tmp_path)
    found = modules("a")
    assert found[0] == "a"
    assert sorted(found) == ["a", "b", "d", "part/c"]


def test_every_named_module_is_a_file() -> None:
    for panel in PANELS:
        assert all((ASSETS / "js" / f"{name}.js").is_file() for name in modules(panel))


def test_the_first_sight_waits_for_no_other_tab() -> None:
    fetched = set(re.findall(r'href="vz/assets/[0-9a-f]{12}/js/([^"]+)\.js"', head()))
    assert fetched == set(modules(*FIRST))
    assert {"store", "layer_strip", "feature_maps"} <= fetched
    assert not fetched & set(PANELS)


def test_one_sheet_has_all_styles() -> None:
    found = stylesheet()
    for path in (ASSETS / "css").glob("*.css"):
        assert path.read_text() in found
