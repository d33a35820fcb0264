#!/usr/bin/env bash
# Installing the package tzdata does not update Python's time zones: the machine's own files are looked at first.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tzdata==2026.6

# A made-up zone folder stands for a machine whose own zones are old: Berlin is at UTC+5 there.
mkdir -p "$folder/zones/Europe"
"$folder/venv/bin/python" - "$folder/zones/Europe/Berlin" <<'EOF'
import struct
import sys

# A zone file of version 1 with one kind of time (18,000 seconds ahead of UTC, no summer time, "OLD").
counts = struct.pack(">6l", 0, 0, 0, 0, 1, 4)
with open(sys.argv[1], "wb") as file:
    file.write(b"TZif" + b"\0" * 16 + counts + struct.pack(">lbB", 18_000, 0, 0) + b"OLD\0")
EOF

look='
from datetime import datetime
from zoneinfo import ZoneInfo

print(datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin")).strftime("%z %Z"))
'
python="$folder/venv/bin/python"
old=$(env -i HOME="$folder" PYTHONTZPATH="$folder/zones" "$python" -c "$look")
package=$(env -i HOME="$folder" PYTHONTZPATH="" "$python" -c "$look")

echo "Python $("$python" -c 'import platform; print(platform.python_version())'), tzdata 2026.6 is installed"
echo "a zone folder with its own Europe/Berlin: $old"
echo "no zone folder (PYTHONTZPATH is empty):   $package"
if [ "$old" != "+0500 OLD" ] || [ "$package" != "+0100 CET" ]; then
  echo "The behaviour has changed." >&2
  exit 1
fi
