#!/usr/bin/env bash
# Unidecode turns £500 into PS500 and an Azerbaijani name into one with an @; anyascii, made for the same, does neither.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet unidecode==1.4.0 anyascii==0.3.3

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import sys
import unicodedata
from importlib.metadata import version

from anyascii import anyascii
from unidecode import unidecode

# typed: by Unidecode, by anyascii, without the marks that Unicode itself can take off (NFKD)
EXPECTED = {
    "Ørsted": ("Orsted", "Orsted", "Ørsted"),
    "Łódź Trade": ("Lodz Trade", "Lodz Trade", "Łodz Trade"),
    "Əlvan": ("@lvan", "Elvan", "Əlvan"),
    "£500": ("PS500", "GBP500", "£500"),
    "¥500": ("Y=500", "Y500", "¥500"),
    "1½ days": ("1 1/2 days", "11/2 days", "11⁄2 days"),
}


def without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


print(f"Unidecode {version('unidecode')}, anyascii {version('anyascii')}")
print(f"{'typed':12} {'Unidecode':12} {'anyascii':12} NFKD")
seen = {text: (unidecode(text), anyascii(text), without_marks(text)) for text in EXPECTED}
for text, (by_unidecode, by_anyascii, by_unicode) in seen.items():
    print(f"{text:12} {by_unidecode:12} {by_anyascii:12} {by_unicode}")
if seen != EXPECTED:
    sys.exit("The behaviour has changed.")
EOF
