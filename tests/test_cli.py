"""The command line: defaults, one-line errors, and a first line within a second."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from visualizer import cli
from visualizer.errors import BackendError, WeightsError

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """``main`` sets defaults for the process; they end with the test."""
    before = dict(os.environ)
    monkeypatch.delenv("SPACE_ID", raising=False)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Calls of ``visualizer.page.launch``, with a page that costs nothing."""
    calls: list[dict[str, Any]] = []
    page = ModuleType("visualizer.page")
    page.launch = lambda **options: calls.append(options)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "visualizer.page", page)
    return calls


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_defaults_stay_on_this_machine() -> None:
    options = vars(cli.parse([]))
    assert options == {"host": "127.0.0.1", "port": 7860, "device": "auto", "backend": None}


def test_a_space_is_served_to_its_visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "someone/cnn-visualizer")
    options = cli.parse([])
    assert (options.host, options.port) == ("0.0.0.0", 7860)


def test_options_reach_the_page(launched: list[dict[str, Any]]) -> None:
    port = free_port()
    assert cli.main(["--port", str(port), "--device", "cpu", "--backend", "torch"]) == 0
    assert launched == [{"host": "127.0.0.1", "port": port, "device": "cpu", "backend": "torch"}]


def test_telemetry_is_off_before_the_page_is_imported(launched: list[dict[str, Any]]) -> None:
    cli.main(["--port", str(free_port())])
    assert launched
    assert {name: os.environ[name] for name in cli.ENVIRONMENT} == cli.ENVIRONMENT


def test_the_environment_of_the_user_wins(
    launched: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    cli.main(["--port", str(free_port())])
    assert launched
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--port", "http"], "--port: 'http' is no port (choose from 1 to 65535)"),
        (["--port", "0"], "--port: '0' is no port (choose from 1 to 65535)"),
        (["--port", "65536"], "--port: '65536' is no port (choose from 1 to 65535)"),
        (["--device", "gpu"], "--device: invalid choice: 'gpu' (choose from "),
        (["--backend", "keras"], "--backend: invalid choice: 'keras' (choose from "),
        (["--devices", "cpu"], "unrecognized arguments: --devices cpu"),
        (["--device", "mps", "--backend", "onnx"], "choose --backend torch or --device cpu"),
    ],
)
def test_a_wrong_value_costs_one_line(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    said = capsys.readouterr()
    assert stop.value.code == 2
    assert said.out == ""
    assert said.err.startswith("cnn-visualizer: ")
    assert line in said.err
    assert said.err.endswith("; see --help\n")
    assert said.err.count("\n") == 1


def test_a_taken_port_is_named_with_the_way_out(
    launched: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert cli.main(["--port", str(port)]) == 1
    other = port + 1 if port < 65_535 else 7860
    assert capsys.readouterr() == (
        "",
        f"cnn-visualizer: Port {port} is taken by another program. Stop that one, or choose "
        f"another: --port {other}.\n",
    )
    assert launched == []


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(BackendError, match=r"'192\.0\.2\.1' is no address of this machine\. .+"):
        cli.check_address("192.0.2.1", free_port())  # RFC 5737: never assigned


def test_a_reserved_port_is_refused() -> None:
    reason = cli.refusal("127.0.0.1", 80, PermissionError(13, "Permission denied"))
    assert reason == "Port 80 is reserved for the system. Choose one above 1023: --port 7860."


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (WeightsError("The file is damaged."), 1, "cnn-visualizer: The file is damaged.\n"),
        (KeyboardInterrupt(), 0, ""),
    ],
)
def test_how_the_page_ends(
    raised: BaseException,
    code: int,
    said: str,
    launched: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def launch(**_options: object) -> None:
        raise raised

    monkeypatch.setattr(sys.modules["visualizer.page"], "launch", launch)
    assert cli.main(["--port", str(free_port())]) == code
    assert capsys.readouterr().err == said
    assert launched == []


def test_the_first_line_comes_before_anything_heavy() -> None:
    """Within a second, from any folder; 3 s leaves room for a busy machine."""
    command = [sys.executable, str(ROOT / "app.py"), "--port", str(free_port())]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT.anchor, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        waited = time.perf_counter() - start
        process.kill()
    assert line.startswith("Starting the CNN visualizer")
    assert waited < 3
