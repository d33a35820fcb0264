"""Turns the export of a CRM, or a sheet with columns of its own, into the lines of a history file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.domain.imports.crm_deals import CrmDeal, DealCells, kept_apart, read_deal
from bot.domain.imports.crm_people import People
from bot.domain.imports.csv_files import LineProblem, Row, Table, quoted
from bot.domain.imports.mappings import FileMapping
from bot.domain.imports.sheets import Sheet, why_too_long
from bot.domain.refusals import FieldProblems, FileProblem, Refusal
from bot.rules.crm_columns import DATES, Field, FileKind, Layout, header_key
from bot.rules.crm_stages import Stage, is_empty, stage_key, why_no_conversation
from bot.rules.file_dates import DayOrder, Inferred, MixedOrders, infer_order, read_file_date

_ASSOCIATED = "associated compan"
_SAID = {Field.USER: "the rep", Field.DATE: "the day", Field.COMPANY: "the company"}


@dataclass(frozen=True)
class Converted:
    """The lines of a history file, the lines that are no conversations and why, and what each stage became."""

    table: Table
    left_out: tuple[LineProblem, ...]
    stages: tuple[tuple[str, Stage], ...]


@dataclass(frozen=True)
class CrmFile:
    """A file with its columns understood."""

    sheet: Sheet
    layout: Layout
    mapping: FileMapping

    def text(self, cells: tuple[str, ...], field: Field) -> str:
        """Return a cell; the text is empty where the file has no such column, or says `#N/A` and the like.

        Of several companies that HubSpot gives as one deal's or activity's, it is the first.
        """
        place = self.layout.fields.get(field)
        text = "" if place is None else self._at(cells, place)
        if field is Field.COMPANY and place is not None and ";" in text:
            column = header_key(self.sheet.header[place])
            return text.split(";")[0].strip() if column.startswith(_ASSOCIATED) else text
        return text

    def people(self) -> list[str]:
        """Return those whom the file names as reps, each once."""
        named = (self.text(cells, Field.USER) for _, cells in self.sheet.rows if not _footer(cells))
        return list(dict.fromkeys(name for name in named if name))

    def stages(self) -> list[str]:
        """Return the names of the stages in the lines and in the columns of days, each once."""
        if self.layout.kind is not FileKind.DEALS:
            return []
        named = [self.text(cells, Field.STAGE) for _, cells in self.sheet.rows]
        found: dict[str, str] = {}
        for name in [*named, *self.layout.stage_dates.values()]:
            if name:
                found.setdefault(stage_key(name), name)
        return list(found.values())

    def inferred(self) -> Inferred:
        """Return the order of day and month that all dates show; raises FileProblem if they contradict."""
        places = [self.layout.fields[f] for f in DATES if f in self.layout.fields]
        places += self.layout.stage_dates
        try:
            return infer_order(
                (line, self._at(cells, place))
                for line, cells in self.sheet.rows
                for place in places
            )
        except MixedOrders as mixed:
            raise FileProblem(
                f"In line {mixed.day_first} the day comes before the month, and in line "
                f"{mixed.month_first} the month before the day. Write all dates alike, best like 2026-11-23."
            ) from None

    def must_be_complete(self) -> None:
        """Raise FileProblem if columns that are needed were not found."""
        if missing := self.layout.missing:
            raise FileProblem(
                f"No column is known to say {', '.join(_SAID.get(one, 'the ' + one) for one in missing)}.",
                "The columns are: " + ", ".join(quoted(name) for name in self.sheet.header) + ".",
                "Say which one it is in a mapping file: --map FILE asks and writes one, in a terminal.",
            )

    def converted(self, people: People, order: DayOrder | None) -> Converted:
        """Return the lines of a history file that this file becomes."""
        rows: list[Row] = []
        deals: list[CrmDeal] = []
        problems: list[LineProblem] = []
        left_out: list[LineProblem] = []
        seen: dict[tuple[str, ...], int] = {}
        for line, cells in self.sheet.rows:
            reason = self._why_left_out(cells, seen.setdefault(cells, line), line)
            if reason is not None:
                left_out.append(LineProblem(line, reason))
                continue
            try:
                if too_long := why_too_long(cells, self.sheet.header):
                    raise Refusal(too_long)
                if self.layout.kind is FileKind.DEALS:
                    deals.append(
                        read_deal(self._deal(line, cells, people, order), self.mapping.stage)
                    )
                else:
                    rows.append(self._conversation(line, cells, people, order))
            except Refusal as refusal:
                problems.append(LineProblem(line, _sentences(refusal)))
        rows += [row for deal in kept_apart(deals) for row in deal.rows()]
        stages = ((name, self.mapping.stage(name)) for name in self.stages())
        known = tuple((name, stage) for name, stage in stages if stage is not None)
        return Converted(Table(tuple(rows), tuple(problems)), tuple(left_out), known)

    def _conversation(
        self, line: int, cells: tuple[str, ...], people: People, order: DayOrder | None
    ) -> Row:
        row = {
            field.value: self.text(cells, field)
            for field in (Field.COMPANY, Field.BASE, Field.OUTCOME, Field.AMOUNT, Field.CLOSE)
        }
        problems: dict[str, str] = {}
        row["user"] = self._user(cells, people, problems)
        held_on = self._date(cells, self.layout.fields[Field.DATE], order, problems)
        if problems:
            raise FieldProblems(problems)
        row["date"] = held_on.isoformat() if held_on is not None else ""
        base = self.mapping.stage(row["base"]) if row["base"] else None
        if base is not None:
            row["base"] = base.base.label
        if row["amount"][:1].isdecimal():
            row["amount"] = f"{self.text(cells, Field.CURRENCY)} {row['amount']}".strip()
        return Row(line, row)

    def _deal(
        self, line: int, cells: tuple[str, ...], people: People, order: DayOrder | None
    ) -> DealCells:
        problems: dict[str, str] = {}
        user = self._user(cells, people, problems)
        dates: dict[Field, date] = {}
        for field in DATES:
            place = self.layout.fields.get(field)
            on = self._date(cells, place, order, problems) if place is not None else None
            if on is not None:
                dates[field] = on
        entered: list[tuple[Stage, date]] = []
        for place, name in self.layout.stage_dates.items():
            stage, on = self._entered[place], self._date(cells, place, order, problems)
            if on is not None and stage is None:
                problems["stage"] = (
                    f"the column {quoted(self.sheet.header[place])} is of no stage that Basecoach knows: "
                    f"give its base in a mapping file (--map), under [stages]: {quoted(name)} = “2nd”."
                )
            elif on is not None and stage is not None:
                entered.append((stage, on))
        if problems:
            raise FieldProblems(problems)
        return DealCells(line, user, lambda field: self.text(cells, field), dates, entered)

    @cached_property
    def _entered(self) -> Mapping[int, Stage | None]:
        """What the stage of each column of days means, by the column's place."""
        return {place: self.mapping.stage(name) for place, name in self.layout.stage_dates.items()}

    def _user(self, cells: tuple[str, ...], people: People, problems: dict[str, str]) -> str:
        text = self.text(cells, Field.USER)
        if not text:
            problems["user"] = "It is empty: give the rep."
            return ""
        try:
            return people.slack_id(text)
        except Refusal as refusal:
            problems["user"] = refusal.sentence
            return ""

    def _date(
        self,
        cells: tuple[str, ...],
        place: int,
        order: DayOrder | None,
        problems: dict[str, str],
    ) -> date | None:
        text = self._at(cells, place)
        found = read_file_date(text, order) if text else None
        if text and found is None:
            problems[header_key(self.sheet.header[place])] = (
                f"{quoted(text)} is no date: write it like the others, or like 2026-11-23."
            )
        return found

    def _why_left_out(self, cells: tuple[str, ...], first: int, line: int) -> str | None:
        if _footer(cells) and not self.text(cells, Field.COMPANY):
            return "it has one cell only, like the lines below a report"
        if self.layout.kind is FileKind.CONVERSATIONS:
            return why_no_conversation(
                kind=self.text(cells, Field.TYPE), done=self.text(cells, Field.DONE)
            )
        if first != line:
            return f"it is the same deal as in line {first}"
        if self.text(cells, Field.STATUS).casefold() == "deleted":
            return "the deal was deleted"
        return None

    def _at(self, cells: tuple[str, ...], place: int) -> str:
        text = cells[place] if place < len(cells) else ""
        return "" if is_empty(text) else text


def notes_on(file: CrmFile, order: DayOrder | None, converted: Converted) -> Iterator[str]:
    """Return what a preview says of the file as a whole: how it was read, and what was left out."""
    layout, header = file.layout, file.sheet.header
    read = [f"{quoted(header[place])} as {field.value}" for field, place in layout.fields.items()]
    yield f"Read as {layout.kind.value}: {', '.join(read)}."
    if layout.stage_dates:
        named = ", ".join(quoted(name) for name in layout.stage_dates.values())
        yield f"Columns with the day on which a deal came to a stage: {named}."
    if layout.ignored:
        yield f"Ignored columns: {', '.join(quoted(name) for name in layout.ignored)}."
    if order is not None:
        yield f"Dates: {order.value}."
    if converted.stages:
        stages = (f"{quoted(name)} → {stage.label}" for name, stage in converted.stages)
        yield f"Stages: {', '.join(stages)}."
    reasons: dict[str, list[str]] = {}
    for problem in converted.left_out:
        reasons.setdefault(problem.reason, []).append(f"{problem.line}")
    for reason, lines in reasons.items():
        yield f"Left out, because {reason}: line {', '.join(lines)}."
    if layout.kind is FileKind.DEALS and not layout.stage_dates:
        yield (
            "No column says when a deal came to its stages, so a lost deal counts with the base that its line "
            "shows, or with none. HubSpot exports them as “Date entered …”."
        )


def _footer(cells: tuple[str, ...]) -> bool:
    return len(cells) >= 1 and sum(bool(cell) for cell in cells) == 1


def _sentences(refusal: Refusal) -> str:
    if isinstance(refusal, FieldProblems):
        return " ".join(f"{name}: {sentence}" for name, sentence in refusal.sentences.items())
    return f"{refusal.field}: {refusal.sentence}" if refusal.field else refusal.sentence
