#!/usr/bin/env bash
# slack_sdk's View sends null in place of a block of a type that it does not know; the log calls that "skipped".
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet slack-sdk==3.47.0

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import json
import logging
import sys
from importlib.metadata import version

from slack_sdk.models.views import View

logged = []
handler = logging.Handler(logging.WARNING)
handler.emit = lambda record: logged.append(record.getMessage())
logging.getLogger().addHandler(handler)

blocks = [
    {"type": "section", "text": {"type": "plain_text", "text": "Appointments"}},
    {
        "type": "data_visualization",
        "title": "Appointments",
        "chart": {"type": "pie", "segments": [{"label": "held", "value": 3}]},
    },
]
view = View(type="home", blocks=blocks).to_dict()

print(f"slack_sdk {version('slack-sdk')}")
print(f"blocks given to View:  {json.dumps([block['type'] for block in blocks])}")
print(f"blocks that View sends: {json.dumps([block and block['type'] for block in view['blocks']])}")
print(f"the log says:          {[line.split(' (')[0] for line in logged]}")
if [block and block["type"] for block in view["blocks"]] != ["section", None]:
    sys.exit("The behaviour has changed.")
EOF
