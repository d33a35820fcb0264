"""`basecoach export member|team`: writes what is stored about people, to standard output or into a folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlmodel import Session

from bot import private_files
from bot.commands.running import chosen_clock, in_words, read_settings, ready_database
from bot.config import Settings
from bot.domain.privacy import erasure
from bot.domain.privacy import export as exports
from bot.domain.privacy.sheets import File, as_csv, as_json, joined
from bot.domain.refusals import Refusal

TO = click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write files into this folder, readable for you alone, instead of printing JSON.",
)


@click.group()
def export() -> None:
    """Export everything that is stored about a person, or about the reps of a team."""


@export.command("member")
@click.argument("slack_user_id", metavar="ID")
@TO
def export_member(slack_user_id: str, folder: Path | None) -> None:
    """Export what is stored about a person, by their Slack id (U…): as JSON, and as CSV into a folder."""
    _export(lambda session, now: _of_member(session, slack_user_id, now), folder)


@export.command("team")
@click.argument("name", metavar="ID")
@TO
def export_team(name: str, folder: Path | None) -> None:
    """Export a team, by its name or id: its weeks, and the record of everybody who is or was its rep."""
    _export(lambda session, now: _of_team(session, name, now), folder)


Files = dict[str, list[File]]
"""The files by the folder in which they lie, below the one that was named."""


def _of_member(session: Session, slack_user_id: str, now: datetime) -> Files:
    record = exports.record(session, erasure.member_named(session, slack_user_id))
    return {"": record.files(now=now)}


def _of_team(session: Session, name: str, now: datetime) -> Files:
    team = exports.team_named(session, name)
    weeks = exports.team_weeks(session, [team.id])
    records = [exports.record(session, member) for member in exports.reps_of(session, team)]
    whole: dict[str, Any] = {
        "exported_at": now.isoformat(),
        "team": team.name,
        "reps": [
            {
                "slack_user_id": record.slack_user_id,
                "name": record.name,
                **joined(record.sheets),
            }
            for record in records
        ],
    }
    files = {"": [as_json("team", whole), as_csv(weeks.sheet)]}
    return files | {record.slack_user_id: record.files(now=now) for record in records}


def _export(read: Callable[[Session, datetime], Files], folder: Path | None) -> None:
    settings = read_settings(for_slack=False)
    now = asyncio.run(now_of(settings))
    with ready_database(settings) as database:
        try:
            found = database.read_now(read, now)
        except Refusal as refusal:
            raise in_words(refusal.sentence) from None
    if folder is None:
        click.echo(found[""][0].content.decode("utf-8"), nl=False)
        return
    written = _write(folder, found)
    click.echo(f"{written} files are in {folder}. Only you can read them; they hold people’s data.")


async def now_of(settings: Settings) -> datetime:
    """Return the present moment by the clock that is set."""
    async with chosen_clock(settings) as clock:
        return clock.now()


def _write(folder: Path, found: Files) -> int:
    """Write the files, readable for their owner alone. Nothing that exists is written over."""
    places = [
        (folder / below / file.name, file) for below, files in found.items() for file in files
    ]
    _must_be_new([path for path, _ in places])
    try:
        for path, file in places:
            private_files.make_folder(path.parent)
            private_files.make_file(path)
            path.write_bytes(file.content)
    except OSError as error:
        raise in_words(f"{folder} can’t be written to: {error.strerror or error}.") from error
    return len(places)


def _must_be_new(paths: Sequence[Path]) -> None:
    for path in paths:
        if path.exists():
            raise in_words(f"{path} exists already. Name another folder with --to.")
