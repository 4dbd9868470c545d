"""What the page asks about collections of pictures: which there are, their pictures, a new one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import JSONResponse, Response, StreamingResponse

from visualizer.errors import GoneError, VisualizerError
from visualizer.runtime.collection import Collection
from visualizer.runtime.collection_archive import MAX_FILES, MAX_UNPACKED_BYTES
from visualizer.runtime.collection_files import fetch
from visualizer.runtime.collection_menu import COLLECTIONS, Source, find_source
from visualizer.runtime.collection_own import zip_collection
from visualizer.ui.contact_sheet import MOST_PICTURES, SIDES
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.long_work import Frames
from visualizer.ui.progress import Tell, progress_lines
from visualizer.ui.service import Service
from visualizer.ui.shown import kept, picture_answer

MAX_ZIP_BYTES = 200_000_000
SLICE_S = 0.15  # of reading pictures, before others have their turn
TITLE_LENGTH = 60


def menu(service: Service, query: Query) -> Response:
    """List the collections: the visitor's own first, then those of the menu, and the limits."""
    own = service.collections.of(query.visitor) if query.visitor else {}
    answer = {
        "collections": [_own_record(handle, one) for handle, one in own.items()]
        + [_menu_record(source) for source in COLLECTIONS],
        "limits": {
            "zip_bytes": MAX_ZIP_BYTES,
            "files": MAX_FILES,
            "unpacked_bytes": MAX_UNPACKED_BYTES,
        },
    }
    return JSONResponse(answer, headers=kept(private=True))


def details(service: Service, query: Query) -> Response:
    """Tell everything of one collection but its pictures: classes, labels, names, notes."""
    name = query.path["name"]
    found = service.collection(name)
    answer = {
        "name": name,
        "title": found.title,
        "count": len(found),
        "suits": found.suits,
        "classes": list(found.classes),
        "labels": None if found.labels is None else found.labels.tolist(),
        "names": list(found.names),
        "notes": list(found.notes),
    }
    return JSONResponse(answer, headers=kept(private=True))


def add(service: Service, query: Query) -> Response:
    """Read a visitor's zip archive, telling the progress; the last frame holds its record."""
    title = query.parameters.get("title", "").strip()[:TITLE_LENGTH] or "Own pictures"
    frames = _reading(service, query.visitor, query.body, title)
    return service.work.stream(query.visitor, "collection", frames)


def _reading(service: Service, token: str, data: bytes, title: str) -> Frames:
    steps = zip_collection(data, title=title, owner=token)
    started = time.monotonic()
    while True:
        try:
            done, total = next(steps)
        except StopIteration as end:
            found: Collection = end.value
            break
        if time.monotonic() - started > SLICE_S:
            yield {"files": done, "of": total}, {}
            started = time.monotonic()
    handle = service.collections.keep(token, found)
    try:
        service.visitors.touch(token)
    except GoneError:  # the page was closed meanwhile
        service.collections.leave(token)
        raise
    yield {"collection": _own_record(handle, found)}, {}


def download(_service: Service, query: Query) -> Response:
    """Fetch a data set into the server's folder, telling the progress line by line."""
    source = find_source(query.parameters.get("name", ""))
    if not source.files:
        raise VisualizerError(f"{source.title} needs no download: it is installed.")

    def work(tell: Tell, cancelled: Callable[[], bool]) -> None:
        def report(step: str, done: int, total: int) -> None:
            tell({"step": step, "received": done, "total": total})

        if not source.ready():
            fetch(source.files["test"], report=report, cancelled=cancelled)

    return StreamingResponse(progress_lines(work), media_type="application/x-ndjson")


def sheet(service: Service, query: Query) -> Response:
    """Answer with thumbnails side by side, ``columns`` a row, as one JPEG file.

    ``side`` is a thumbnail's, in pixels; ``first`` and ``count`` choose the pictures.
    """
    name = query.path["name"]
    found = service.collection(name)
    asked = query.parameters
    side = query.whole_number("side") if "side" in asked else SIDES[0]
    first = query.whole_number("first") if "first" in asked else 0
    count = query.whole_number("count") if "count" in asked else min(MOST_PICTURES, len(found))
    columns, file = service.sheets.get(found, side, first, count, service.turns.step)
    headers = {**kept(private=_is_own(name)), "X-Columns": str(columns)}
    return Response(file, media_type="image/jpeg", headers=headers)


def picture(service: Service, query: Query) -> Response:
    """Answer with one picture."""
    name, index = query.path["name"], query.path["index"]
    return picture_answer(service.collection(name).pixels(index), private=_is_own(name))


def _is_own(name: str) -> bool:
    return name not in [source.name for source in COLLECTIONS]


def _own_record(handle: str, collection: Collection) -> Mapping[str, Any]:
    return {
        "name": handle,
        "title": collection.title,
        "count": len(collection),
        "classes": len(collection.classes),
        "suits": collection.suits,
        "notes": list(collection.notes),
        "own": True,
        "ready": True,
        "size_bytes": 0,
    }


def _menu_record(source: Source) -> Mapping[str, Any]:
    return {
        "name": source.name,
        "title": source.title,
        "count": source.count,
        "classes": source.classes,
        "suits": source.suits,
        "source": source.source,
        "licence": source.licence,
        "notes": [],
        "own": False,
        "ready": source.ready(),
        "size_bytes": source.size_bytes(),
    }


ENDPOINTS = (
    Endpoint("/collections", menu),
    Endpoint("/collections", add, "POST", body_bytes=MAX_ZIP_BYTES, owned=True),
    Endpoint("/collections/download", download, "POST", owned=True),
    Endpoint("/collections/{name}", details),
    Endpoint("/collections/{name}/sheet", sheet),
    Endpoint("/collections/{name}/{index:int}", picture),
)
