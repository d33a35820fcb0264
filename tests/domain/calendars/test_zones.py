"""Time zones: only names that the zone database knows pass."""

from __future__ import annotations

import pytest

from bot.domain.calendars.zones import known_zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/London", "Europe/London"),
        ("europe/LONDON", "Europe/London"),
        ("  America/New York ", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_known_whatever_the_case_and_spacing(text: str, zone: str) -> None:
    assert known_zone(text) == zone


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Europe",
        "Mars/Base",
        "../../etc/passwd",
        "/etc/localtime",
        "Factory",
        "localtime",
        7,
        None,
    ],
)
def test_what_is_no_place_is_no_zone(text: object) -> None:
    assert known_zone(text) is None


def test_a_long_text_is_not_even_looked_up() -> None:
    assert known_zone("UTC" + " " * 62) is None
