"""What is written twice agrees, and the built wheel works away from the checkout."""

import ast
import json
import os
import re
import socket
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
IMPORTED_AS = {  # the others differ in dashes alone
    "opentsne": "openTSNE",
    "pillow": "PIL",
    "scikit-learn": "sklearn",
}
OPTIONAL = {"umap"}  # the extra of this name; without it the menu says what to install
WITH_GRADIO = {"starlette"}  # Gradio's own web framework, in the version Gradio asks for
CHECKS_IN_A_WHEEL = """
import sys
from pathlib import Path
import visualizer as vz
from visualizer.zoo.resources import folder
home = Path(sys.argv[1])
for path in (Path(vz.__file__), folder("assets"), folder("models"), vz.sample("chelsea")):
    assert path.is_relative_to(home), path
assert [model.name for model in vz.list_models()][0] == "efficientnet_lite0"
best = vz.classify(vz.load_model("efficientnet_lite0"), vz.sample("chelsea"), top=1)[0]
print(best.label)
"""


def front_matter() -> dict[str, str]:
    """The README's header, which a Space reads."""
    _, header, _ = (ROOT / "README.md").read_text("utf-8").split("---\n", 2)
    pairs = (line.split(": ", 1) for line in header.splitlines())
    return {key: value.strip('"') for key, value in pairs}


def requirements() -> dict[str, Requirement]:
    return {
        requirement.name: requirement for requirement in map(Requirement, PROJECT["dependencies"])
    }


def test_a_space_installs_what_the_package_needs() -> None:
    listed = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert listed == PROJECT["dependencies"] == sorted(listed)


def test_a_space_finds_what_it_needs() -> None:
    header = front_matter()
    assert header["sdk"] == "gradio"
    assert (ROOT / header["app_file"]).is_file()
    assert header["license"] == PROJECT["license"].lower()
    assert header["pinned"] == "false"
    assert {"title", "emoji", "colorFrom", "colorTo"} <= header.keys()


def test_a_space_runs_the_gradio_and_python_that_the_package_allows() -> None:
    header = front_matter()
    gradio = requirements()["gradio"].specifier
    assert header["sdk_version"] in gradio
    lowest = next(bound.version for bound in gradio if bound.operator == ">=")
    assert header["sdk_version"].startswith(f"{lowest}.")
    assert header["python_version"] in SpecifierSet(PROJECT["requires-python"])


def test_the_classifiers_name_the_pythons_that_are_allowed() -> None:
    named = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["classifiers"]))
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert named == [f"3.{minor}" for minor in range(30) if f"3.{minor}" in allowed]


def test_every_dependency_has_a_lower_bound() -> None:
    for requirement in requirements().values():
        assert any(bound.operator == ">=" for bound in requirement.specifier), requirement


def test_the_newest_entry_of_the_changelog_is_this_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == PROJECT["version"]


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_imports_and_dependencies_are_the_same() -> None:
    used = {name for file in (ROOT / "visualizer").rglob("*.py") for name in imported(file)}
    used -= sys.stdlib_module_names | {"visualizer"} | WITH_GRADIO
    needed = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in requirements()}
    assert used - OPTIONAL == needed
    assert used & OPTIONAL <= PROJECT["optional-dependencies"].keys()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, check=True, cwd=ROOT, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in a folder of its own; its dependencies are those of the tests."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(folder), str(wheel)], check=True, capture_output=True)
    return folder


def environment(installed: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(installed)}


@pytest.mark.slow
def test_the_wheel_holds_the_package_alone(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
    assert {name.split("/")[0] for name in names} == {"visualizer"}


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_checkout(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    ignored = {".pyc", ".pyi"}
    for top, place in (("visualizer", ""), ("assets", "visualizer/"), ("models", "visualizer/")):
        files = [file for file in (ROOT / top).rglob("*") if file.is_file()]
        names = {
            place + file.relative_to(ROOT).as_posix()
            for file in files
            if file.suffix not in ignored
        }
        assert names
        assert names <= inside
    for needed in ("assets/js/store.js", "assets/css/visualizer.css", "models/lenet5.safetensors"):
        assert f"visualizer/{needed}" in inside


@pytest.mark.slow
def test_the_wheel_works_from_any_folder(installed: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHECKS_IN_A_WHEEL, str(installed)]
    run = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env=environment(installed)
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "tiger cat\n"


@pytest.mark.slow
def test_the_console_script_serves_the_page_from_any_folder(
    installed: Path, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
    command = [str(installed / "bin" / "cnn-visualizer"), "--port", port]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(installed), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = []
            for line in process.stdout:
                said.append(line)
                if "http://" in line:
                    break
            assert "http://" in "".join(said), said
            address = re.findall(r"http://\S+[\d/]", said[-1])[0].rstrip("/")
            with urllib.request.urlopen(f"{address}/vz/catalogue", timeout=60) as answer:
                catalogue = json.load(answer)
            assert catalogue["models"][0]["name"] == "efficientnet_lite0"
            with urllib.request.urlopen(address, timeout=60) as answer:
                assert b"gradio" in answer.read()
        finally:
            process.terminate()
