"""The languages and countries in which numbers are read and shown in tests."""

from __future__ import annotations

LOCALES = [
    "en_US",
    "en_GB",
    "en_IN",
    "en_ZA",
    "de_DE",
    "de_CH",
    "fr_FR",
    "fr_CH",
    "es_ES",
    "sv_SE",
    "pl_PL",
    "pt_BR",
    "ja_JP",
    "ar_EG",
    "he_IL",
    "hi_IN",
]
