"""The command line: options checked and a first line printed before anything heavy loads."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from typing import NoReturn

from visualizer.errors import BackendError, VisualizerError

DEVICES = ("auto", "cpu", "cuda", "mps")
BACKENDS = ("torch", "onnx")
PORT = 7860  # also the one a Hugging Face Space forwards to
LAST_PORT = 65_535

ENVIRONMENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",  # no telemetry, no version check
    "HF_HUB_OFFLINE": "1",  # nothing here comes from a hub
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "OMP_WAIT_POLICY": "PASSIVE",  # waiting threads leave the cores to the other runtime
}


class Parser(argparse.ArgumentParser):
    """Say what is wrong in one line; the wall of usage stays with ``--help``."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def port_number(text: str) -> int:
    """Read a port: 1 to 65535."""
    if not text.isdecimal() or not 1 <= int(text) <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port (choose from 1 to {LAST_PORT})")
    return int(text)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the options."""
    parser = Parser(
        prog="cnn-visualizer",
        description="See every feature map of a convolutional neural network.",
        allow_abbrev=False,
    )
    host = "0.0.0.0" if "SPACE_ID" in os.environ else "127.0.0.1"
    add = parser.add_argument
    add("--host", default=host, help="address to listen on (%(default)s); 0.0.0.0: the network")
    add("--port", type=port_number, default=PORT, help="port to listen on (%(default)s)")
    add("--device", choices=DEVICES, default="auto", help="where networks run (%(default)s)")
    add("--backend", choices=BACKENDS, help="runtime (onnx on the CPU, torch on cuda and mps)")
    options = parser.parse_args(arguments)
    if options.device == "mps" and options.backend == "onnx":
        parser.error("--backend onnx does not run on mps (choose --backend torch or --device cpu)")
    return options


def check_address(host: str, port: int) -> None:
    """Listen on the address for a moment.

    Raises:
        BackendError: it is taken, not allowed, or not one of this machine's.
    """
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            if os.name == "posix":  # as the server does; elsewhere it would mean sharing the port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen()
    except (OSError, UnicodeError) as error:
        raise BackendError(refusal(host, port, error)) from error


def refusal(host: str, port: int, error: Exception) -> str:
    """Word why an address cannot be served, and the way out."""
    match getattr(error, "errno", None):
        case errno.EADDRINUSE:
            other = port + 1 if port < LAST_PORT else PORT
            return (
                f"Port {port} is taken by another program. Stop that one, or choose another: "
                f"--port {other}."
            )
        case errno.EACCES:
            return f"Port {port} is reserved for the system. Choose one above 1023: --port {PORT}."
    return (
        f"Host {host!r} is no address of this machine. Choose --host 127.0.0.1 (this machine "
        "alone) or --host 0.0.0.0 (everyone on the network)."
    )


def main(arguments: list[str] | None = None) -> int:
    """Start the page and serve it until Ctrl-C; returns the exit code."""
    options = parse(arguments)
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    try:
        check_address(options.host, options.port)
        print(  # noqa: T201  a command line speaks by printing
            f"Starting the CNN visualizer on {options.host}, port {options.port} …", flush=True
        )
        from visualizer.page import launch

        launch(host=options.host, port=options.port, device=options.device, backend=options.backend)
    except VisualizerError as error:
        print(f"cnn-visualizer: {error}", file=sys.stderr)  # noqa: T201  as above
        return 1
    except KeyboardInterrupt:
        return 0
    return 0
