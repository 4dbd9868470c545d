"""What the documents say is true of the code, and nothing of the code goes unmentioned."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest

import visualizer as vz
from visualizer import cli
from visualizer.panels import PANELS
from visualizer.zoo import MODELS
from visualizer.zoo.spec import ModelSpec

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
METHODS = ROOT / "docs" / "methods.md"
LECTURERS = ROOT / "docs" / "lecturers.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("models/*.md")])
FORBIDDEN = ("deconvolution", "TODO", "FIXME")


def text(file: Path) -> str:
    return file.read_text("utf-8")


def rows(markdown: str) -> dict[str, list[str]]:
    """Cells of every table row whose first cell is a `name`."""
    found = {}
    for line in markdown.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if line.startswith("|") and (name := re.fullmatch(r"`([^`]+)`", cells[0])):
            found[name[1]] = cells[1:]
    return found


def headings(markdown: str) -> list[str]:
    prose = re.sub(r"^```.*?^```$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^#+ (.+)$", prose, flags=re.MULTILINE)


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def blocks(markdown: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", markdown, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.name)
def test_every_network_has_its_row_in_the_readme(spec: ModelSpec) -> None:
    title, parameters, size, *_ = rows(text(README))[spec.name]
    assert title == spec.title
    assert parameters == f"{spec.parameters:,}"
    assert size == f"{spec.weights.size_bytes / 1e6:.1f} MB"


@pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.name)
def test_every_network_has_its_row_in_the_methods(spec: ModelSpec) -> None:
    shape, resize, publication = rows(text(METHODS))[spec.name]
    assert shape == " × ".join(str(size) for size in spec.input_shape)
    assert resize == f"{spec.resize}, {spec.interpolation}"
    assert publication == spec.source


def test_no_row_names_a_network_that_is_gone() -> None:
    names = {spec.name for spec in MODELS}
    section = text(README).split("## Networks")[1].split("\n## ")[0]
    assert set(rows(section)) == names


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.slug)
def test_every_panel_has_a_heading_for_lecturers(panel: object) -> None:
    assert getattr(panel, "name", None) in headings(text(LECTURERS))


def test_the_readme_lists_the_options_of_the_command_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        cli.parse(["--help"])
    options = set(re.findall(r"--\w+", capsys.readouterr().out)) - {"--help"}
    assert {name for name in rows(text(README)) if name.startswith("--")} == options


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_forbidden_word(document: Path) -> None:
    assert [word for word in FORBIDDEN if word.lower() in text(document).lower()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", text(document)):
        if link.startswith(("http://", "https://")):
            continue
        path, _, section = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        if section:
            assert section in [anchor(heading) for heading in headings(text(target))], link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_python_blocks_compile(document: Path) -> None:
    for block in blocks(text(document), "python"):
        compile(block, str(document), "exec")


def test_prepared_addresses_use_known_parameters() -> None:
    known = set(rows(text(LECTURERS)))
    for address in re.findall(r"`\?([^`\s]+)`", text(LECTURERS)):
        assert set(parse_qs(address, strict_parsing=True)) <= known, address


@pytest.mark.slow
def test_prepared_addresses_lead_somewhere() -> None:
    for address in re.findall(r"`\?([^`\s]+)`", text(LECTURERS)):
        view = {key: values[0] for key, values in parse_qs(address).items()}
        if "wb" in view:
            examples = json.loads(text(ROOT / "assets/presets/worked_examples.json"))
            assert view["wb"] in str(examples)
            continue
        assert vz.sample(view["picture"]).is_file()
        model = vz.load_model(view["net"], weights=None)
        assert view.get("panel", "feature-maps") in [panel.slug for panel in PANELS], address
        named = {view[key] for key in ("layer", "heat-layer", "em-layer") if key in view}
        assert named <= {layer.name for layer in model.layers}, address
        assert named or view["panel"] == "embeddings", address


@pytest.mark.slow
def test_the_numbers_of_the_walk_from_edges_to_parts() -> None:
    model = vz.load_model("efficientnet_lite0", device="cpu")
    section = text(LECTURERS).split("**From edges to parts.**")[1].split("**Deep layers")[0]
    walk = rows(section)
    maps = vz.feature_maps(model, vz.sample("chelsea"), layers=list(walk))
    assert len(walk) == 6
    for layer, (shape, zeros, dead, field) in walk.items():
        _, height, width = maps[layer].shape
        box = vz.receptive_field(model, layer, height // 2, width // 2)
        assert shape == " × ".join(str(size) for size in maps[layer].shape)
        assert field == " × ".join(str(size) for size in box[2:])
        assert int(zeros.removesuffix(" %")) == pytest.approx(
            100 * np.mean(maps[layer] == 0), abs=0.6
        )
        assert int(dead) == pytest.approx(np.sum((maps[layer] == 0).all(axis=(1, 2))), abs=2)


@pytest.mark.slow
def test_the_readme_examples_run(tmp_path: Path) -> None:
    code = "".join(blocks(text(README), "python"))
    command = [sys.executable, "-W", "error", "-c", code]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert (run.returncode, run.stderr) == (0, "")
    assert "tiger cat" in run.stdout
