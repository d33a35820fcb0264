"""The files that the bot uploaded. They are kept in memory and in the workspace's file."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

NEVER_UPLOADED = ""


@dataclass
class StoredFile:
    """A file. Its content is empty until it was uploaded."""

    id: str
    name: str
    length: int
    secret: str
    title: str = ""
    encoded: str = NEVER_UPLOADED
    """The content in base64, for the storage keeps JSON."""

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return base64.b64decode(self.encoded)


class Files:
    """Knows the files by their ids, and the addresses at which their bytes are awaited by a secret."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}

    def expect(self, name: str, length: int) -> StoredFile:
        """Return a new file whose bytes are awaited."""
        file = StoredFile(
            "F" + secrets.token_hex(5).upper(), name, length, secrets.token_urlsafe(16)
        )
        self._files[file.id] = file
        return file

    def add(self, files: Iterable[StoredFile]) -> None:
        """Take up files that the storage kept."""
        self._files |= {file.id: file for file in files}

    def receive(self, secret: str, content: bytes) -> StoredFile | None:
        """Take a file's bytes; return None for an unknown secret, and for another length than was announced."""
        found = next((file for file in self._files.values() if file.secret == secret), None)
        if found is None or len(content) != found.length:
            return None
        found.encoded = base64.b64encode(content).decode()
        return found

    def uploaded(self, file_id: str) -> StoredFile | None:
        """Return the file with this id if its bytes are here."""
        found = self._files.get(file_id)
        return found if found is not None and found.encoded != NEVER_UPLOADED else None

    def forget(self, file_id: str) -> None:
        """Forget a file."""
        self._files.pop(file_id, None)

    def all(self) -> list[StoredFile]:
        """Return every file whose bytes are here."""
        return [file for file in self._files.values() if file.encoded != NEVER_UPLOADED]
