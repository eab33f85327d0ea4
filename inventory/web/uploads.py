"""How large a request with files may be, decided before any of it is kept."""

from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

LARGEST_UPLOAD = 32 * 1024 * 1024


class BoundedUploadHandler(FileUploadHandler):
    """Refuses what is too large by what the request says of itself, and keeps nothing."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Raises RequestDataTooBig."""
        if content_length > LARGEST_UPLOAD:
            raise RequestDataTooBig(
                f"Expected files of at most {LARGEST_UPLOAD // 1024 // 1024} MB together."
            )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand on to the handlers that keep it."""
        return raw_data

    def file_complete(self, file_size: int) -> BytesIO | None:
        """Leave the file to the handlers that kept it."""
        return None
