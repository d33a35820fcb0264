#!/usr/bin/env bash
# Under uvloop a sleep of less than half a millisecond is none, and others may end up to half a millisecond too early.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet uvloop==0.23.0

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import asyncio
import platform
import sys
import time
from importlib.metadata import version

import uvloop

TIMES = 200
WAITS = (0.0004, 0.0014)


async def too_early() -> dict[float, int]:
    """For each wait in seconds, how many sleeps of it ended before it was over."""
    found = {}
    for wait in WAITS:
        found[wait] = 0
        for _ in range(TIMES):
            began = time.perf_counter()
            await asyncio.sleep(wait)
            found[wait] += time.perf_counter() - began < wait
    return found


by_asyncio = asyncio.run(too_early())
by_uvloop = uvloop.run(too_early())

print(f"uvloop {version('uvloop')}, Python {platform.python_version()}; {TIMES} sleeps of each length")
for wait in WAITS:
    print(f"{wait * 1000:.1f} ms: ended too early {by_asyncio[wait]} times under asyncio, {by_uvloop[wait]} under uvloop")
if any(by_asyncio.values()) or not all(by_uvloop.values()):
    sys.exit("The behaviour has changed.")
EOF
