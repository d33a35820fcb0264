#!/usr/bin/env bash
# Babel's parse_decimal multiplies typed amounts by ten, takes NaN, and in its strict mode refuses French spaces.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet babel==2.18.0

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version

from babel.numbers import NumberFormatError, parse_decimal

# (locale, typed): read by default, read with strict=True
EXPECTED = {
    ("de", "0.5"): ("5", "refused"),
    ("de", "12.5"): ("125", "refused"),
    ("en", "1,5"): ("15", "refused"),
    ("en", "1,2,3"): ("123", "refused"),
    ("en", "NaN"): ("NaN", "NaN"),
    ("en", "Infinity"): ("Infinity", "Infinity"),
    ("en", "1e5"): ("1E+5", "1E+5"),
    ("fr", "12 500"): ("12500", "refused"),
    ("fr", "12\N{NO-BREAK SPACE}500"): ("12500", "refused"),
    ("fr", "12\N{NARROW NO-BREAK SPACE}500"): ("12500", "12500"),
    ("de_CH", "12'500"): ("refused", "refused"),
    ("de_CH", "12\N{RIGHT SINGLE QUOTATION MARK}500"): ("12500", "12500"),
}


def read(text: str, locale: str, *, strict: bool) -> str:
    try:
        return str(parse_decimal(text, locale=locale, strict=strict))
    except NumberFormatError:
        return "refused"


print(f"Babel {version('babel')}")
seen = {}
for locale, text in EXPECTED:
    seen[locale, text] = tuple(read(text, locale, strict=strict) for strict in (False, True))
    print(f"{locale:6} {ascii(text):14} read as {seen[locale, text][0]:10} strict: {seen[locale, text][1]}")
if seen != EXPECTED:
    sys.exit("The behaviour has changed.")
EOF
