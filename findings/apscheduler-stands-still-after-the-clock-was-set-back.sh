#!/usr/bin/env bash
# APScheduler's interval jobs stop for as long as the clock was set back; setting it right again does not wake them.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet apscheduler==3.11.3 time-machine==3.6.0

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import asyncio
import sys
from datetime import UTC, datetime
from importlib.metadata import version

import time_machine
from apscheduler.schedulers.asyncio import AsyncIOScheduler

HOUR = 3600


async def main() -> None:
    beats = []

    async def beat() -> None:
        beats.append(datetime.now(UTC))

    async def counted(seconds: float) -> int:
        beats.clear()
        await asyncio.sleep(seconds)  # by the event loop's own, monotonic clock
        return len(beats)

    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=True) as clock:
        scheduler = AsyncIOScheduler(timezone=UTC)
        job = scheduler.add_job(beat, "interval", seconds=0.25, misfire_grace_time=None)
        scheduler.start()
        before = await counted(2)
        clock.shift(-HOUR)
        back = await counted(2)
        now, planned = datetime.now(UTC), job.next_run_time
        clock.shift(+HOUR)
        right = await counted(2)
        scheduler.wakeup()
        woken = await counted(2)
        scheduler.shutdown(wait=False)

    print(f"APScheduler {version('apscheduler')}, time-machine {version('time-machine')}; a job every quarter of a second")
    print(f"beats in two seconds:                        {before}")
    print(f"… after the clock was set back by an hour:   {back} (it is {now:%H:%M:%S}, the next is at {planned:%H:%M:%S})")
    print(f"… after it was set right again:              {right}")
    print(f"… after scheduler.wakeup():                  {woken}")
    # The timer that ran when the clock was set fires once more.
    if before < 2 or back > 1 or right != 0 or woken < 2:
        sys.exit("The behaviour has changed.")


asyncio.run(main())
EOF
