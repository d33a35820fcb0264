"""`basecoach import history` for the exports of CRMs: reads what the file says, and asks what it can't know."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import click
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands import mapping_dialogue
from bot.commands.import_context import HTTP_TIMEOUT
from bot.commands.running import in_words
from bot.config import Settings
from bot.database import Database
from bot.domain.imports.crm_files import CrmFile, notes_on
from bot.domain.imports.crm_people import People, SlackPerson, read_people
from bot.domain.imports.csv_files import Table
from bot.domain.imports.history import COLUMNS
from bot.domain.imports.mappings import FileMapping, mapping_text, read_mapping
from bot.domain.imports.rows import DAY, USER_ID
from bot.domain.imports.sheets import Sheet, read_sheet
from bot.domain.refusals import FileProblem
from bot.rules.crm_columns import Field, header_key, is_known_column, layout_of
from bot.rules.file_dates import DayOrder
from bot.rules.terminal import printable
from bot.slack.directory import read_directory
from bot.slack.outcomes import classify


@dataclass(frozen=True)
class CrmImport:
    """A file with columns of its own, and what the options say about it."""

    file: CrmFile
    map_path: Path | None
    order: DayOrder | None

    def table(self, settings: Settings, database: Database, workspace_id: int) -> Table:
        """Return the lines of a history file that the file becomes, and print how it was read."""
        file, order = self.file, self.order or self.file.mapping.order
        try:
            if self.map_path is not None and not self.map_path.exists():
                file = self._asked(self.map_path)
                order = order or file.mapping.order
            file.must_be_complete()
            order = order or _order(file)
        except FileProblem as problem:
            raise in_words("The file can’t be imported:", *problem.sentences) from None
        people = _people(settings, database, workspace_id, file)
        converted = file.converted(people, order)
        for note in notes_on(file, order, converted):
            click.echo(printable(note))
        return converted.table

    def _asked(self, path: Path) -> CrmFile:
        """Ask what the file can't say, write the mapping file, and return the file read by it."""
        if not sys.stdin.isatty():
            raise in_words(
                f"There is no mapping file {path}. Start the command in a terminal: it asks and writes one."
            )
        mapping = mapping_dialogue.ask(self.file)
        try:
            path.write_text(mapping_text(mapping), encoding="utf-8")
        except OSError as error:
            raise in_words(f"{path} can’t be written: {error.strerror}.") from None
        click.echo(f"Written: {path}. Change it there, or use it for the next file.")
        return _understood(self.file.sheet, mapping)


def crm_import(data: bytes, *, map_path: Path | None, order: DayOrder | None) -> CrmImport | None:
    """Return the import of a file that is not written as a history file is; None for one that is.

    Raises FileProblem for a file, or a mapping file, that can't be read.
    """
    sheet = read_sheet(data, is_known_column, lambda header: None)
    if map_path is None and order is None and _is_own(sheet):
        return None
    mapping = FileMapping()
    if map_path is not None and map_path.exists():
        try:
            mapping = read_mapping(map_path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            raise FileProblem(f"{map_path} can’t be read: is it a text file?") from None
        except FileProblem as problem:
            raise FileProblem(f"In {map_path}:", *problem.sentences) from None
    return CrmImport(_understood(sheet, mapping), map_path, order)


def _is_own(sheet: Sheet) -> bool:
    """Whether the file has the columns of a history, Slack ids and days like 2026-11-23."""
    if not all(header_key(name).replace(" ", "_") in COLUMNS.all for name in sheet.header):
        return False
    file = _understood(sheet, FileMapping())
    users = (file.text(cells, Field.USER) for _, cells in sheet.rows)
    days = (file.text(cells, Field.DATE) for _, cells in sheet.rows)
    return all(not user or USER_ID.fullmatch(user) for user in users) and all(
        not day or DAY.fullmatch(day) for day in days
    )


def _understood(sheet: Sheet, mapping: FileMapping) -> CrmFile:
    layout = layout_of(sheet.header, named=mapping.columns, kind=mapping.kind)
    return CrmFile(sheet, layout, mapping)


def _order(file: CrmFile) -> DayOrder | None:
    """Return the order of day and month; where no date shows it, ask once for the whole file."""
    inferred = file.inferred()
    if inferred.doubt is None:
        return inferred.order
    if not sys.stdin.isatty():
        raise FileProblem(
            f"No date shows which number is the day: “{inferred.doubt}” can be read in two ways.",
            "Say so with --dates day-first or --dates month-first.",
        )
    return mapping_dialogue.ask_order(inferred.doubt)


def _people(settings: Settings, database: Database, workspace_id: int, file: CrmFile) -> People:
    """Return the people of the database. Slack is asked only about somebody else, and with a token."""

    def read(slack: Sequence[SlackPerson] = ()) -> People:
        return database.read_now(
            read_people, workspace_id=workspace_id, mapped=file.mapping.people, slack=slack
        )

    people = read()
    unknown = [name for name in file.people() if not people.knows(name)]
    if not unknown:
        return people
    if settings.slack_bot_token is None:
        click.echo("SLACK_BOT_TOKEN is not set, so Slack is not asked who these people are.")
        return people
    found = asyncio.run(_directory(settings))
    mails = any("@" in name for person in found for name in person.names)
    if found and not mails and any("@" in name for name in unknown):
        click.echo(
            "Slack shows no e-mail addresses without the scope users:read.email: "
            "grant it, or give Slack ids in the mapping file."
        )
    return read(found)


async def _directory(settings: Settings) -> list[SlackPerson]:
    async with aiohttp.ClientSession(timeout=HTTP_TIMEOUT) as session:
        client = AsyncWebClient(
            token=settings.slack_bot_token, base_url=settings.slack_api_url, session=session
        )
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=10))
        try:
            return await read_directory(client)
        except Exception as error:
            failure = classify(error)
            if failure is None:
                raise
            click.echo(f"Slack does not say who these people are ({failure.code}).")
            return []
