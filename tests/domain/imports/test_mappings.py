"""The mapping file: what is written is read as the same, and wrong entries are named."""

from __future__ import annotations

import pytest

from bot.domain.imports.mappings import FileMapping, mapping_text, read_mapping
from bot.domain.refusals import FileProblem
from bot.rules.crm_columns import FileKind
from bot.rules.file_dates import DayOrder


def test_a_written_mapping_is_read_as_the_same() -> None:
    mapping = FileMapping(
        FileKind.DEALS,
        DayOrder.DAY_FIRST,
        {'Sales "rep"': "user", "Demo\x7f on": "entered 2nd", "Ägypten\\n": "ignore"},
        {"Erstgespräch": "1st"},
        {"dana@example.com": "U0DANA"},
    )
    assert read_mapping(mapping_text(mapping)) == mapping
    assert read_mapping("") == FileMapping()


def test_a_stage_of_the_mapping_goes_before_the_known_ones() -> None:
    mapping = FileMapping(stages={"Demo-Scheduled": "3rd"})
    assert [
        str(getattr(mapping.stage(name), "label", None)) for name in ("demo scheduled", "Won", "x")
    ] == [
        "3rd",
        "home, won",
        "None",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("columns = ", "It is no TOML"),
        ('dates = "european"', "dates: write “day first” or “month first”."),
        ('[columns]\nOwner = "boss"', "columns: “Owner” can’t be “boss”: write user, date"),
        ('[stages]\nDemo = "5th"', "stages: “Demo” can’t be “5th”: write none, 1st"),
        ('[people]\nDana = "dana"', "people: “Dana” needs a Slack id, U…, and not “dana”."),
        ("[colours]\na = 1", "There is no “colours”"),
        ("people = 3", "[people] needs lines like"),
    ],
)
def test_a_wrong_entry_is_named(text: str, words: str) -> None:
    with pytest.raises(FileProblem) as refused:
        read_mapping(text)
    assert words in str(refused.value)
