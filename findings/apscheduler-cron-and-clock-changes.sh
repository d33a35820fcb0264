#!/usr/bin/env bash
# APScheduler's cron trigger fires twice on one clock change, an hour late on another, and not at all on a third.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet apscheduler==3.11.3 tzdata==2026.6

env -i PATH="$PATH" HOME="$folder" PYTHONTZPATH="" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from apscheduler.triggers.cron import CronTrigger


def firings(zone: str, hour: int, minute: int, around: datetime) -> list[str]:
    """The moments at which a daily job runs in the three days around a clock change, as local time and in UTC."""
    trigger = CronTrigger(hour=hour, minute=minute, timezone=zone)
    now, end, previous, found = around - timedelta(hours=36), around + timedelta(hours=36), None, []
    while (fires := trigger.get_next_fire_time(previous, now)).astimezone(UTC) < end:
        in_utc = fires.astimezone(UTC)
        local = in_utc.astimezone(fires.tzinfo)
        found.append(f"{local:%d %b %H:%M} ({in_utc:%H:%M} UTC)")
        previous, now = fires, in_utc + timedelta(milliseconds=1)
    return found


print(f"APScheduler {version('apscheduler')}, tzdata {version('tzdata')}; one job a day")
twice = firings("Europe/Berlin", 2, 30, datetime(2026, 10, 25, 1, tzinfo=UTC))
print("Berlin, 02:30, clocks go back on 25 October: ", *twice, sep="\n   ")
late = firings("Europe/Berlin", 2, 30, datetime(2026, 3, 29, 1, tzinfo=UTC))
print("Berlin, 02:30, clocks go forward on 29 March: ", *late, sep="\n   ")
lost = firings("America/Santiago", 0, 0, datetime(2026, 9, 6, 4, tzinfo=UTC))
print("Santiago, 00:00, clocks go forward on 6 September: ", *lost, sep="\n   ")

as_expected = (
    sum(line.startswith("25 Oct 02:30") for line in twice) == 2
    and any(line.startswith("29 Mar 03:30") for line in late)
    and not any(line.startswith("06 Sep") for line in lost)
    and any(line.startswith("05 Sep") for line in lost)
    and any(line.startswith("07 Sep") for line in lost)
)
if not as_expected:
    sys.exit("The behaviour has changed.")
EOF
