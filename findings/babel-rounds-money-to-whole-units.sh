#!/usr/bin/env bash
# Babel shows amounts in whole units for currencies that have minor units in ISO 4217: the hundredths are rounded away.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet babel==2.18.0 iso4217==1.16.20260101

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import sys
from decimal import Decimal
from importlib.metadata import version

from babel.numbers import format_currency, get_currency_precision, list_currencies
from iso4217 import Currency

known = list_currencies()
differ = {
    each.code: (each.exponent, get_currency_precision(each.code))
    for each in Currency
    if each.code in known and each.exponent is not None and each.exponent != get_currency_precision(each.code)
}

print(f"Babel {version('babel')} (CLDR), iso4217 {version('iso4217')} (the standard's own table)")
print(f"decimals in ISO 4217 and in Babel, where they differ: {differ}")
shown = format_currency(Decimal("1234.56"), "RSD", locale="en_US")
kept = format_currency(Decimal("1234.56"), "RSD", locale="en_US", currency_digits=False)
print(f"1234.56 Serbian dinars: {ascii(shown)}; with currency_digits=False: {ascii(kept)}")
if differ.get("RSD") != (2, 0) or len(differ) < 5 or "1,235" not in shown or "1,234.56" not in kept:
    sys.exit("The behaviour has changed.")
EOF
