"""The container's health check: asks /healthz where the settings say that health is served.

It ends with 0 if the bot answers, and also if no health is served (BASECOACH_METRICS_PORT is empty), because
nothing is known then. It uses Python's standard library alone, so that it starts fast.
"""

from __future__ import annotations

import os
import sys
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only ever asked for, not listened on


def address(environment: Mapping[str, str]) -> str | None:
    """Return the address to ask; None if no health is served."""
    port = environment.get("BASECOACH_METRICS_PORT", "").strip()
    if not port:
        return None
    host = environment.get("BASECOACH_METRICS_HOST", "").strip() or "127.0.0.1"
    host = EVERY_ADDRESS.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/healthz"


def main() -> None:
    url = address(os.environ)
    if url is None:
        return
    try:
        # A proxy is for calls to Slack, not for this one.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=4):
            pass
    except (OSError, ValueError, HTTPException) as error:
        sys.exit(f"{url}: {error}")


if __name__ == "__main__":
    main()
