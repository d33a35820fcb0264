"""Asks, in a terminal, what the columns and stages of a file are, and returns the answers as a mapping."""

from __future__ import annotations

from dataclasses import replace

import click

from bot.domain.imports.crm_files import CrmFile
from bot.domain.imports.mappings import FileMapping
from bot.rules.crm_columns import layout_of
from bot.rules.crm_stages import read_stage
from bot.rules.file_dates import DayOrder
from bot.rules.terminal import printable

BASES = ("none", "1st", "2nd", "3rd", "home", "lost")


def ask(file: CrmFile) -> FileMapping:
    """Ask for the columns that are missing, the stages that are unknown, and the order of ambiguous dates."""
    columns = dict(file.mapping.columns)
    for field in file.layout.missing:
        for place, name in enumerate(file.sheet.header, start=1):
            click.echo(f"{place:>4}  {printable(name)}")
        place = click.prompt(
            f"Which column says the {field.value}? Its number",
            type=click.IntRange(1, len(file.sheet.header)),
        )
        columns[file.sheet.header[place - 1]] = field.value
    mapping = replace(file.mapping, columns=columns)
    layout = layout_of(file.sheet.header, named=columns, kind=mapping.kind)
    understood = replace(file, layout=layout, mapping=mapping)
    stages = dict(mapping.stages)
    for stage in understood.stages():
        if mapping.stage(stage) is None:
            stages[stage] = click.prompt(
                f"Which base is the stage “{printable(stage)}”", type=click.Choice(BASES)
            )
    inferred = understood.inferred()
    order = mapping.order or inferred.order
    if order is None and inferred.doubt is not None:
        order = ask_order(inferred.doubt)
    return replace(
        mapping,
        kind=layout.kind,
        order=order,
        stages={name: base for name, base in stages.items() if read_stage(base) is not None},
    )


def ask_order(doubt: str) -> DayOrder:
    """Ask which number of the file's dates is the day."""
    answer = click.prompt(
        f"Which comes first in dates like “{printable(doubt)}”",
        type=click.Choice(["day", "month"]),
    )
    return DayOrder.DAY_FIRST if answer == "day" else DayOrder.MONTH_FIRST
