"""Sending files as a machine does: multipart, with fields beside the file."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.api.clinic import Machine, Reply


def send_file(
    machine: Machine,
    path: str,
    content: bytes,
    name: str = "stock.csv",
    key: str | None = None,
    **fields: Any,
) -> Reply:
    """Post a file and the fields beside it."""
    body = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile(name, content), **fields})
    return machine.call("POST", path, content=body, content_type=MULTIPART_CONTENT, key=key)
