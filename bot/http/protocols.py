"""Chooses the parser of HTTP: httptools, which is written in C, where it is installed, else h11.

Both keep within the limits of bot.http.connections. h11 refuses a head that does not end within 16 KB. httptools
reads on for ever, so here it gets the same limit.
"""

from __future__ import annotations

import asyncio

from bot.http.connections import BoundedConnection, Connections

MAX_INCOMPLETE = 16 * 1024
"""How many bytes may arrive of a head, of trailers or of a chunk's line before they are complete (h11's limit)."""


def fastest_protocol(bounds: Connections) -> type[asyncio.Protocol]:
    """Return the protocol that uvicorn serves connections with; they all belong to `bounds`."""
    try:
        import httptools as _httptools  # noqa: F401 - uvicorn's module imports it only once it is imported
    except ImportError:
        from uvicorn.protocols.http.h11_impl import H11Protocol

        class BoundedH11(BoundedConnection, H11Protocol):
            """h11's protocol within the limits."""

        BoundedH11.bounds = bounds
        return BoundedH11
    return _with_httptools(bounds)


def _with_httptools(bounds: Connections) -> type[asyncio.Protocol]:
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

    class BoundedHttpTools(BoundedConnection, Limited):  # type: ignore[misc]
        """The same within the limits."""

    BoundedHttpTools.bounds = bounds
    return BoundedHttpTools
