"""A stored file as an answer: always a download of a fixed type, in parts when asked for.

Nothing that is served here can run in a page: the type is the one that was found from the content
when it came, the browser may not guess another, and it is offered for saving, never shown.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

CHUNK = 64 * 1024
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
UNSAFE_IN_NAMES = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class NotSatisfiable(ValueError):
    """The range lies outside the file (416)."""


def safe_name(title: str, extension: str) -> str:
    """A file name in any script, without what systems or the eye could misread."""
    stem = UNSAFE_IN_NAMES.sub(" ", title).strip(" .")[:120].strip() or "file"
    return f"{stem}.{extension}"


def range_of(header: str, size: int) -> tuple[int, int] | None:
    """(first, last) byte of a single range, both included; None: the whole file.

    What is no single byte range is ignored, as RFC 9110 allows.  Raises NotSatisfiable.
    """
    asked = ONE_RANGE.fullmatch(header.strip()) if header else None
    if asked is None or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if not first:  # the last n bytes
        if int(last) == 0 or size == 0:
            raise NotSatisfiable
        return max(size - int(last), 0), size - 1
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise NotSatisfiable
    return int(first), min(int(last) if last else size - 1, size - 1)


def serve(request, file: BinaryIO, *, size: int, name: str, content_type: str, tag: str):
    """The answer that carries the file or the asked part of it; closes it when sent.

    ``tag`` is a strong entity tag: another file never has the same.
    """
    quoted = f'"{tag}"'
    header = request.headers.get("Range", "")
    if request.headers.get("If-Range", quoted) != quoted:
        header = ""  # the rest of another file is of no use
    try:
        part = range_of(header, size)
    except NotSatisfiable:
        file.close()
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _marked(response, name, content_type, quoted)
    first, last = part or (0, size - 1)
    length = last - first + 1
    response = StreamingHttpResponse(_bytes(file, first, length), status=206 if part else 200)
    response._resource_closers.append(file.close)  # nobody may begin to read it (HEAD)
    response["Content-Length"] = str(length)
    if part:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return _marked(response, name, content_type, quoted)


def _bytes(file: BinaryIO, first: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


def _marked(response, name: str, content_type: str, tag: str):
    response["Content-Type"] = content_type
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    return response
