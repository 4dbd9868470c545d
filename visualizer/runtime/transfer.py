"""One file from a server to the disk: streamed beside its place, verified, moved there at once."""

from __future__ import annotations

import errno
import hashlib
import http.client
import ipaddress
import os
import shutil
import socket
import ssl
import urllib.error
import urllib.request
import uuid
from collections.abc import Generator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from visualizer.errors import DownloadError
from visualizer.zoo.checksum import expected, installed, remember
from visualizer.zoo.official_file import OfficialFile

TIMEOUT_S = 20
BLOCK_BYTES = 1 << 18
SLACK_BYTES = 1 << 20  # how far a file may exceed the size its SPEC states
ROUNDING_BYTES = 1 << 10  # how far the SPEC's size, in MiB to three decimals, may be off


def way_out(wanted: OfficialFile) -> str:
    """End a sentence about a download that failed."""
    return f"Try again, or {wanted.instead}."


def transfer(wanted: OfficialFile, path: Path) -> Generator[tuple[int, int]]:
    """Fetch ``wanted.url`` to ``path``, one block a step; yields (received, total) in bytes.

    The file appears whole and verified or not at all; what was partial is removed however the
    transfer ends. Where the server does not say how long the file is, the stated size is the total.

    Raises:
        DownloadError: one sentence on what failed, and the way out.
    """
    if installed(wanted):  # a transfer that ended while this caller arrived
        return
    try:
        with _opened(wanted, path.name) as response:
            length = _length(response)
            total = wanted.size_bytes if length is None else length
            _refuse_excess(wanted, path.name, total)
            _make_room(path.parent, total)
            yield from _receive(response, wanted, path, total)
    except OSError as error:  # the network's own errors were put into words where they arose
        raise _unwritable(error, wanted, path) from error


def _receive(
    response: http.client.HTTPResponse, wanted: OfficialFile, path: Path, total: int
) -> Generator[tuple[int, int]]:
    partial = path.with_name(f"{path.name}.{uuid.uuid4().hex}.partial")
    sha256, received = hashlib.sha256(), 0
    try:
        with partial.open("xb") as file:
            yield 0, total
            while block := _block(response, wanted, received, total):
                file.write(block)
                sha256.update(block)
                received += len(block)
                _refuse_excess(wanted, path.name, received)
                yield received, total
        if received + ROUNDING_BYTES < total or received < (_length(response) or 0):
            raise _cut(wanted, received, total)
        _check(sha256.hexdigest(), wanted, received)
        partial.replace(path)
        remember(path, sha256.hexdigest())
    finally:
        partial.unlink(missing_ok=True)


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follow a redirect to https, or within one loopback server; never to files or plain http."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Refuse an address that is less safe than the one before."""
        try:
            _require_safe(newurl, within=req.type)
        except DownloadError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _require_safe(url: str, *, within: str) -> None:
    """Accept https anywhere, plain http on this machine alone and never after https."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return
    if parts.scheme == within == "http" and _is_loopback(parts.hostname):
        return
    raise DownloadError(
        f"The download leads to {parts.scheme}://{parts.hostname}, which is not encrypted (https)."
    )


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _opened(wanted: OfficialFile, name: str) -> http.client.HTTPResponse:
    url = str(wanted.url)
    host, scheme = urlsplit(url).hostname, urlsplit(url).scheme
    request = urllib.request.Request(url, headers={"User-Agent": "cnn-visualizer"})
    try:
        _require_safe(url, within=scheme)
        opener = urllib.request.build_opener(_SafeRedirects)
        response: http.client.HTTPResponse = opener.open(request, timeout=TIMEOUT_S)
    except DownloadError as error:
        raise DownloadError(f"{error} {way_out(wanted)}") from error
    except urllib.error.HTTPError as error:
        with error:
            reason = _first_line(error.reason)
            raise DownloadError(
                f"{host} answered {error.code} {reason} for {name}. {way_out(wanted)}"
            ) from error
    except (OSError, http.client.HTTPException) as error:
        cause = _cause(error.reason if isinstance(error, urllib.error.URLError) else error)
        raise DownloadError(f"{host} could not be reached ({cause}). {way_out(wanted)}") from error
    return response


def _cause(error: object) -> str:
    """Say in a few words why there is no connection."""
    match error:
        case socket.gaierror():
            return "its address was not found: is this machine online?"
        case TimeoutError():
            return f"no answer within {TIMEOUT_S} s"
        case ConnectionRefusedError():
            return "it refused the connection"
        case ssl.SSLCertVerificationError():
            return "its certificate is not valid here"
        case OSError() if error.strerror:
            return error.strerror
        case _:
            return _first_line(error) or type(error).__name__


def _first_line(text: object) -> str:
    return str(text).strip().partition("\n")[0].rstrip(" .")


def _length(response: http.client.HTTPResponse) -> int | None:
    stated = response.headers.get("Content-Length", "")
    return int(stated) if stated.isdecimal() else None


def _block(
    response: http.client.HTTPResponse, wanted: OfficialFile, received: int, total: int
) -> bytes:
    """Read what has arrived, at most :data:`BLOCK_BYTES`; empty at the end."""
    try:
        return response.read1(BLOCK_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise _cut(wanted, received, total) from error


def _cut(wanted: OfficialFile, received: int, total: int) -> DownloadError:
    return DownloadError(
        f"The download of {wanted.path().name} was cut at {_mb(received)} of {_mb(total)} MB. "
        f"{way_out(wanted)}"
    )


def _refuse_excess(wanted: OfficialFile, name: str, size: int) -> None:
    if size > wanted.size_bytes + SLACK_BYTES:
        raise DownloadError(
            f"{name} is larger than the official file ({_mb(size)} MB or more, where "
            f"{_mb(wanted.size_bytes)} MB are expected). {way_out(wanted)}"
        )


def _make_room(folder: Path, total: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < total:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _check(found: str, wanted: OfficialFile, received: int) -> None:
    sha256 = expected(wanted)
    if not found.startswith(sha256):
        raise DownloadError(
            f"{wanted.path().name} arrived ({_mb(received)} MB) with SHA-256 "
            f"{found[: min(8, len(sha256))]}…, not {sha256[:8]}…, and was thrown away. "
            f"{way_out(wanted)}"
        )


def _unwritable(error: OSError, wanted: OfficialFile, path: Path) -> DownloadError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        free = shutil.disk_usage(next(folder for folder in path.parents if folder.is_dir())).free
        return DownloadError(
            f"{path.name} needs {_mb(wanted.size_bytes)} MB and {path.parent} has {_mb(free)} MB "
            f"free. Free some space, set {wanted.home} to a folder elsewhere, or {wanted.instead}."
        )
    return DownloadError(
        f"{path.parent} cannot be written ({error.strerror or error}). "
        f"Set {wanted.home} to a folder of yours, or {wanted.instead}."
    )


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f}"
