#!/usr/bin/env bash
# One .env file with four ordinary lines means three things to python-dotenv, to npm's dotenv and to a shell.
set -euo pipefail

if ! command -v npm >/dev/null; then
  echo "This needs Node.js and npm. On Debian: apt-get install nodejs npm" >&2
  exit 2
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet python-dotenv==1.2.4
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder/node" dotenv@17.2.3 >/dev/null

cd "$folder"
cat >.env <<'EOF'
BRACES=one${two}three
HASH=one#two
DOLLAR=one$two
COMMENT=one # two
EOF

cat >read.cjs <<'EOF'
const dotenv = require("./node/node_modules/dotenv");
console.log(JSON.stringify(dotenv.parse(require("fs").readFileSync(".env"))));
EOF
timeout 60 node read.cjs >node.json
env -i PATH="$PATH" sh -c 'set -a; . ./.env; env' >shell.txt

env -i PATH="$PATH" HOME="$folder" timeout 60 venv/bin/python - <<'EOF'
import json
import sys
from importlib.metadata import version
from pathlib import Path

from dotenv import dotenv_values

python = dict(dotenv_values(".env"))
plain = dict(dotenv_values(".env", interpolate=False))
node = json.loads(Path("node.json").read_text())
node_version = json.loads(Path("node/node_modules/dotenv/package.json").read_text())["version"]
shell = dict(line.split("=", 1) for line in Path("shell.txt").read_text().splitlines())

print(f"python-dotenv {version('python-dotenv')}, npm dotenv {node_version}, sh")
print(f"{'line':27} {'python-dotenv':15} {'without interpolation':22} {'npm dotenv':15} sh")
for line in Path(".env").read_text().splitlines():
    name = line.partition("=")[0]
    print(f"{line:27} {python[name]:15} {plain[name]:22} {node[name]:15} {shell[name]}")
as_expected = (
    (python["BRACES"], node["BRACES"], shell["BRACES"]) == ("onethree", "one${two}three", "onethree")
    and plain["BRACES"] == "one${two}three"
    and (python["HASH"], node["HASH"], shell["HASH"]) == ("one#two", "one", "one#two")
    and (python["DOLLAR"], node["DOLLAR"], shell["DOLLAR"]) == ("one$two", "one$two", "one")
    and (python["COMMENT"], node["COMMENT"], shell["COMMENT"]) == ("one", "one", "one")
)
if not as_expected:
    sys.exit("The behaviour has changed.")
EOF
