"""The questions by which a mapping file is written, as they are answered in a terminal."""

from __future__ import annotations

import click
from click.testing import CliRunner

from bot.commands import mapping_dialogue
from bot.domain.imports.crm_files import CrmFile
from bot.domain.imports.mappings import FileMapping, mapping_text, read_mapping
from bot.domain.imports.sheets import read_sheet
from bot.rules.crm_columns import FileKind, is_known_column, layout_of
from bot.rules.file_dates import DayOrder

SHEET = "Boss,Kunde,Stage,Created\nPriya,Acme,Own,03/04/2026\nPriya,Delta,Demo,05/04/2026\n"


def test_only_what_the_file_does_not_say_is_asked() -> None:
    sheet = read_sheet(SHEET.encode(), is_known_column, lambda header: None)
    file = CrmFile(sheet, layout_of(sheet.header, named={}), FileMapping())

    @click.command()
    def command() -> None:
        click.echo("TOML\n" + mapping_text(mapping_dialogue.ask(file)))

    asked = CliRunner().invoke(command, input="9\n1\n2\n5th\n3rd\nday\n")
    assert asked.exit_code == 0, asked.output
    for question in (
        "Which column says the user? Its number",
        "Which column says the company? Its number",
        "Which base is the stage “Own”",
        "Which comes first in dates like “03/04/2026”",
    ):
        assert question in asked.output
    assert "“Demo”" not in asked.output
    assert read_mapping(asked.output.split("TOML\n")[1]) == FileMapping(
        FileKind.DEALS,
        DayOrder.DAY_FIRST,
        {"Boss": "user", "Kunde": "company"},
        {"Own": "3rd"},
    )
