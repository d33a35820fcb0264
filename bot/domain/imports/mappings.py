"""The mapping file of `basecoach import history`: what the columns, stages and people of a file are here."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.domain.imports.csv_files import quoted
from bot.domain.imports.rows import USER_ID
from bot.domain.refusals import FileProblem
from bot.rules.crm_columns import IGNORE, Field, FileKind
from bot.rules.crm_stages import Stage, read_stage, stage_key
from bot.rules.file_dates import DayOrder

ENTERED = "entered "
"""A column that is mapped to `entered 2nd` holds the day on which the deal came to 2nd base."""


@dataclass(frozen=True)
class FileMapping:
    """What a mapping file says; everything in it is optional, and goes before what Basecoach knows by itself."""

    kind: FileKind | None = None
    order: DayOrder | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def stage(self, name: str) -> Stage | None:
        """Return what a stage means, by this file or else by the names that are known; None for another one."""
        return read_stage(self._own.get(stage_key(name), name))

    @cached_property
    def _own(self) -> Mapping[str, str]:
        """What the file says of stages, by their names as these are compared."""
        return {stage_key(name): said for name, said in self.stages.items()}


def read_mapping(text: str) -> FileMapping:
    """Return what the TOML text says; raises FileProblem, with a sentence for each entry that is wrong."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileProblem(f"It is no TOML: {error}.") from None
    wrong: list[str] = []
    tables = {name: _table(said, name, wrong) for name in ("columns", "stages", "people")}
    for name in said.keys() - {"kind", "dates", *tables}:
        wrong.append(f"There is no {quoted(name)}: it has kind, dates, columns, stages and people.")
    kind = _one_of(said, "kind", list(FileKind), wrong)
    order = _one_of(said, "dates", list(DayOrder), wrong)
    for column, what in tables["columns"].items():
        if what not in [*Field, IGNORE] and not what.startswith(ENTERED):
            wrong.append(
                f"columns: {quoted(column)} can’t be {quoted(what)}: write {', '.join(Field)}, "
                f"{IGNORE}, or {ENTERED}with a stage or base."
            )
    for stage, what in tables["stages"].items():
        if read_stage(what) is None:
            wrong.append(
                f"stages: {quoted(stage)} can’t be {quoted(what)}: write none, 1st, 2nd, 3rd, home or lost."
            )
    for person, what in tables["people"].items():
        if not USER_ID.fullmatch(what):
            wrong.append(f"people: {quoted(person)} needs a Slack id, U…, and not {quoted(what)}.")
    if wrong:
        raise FileProblem(*wrong)
    return FileMapping(
        FileKind(kind) if kind else None, DayOrder(order) if order else None, **tables
    )


def mapping_text(mapping: FileMapping) -> str:
    """Return the mapping as TOML, which `read_mapping` reads as the same mapping."""
    lines = ["# What the columns, stages and people of the file are in Basecoach."]
    if mapping.kind is not None:
        lines.append(f"kind = {_string(mapping.kind)}")
    if mapping.order is not None:
        lines.append(f"dates = {_string(mapping.order)}")
    for name in ("columns", "stages", "people"):
        entries: Mapping[str, str] = getattr(mapping, name)
        lines += ["", f"[{name}]", *(f"{_string(a)} = {_string(b)}" for a, b in entries.items())]
    return "\n".join(lines) + "\n"


def _string(text: str) -> str:
    """Return a TOML string. JSON's is one, but for the sign DEL, which TOML wants escaped."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(said: Mapping[str, Any], name: str, wrong: list[str]) -> dict[str, str]:
    found = said.get(name, {})
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        wrong.append(f'[{name}] needs lines like "Name in the file" = "what it is here".')
        return {}
    return found


def _one_of(said: Mapping[str, Any], name: str, words: list[Any], wrong: list[str]) -> str | None:
    found = said.get(name)
    if found is not None and found not in words:
        wrong.append(f"{name}: write " + " or ".join(f"“{word}”" for word in words) + ".")
        return None
    return found
