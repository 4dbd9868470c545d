"""Imports point downwards only, and files stay small enough to read in one go."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "visualizer"

LAYERS = ("errors", "maths", "zoo", "runtime", "analyses", "ui", "panels", "page")  # lowest first
PAGE_LEVEL = {"", "cli", "page", "train"}  # "" is visualizer/__init__.py
ONLY_IMPORTERS = {  # third party: the layers that may know it
    "torch": {"zoo", "runtime"},
    "torchvision": {"zoo", "runtime"},
    "safetensors": {"zoo", "runtime"},
    "onnx": {"runtime"},
    "onnxruntime": {"runtime"},
    "gradio": {"ui", "panels", "page"},
}
NUMPY_ONLY = {"maths"}
COMMAND_LINES = {"visualizer.train"}  # a program of its own, not part of the page
PUBLIC_API = "visualizer"
GRADIO_BEHIND = {"ui", "panels", "page"}

PACKAGE_FILES = sorted(PACKAGE.rglob("*.py"))
PYTHON_FILES = [*PACKAGE_FILES, ROOT / "app.py", *sorted((ROOT / "benchmarks").rglob("*.py"))]
SOURCE_FILES = [*PYTHON_FILES, *sorted((ROOT / "assets").rglob("*.js"))]


def module_name(file: Path, root: Path = ROOT) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module: str) -> str:
    """Name a module's layer; a file of no layer has to be given one here first."""
    part = f"{module}.".split(".")[1]
    if part in PAGE_LEVEL:
        return "page"
    if part not in LAYERS:
        raise LookupError(f"{module} belongs to no layer: put it into one, or list it here.")
    return part


def imports(source: str, known: set[str]) -> Iterator[str]:
    """Every module that ``source`` imports, at the top or inside a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield "." * node.level + (node.module or "")
                continue
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in known else str(node.module)


def faults(module: str, source: str, known: set[str]) -> list[str]:
    """What a module imports and should not, one sentence each."""
    found = []
    layer = layer_of(module)
    for target in imports(source, known):
        root = target.split(".")[0]
        if target.startswith("."):
            found.append(f"{module}: relative import {target}")
        elif root == "visualizer":
            other = layer_of(target)
            if LAYERS.index(other) > LAYERS.index(layer):
                found.append(f"{module} ({layer}) imports {target} ({other}): upwards")
            if module == PUBLIC_API and other in GRADIO_BEHIND:
                found.append(f"{module} imports {target}: gradio stands behind it")
            if layer == other == "panels" and not same_panel(module, target):
                found.append(f"{module} imports another panel, {target}")
        elif not may_import(layer, root) and module not in COMMAND_LINES:
            found.append(f"{module} ({layer}) imports {root}: not its business")
        elif module == PUBLIC_API and root == "gradio":
            found.append(f"{module} imports gradio: the library works without")
    return found


def may_import(layer: str, root: str) -> bool:
    """Judge an import from outside the package."""
    if layer in NUMPY_ONLY and root not in sys.stdlib_module_names | {"numpy"}:
        return False
    return layer in ONLY_IMPORTERS.get(root, {layer})


def same_panel(module: str, target: str) -> bool:
    """``visualizer.panels`` lists all panels; a panel's own folder may import within itself."""
    return module == "visualizer.panels" or module.split(".")[2:3] == target.split(".")[2:3]


KNOWN = {module_name(file) for file in PACKAGE_FILES}


@pytest.mark.parametrize("file", PACKAGE_FILES, ids=module_name)
def test_imports_point_downwards(file: Path) -> None:
    assert faults(module_name(file), file.read_text("utf-8"), KNOWN) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("visualizer.errors", "import visualizer.maths.conv"),
        ("visualizer.maths.conv", "from visualizer import zoo"),
        ("visualizer.maths.conv", "import torch"),
        ("visualizer.maths.conv", "from PIL import Image"),
        ("visualizer.analyses.trace", "def late():\n    from torch import nn"),
        ("visualizer.zoo.spec", "from visualizer.runtime.load import load"),
        ("visualizer.runtime.load", "if TYPE_CHECKING:\n    import visualizer.ui.panel"),
        ("visualizer.runtime.load", "from visualizer import load_model"),
        ("visualizer.analyses.trace", "import gradio as gr"),
        ("visualizer.analyses.trace", "from visualizer.ui import widget"),
        ("visualizer.ui.widget", "import onnxruntime"),
        ("visualizer.panels.cam", "from visualizer.panels import filters"),
        ("visualizer.panels.cam", "from visualizer.panels.filters import build"),
        ("visualizer.panels.cam", "from visualizer.panels import PANELS"),
        ("visualizer.panels.cam", "from . import filters"),
        ("visualizer.page", "import torch.nn"),
        ("visualizer", "from visualizer.panels import PANELS"),
        ("visualizer", "import gradio"),
        ("visualizer", "from visualizer.page import launch"),
    ],
)
def test_the_check_catches_a_planted_import(module: str, source: str) -> None:
    known = {"visualizer.zoo", "visualizer.ui.widget", "visualizer.panels.filters"}
    assert len(faults(module, source, known)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("visualizer.panels", "from visualizer.panels import cam"),
        ("visualizer.panels.cam", "from visualizer.ui.panel import Panel\nimport gradio as gr"),
        ("visualizer.analyses.trace", "import numpy as np\nfrom visualizer.zoo import MODELS"),
        ("visualizer.train", "import torch\nfrom visualizer.runtime.model import load_model"),
        ("visualizer", "def load():\n    from visualizer.runtime.load import load"),
        ("visualizer.page", "from visualizer.panels import PANELS"),
    ],
)
def test_the_check_lets_a_downward_import_pass(module: str, source: str) -> None:
    assert faults(module, source, {"visualizer.panels.cam"}) == []


def test_a_file_of_no_layer_is_named() -> None:
    with pytest.raises(LookupError, match=r"^visualizer\.misc belongs to no layer"):
        layer_of("visualizer.misc")


def test_app_only_starts_the_command_line() -> None:
    targets = set(imports((ROOT / "app.py").read_text("utf-8"), KNOWN))
    assert {name for name in targets if name.startswith("visualizer")} == {"visualizer.cli"}


def test_importing_the_library_loads_nothing_heavy() -> None:
    """A notebook's ``import visualizer`` is instant, and gradio never enters it."""
    heavy = "{'gradio', 'torch', 'torchvision', 'onnx', 'onnxruntime'}"
    code = f"import sys, visualizer; print(*sorted({heavy} & sys.modules.keys()))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (loaded.stdout.strip(), loaded.stderr) == ("", "")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("file", SOURCE_FILES, ids=relative)
def test_a_file_is_short(file: Path) -> None:
    is_panel = PACKAGE / "panels" in file.parents
    assert len(file.read_text("utf-8").splitlines()) < (150 if is_panel else 300)


def long_functions(source: str) -> list[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        f"{node.name}: {lines} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, functions)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) >= 40
    ]


@pytest.mark.parametrize("file", PYTHON_FILES, ids=relative)
def test_functions_are_short(file: Path) -> None:
    assert long_functions(file.read_text("utf-8")) == []


def test_the_check_catches_a_planted_long_function() -> None:
    body = "    pass\n"
    assert long_functions("def long():\n" + 39 * body) == ["long: 40 lines"]
    assert long_functions("def short():\n" + 38 * body) == []


def test_no_file_is_named_after_nothing() -> None:
    vague = {"utils", "helpers", "common"}
    assert [relative(file) for file in SOURCE_FILES if file.stem in vague] == []
