"""Chooses the parser of HTTP: httptools, which is written in C, where it is installed, else h11.

h11 refuses a head that does not end within 16 KB. httptools reads on for ever, so here it gets the same limit.
"""

from __future__ import annotations

import asyncio

MAX_INCOMPLETE = 16 * 1024
"""How many bytes may arrive of a head, of trailers or of a chunk's line before they are complete (h11's limit)."""


def fastest_protocol() -> type[asyncio.Protocol]:
    """Return the protocol that uvicorn serves connections with."""
    try:
        import httptools as _httptools  # noqa: F401 - uvicorn's module imports it only once it is imported
    except ImportError:
        from uvicorn.protocols.http.h11_impl import H11Protocol

        return H11Protocol
    return _limited()


def _limited() -> type[asyncio.Protocol]:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    class Limited(HttpToolsProtocol):
        """httptools' protocol, which answers 400 once more than MAX_INCOMPLETE bytes led to nothing."""

        _incomplete = 0

        def data_received(self, data: bytes) -> None:
            self._incomplete += len(data)
            super().data_received(data)
            if self._incomplete > MAX_INCOMPLETE and not self.transport.is_closing():
                message = "Invalid HTTP request received."
                self.logger.warning(message)
                self.send_400_response(message)

        def on_headers_complete(self) -> None:
            self._incomplete = 0
            super().on_headers_complete()

        def on_body(self, body: bytes) -> None:
            self._incomplete = 0
            super().on_body(body)

        def on_chunk_complete(self) -> None:
            self._incomplete = 0

        def on_message_complete(self) -> None:
            self._incomplete = 0
            super().on_message_complete()

    return Limited
