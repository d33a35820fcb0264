"""`basecoach import teams|members|history FILE`: shows a preview first, then imports the rows part by part."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from bot.commands.crm_import import CrmImport, crm_import
from bot.commands.import_context import ImportContext, look_up
from bot.commands.progress import bar
from bot.commands.running import in_words, read_settings, ready_database
from bot.database import Database
from bot.domain.imports import history as imports_history
from bot.domain.imports import importing as imports
from bot.domain.imports.csv_files import Columns, Table, read_table
from bot.domain.imports.parts import Apply, Interrupted, Parts, in_parts
from bot.domain.imports.previews import ImportPreview, Rejected, accepted
from bot.domain.imports.sheets import LARGEST_FILE
from bot.domain.people.enrolments import Change
from bot.domain.refusals import FileProblem
from bot.rules.file_dates import DayOrder
from bot.rules.terminal import printable

T = TypeVar("T")

SHOWN = 40
"""How many lines a preview shows; further lines are only counted."""

PAUSE = 0.15
"""How many seconds pass between two parts on SQLite. A process that waits for its writer looks only every tenth of
a second whether it is free, so without a pause it would miss every gap and give up after some seconds.
"""

ONLY_A_PREVIEW = 2
"""The exit code when the command could not ask anybody for confirmation."""

SIGNS = {Change.CREATED: "+ new", Change.UPDATED: "~ changed", Change.UNCHANGED: "= the same"}


@dataclass(frozen=True)
class Kind:
    """A kind of file that can be imported."""

    one: str
    many: str
    columns: Columns
    plan: Callable[..., ImportPreview]
    apply: Callable[..., ImportPreview]
    parts: Parts
    of_known: bool = False
    """Whether the file can name only what is in the database: then Slack is not asked."""
    preview_writes: bool = False
    """Whether the preview is the import itself, rolled back."""


TEAMS = Kind(
    "team",
    "teams",
    imports.TEAM_COLUMNS,
    imports.plan_teams,
    imports.apply_teams,
    imports.team_parts,
    preview_writes=True,
)
MEMBERS = Kind(
    "member",
    "members",
    imports.MEMBER_COLUMNS,
    imports.plan_members,
    imports.apply_members,
    imports.member_parts,
)
HISTORY = Kind(
    "conversation",
    "conversations",
    imports_history.COLUMNS,
    imports_history.plan_history,
    imports_history.apply_history,
    imports_history.history_parts,
    of_known=True,
)


@dataclass(frozen=True)
class Options:
    """The options of an import command."""

    yes: bool
    skip_bad: bool
    public_channels: bool = False


FILE = click.argument("file", type=click.Path(path_type=Path))
YES = click.option("--yes", is_flag=True, help="Import without asking.")
SKIP_BAD = click.option("--skip-bad", is_flag=True, help="Import the good lines and leave the bad.")


@click.group("import")
def import_() -> None:
    """Import teams, members or past conversations from a CSV file.

    For teams and members an empty cell means the default for something new, and leaves what is there as it
    is; importing a file again updates what it names. A conversation that is there already is not added again.
    """


@import_.command("teams")
@FILE
@YES
@SKIP_BAD
@click.option("--public-channels", is_flag=True, help="Take coach channels that all can read.")
def import_teams(file: Path, yes: bool, skip_bad: bool, public_channels: bool) -> None:
    """Import teams: name, coach, second_coach, coach_channel, day, time, deadline_day, deadline_time.

    With country and region a team gets the public holidays of there. People and channels are given by their
    Slack ids (U…, C…).
    """
    _import(TEAMS, file, Options(yes, skip_bad, public_channels))


@import_.command("members")
@FILE
@YES
@SKIP_BAD
def import_members(file: Path, yes: bool, skip_bad: bool) -> None:
    """Import reps: user, team, timezone, enrolled_on, sales, base_moves, conversations.

    The user is a Slack id (U…); enrolled_on is a day like 2026-11-23; the last three are weekly targets.
    """
    _import(MEMBERS, file, Options(yes, skip_bad))


@import_.command("history")
@FILE
@YES
@SKIP_BAD
@click.option(
    "--map",
    "map_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TOML file that says what columns, stages and people are; it is asked for if there is none.",
)
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    help="How dates like 03/04/2026 are meant, where the file does not show it.",
)
def import_history(
    file: Path, yes: bool, skip_bad: bool, map_path: Path | None, dates: str | None
) -> None:
    """Import past conversations of reps: user, date, company, base, outcome, amount, close.

    The user is a Slack id (U…), a full name or an e-mail address of a rep; base is 1st, 2nd, 3rd, home or none;
    outcome is open, won or lost; amount goes with home; close is asked, not asked or inoffensive.

    Exports of HubSpot, Salesforce and Pipedrive, of activities or deals, are understood by their columns.
    """
    order = DayOrder(dates.replace("-", " ")) if dates else None
    data = _in_words(file, lambda: _bytes(file))
    crm = _in_words(file, lambda: crm_import(data, map_path=map_path, order=order))
    _import(HISTORY, file, Options(yes, skip_bad), data=data, crm=crm)


def _import(
    kind: Kind,
    file: Path,
    options: Options,
    *,
    data: bytes | None = None,
    crm: CrmImport | None = None,
) -> None:
    """Import the file; `data` are its bytes if they were read already, because a pipe has them only once."""
    settings = read_settings(for_slack=False)
    table = Table((), ())
    if crm is None:
        table = _in_words(
            file, lambda: read_table(_bytes(file) if data is None else data, kind.columns)
        )
    with ready_database(settings) as database:
        place = asyncio.run(
            look_up(
                settings,
                database,
                table,
                public_channels=options.public_channels,
                of_known=kind.of_known,
            )
        )
        if crm is not None:
            table = crm.table(settings, database, place.workspace_id)
        plan = _planned(kind, database, table, place)
        _show(kind, plan)
        if plan.problems and not options.skip_bad:
            raise click.ClickException(
                "Nothing was imported. Mend these lines, or leave them out with --skip-bad."
            )
        if plan.changes_nothing:
            click.echo("There is nothing to change.")
            return
        if not options.yes and not _agreed(kind, plan):
            return
        try:
            done = _imported(kind, database, table, place, skip_bad=options.skip_bad)
        except Rejected as rejected:  # the database was changed since the preview
            _show_problems(rejected.plan)
            raise click.ClickException("Nothing was imported: see these lines.") from None
        except Interrupted as interrupted:
            _show_problems(interrupted.plan)
            raise in_words(
                f"Only a part was imported ({_counted(kind, interrupted.imported)}), because the "
                "database was changed meanwhile: see these lines.",
                "Mend them and import the file again. What is imported already stays as it is.",
            ) from None
        click.echo(f"Imported: {_counted(kind, done)}.")


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LARGEST_FILE + 1)


def _in_words(file: Path, read: Callable[[], T]) -> T:
    """Return what `read` reads of the file; an error becomes a sentence for the operator."""
    try:
        return read()
    except FileNotFoundError:
        raise in_words(f"There is no file {file}. Check the path.") from None
    except IsADirectoryError:
        raise in_words(f"{file} is a folder. Name a CSV file.") from None
    except OSError as error:
        raise in_words(f"{file} can’t be read: {error.strerror}.") from None
    except FileProblem as problem:
        raise in_words(f"{file.name} can’t be imported:", *problem.sentences) from None


def _planned(kind: Kind, database: Database, table: Table, place: ImportContext) -> ImportPreview:
    """Return what the import would do. A preview that writes, and takes that back, does it part by part."""
    with bar(f"Checking {kind.many}", len(table.rows)) as step:

        def plan(part: Table) -> ImportPreview:
            run = database.write_now if kind.preview_writes else database.read_now
            return run(kind.plan, table=part, progress=step, **vars(place))

        return _in_parts(kind, database, table, plan) if kind.preview_writes else plan(table)


def _imported(
    kind: Kind, database: Database, table: Table, place: ImportContext, *, skip_bad: bool
) -> ImportPreview:
    """Check all lines once more, then import them part by part; raises Rejected or Interrupted."""
    accepted(_planned(kind, database, table, place), skip_bad)
    with bar(f"Importing {kind.many}", len(table.rows)) as step:

        def apply(part: Table) -> ImportPreview:
            return database.write_now(
                kind.apply, table=part, skip_bad=skip_bad, progress=step, **vars(place)
            )

        return _in_parts(kind, database, table, apply)


def _in_parts(kind: Kind, database: Database, table: Table, apply: Apply) -> ImportPreview:
    def let_others_write() -> None:
        if database.is_sqlite:
            time.sleep(PAUSE)

    return in_parts(table, parts=kind.parts, apply=apply, between=let_others_write)


def _show(kind: Kind, plan: ImportPreview) -> None:
    if plan.rows:
        click.echo(f"{'line':>5}  {'':<11} {kind.one}")
    for row in plan.rows[:SHOWN]:
        details = ", ".join(row.details)
        click.echo(printable(f"{row.line:>5}  {SIGNS[row.change]:<11} {row.what}: {details}"))
    if len(plan.rows) > SHOWN:
        click.echo(f"       … and {len(plan.rows) - SHOWN:,} more lines")
    for warning in plan.warnings[:SHOWN]:
        click.echo(printable(f"line {warning.line}: {warning.reason}"))
    if len(plan.warnings) > SHOWN:
        click.echo(f"… and {len(plan.warnings) - SHOWN:,} more lines like these")
    _show_problems(plan)
    click.echo(f"In all: {_counted(kind, plan)}.")


def _show_problems(plan: ImportPreview) -> None:
    for problem in plan.problems:
        click.echo(printable(f"line {problem.line}: {problem.reason}"), err=True)


def _counted(kind: Kind, plan: ImportPreview) -> str:
    counts = [
        f"{plan.count(Change.CREATED):,} new",
        f"{plan.count(Change.UPDATED):,} changed",
        f"{plan.count(Change.UNCHANGED):,} the same",
    ]
    if plan.problems:
        counts.append(f"{len(plan.problems):,} rejected")
    return f"{len(plan.rows) + len(plan.problems):,} {kind.many}: {', '.join(counts)}"


def _agreed(kind: Kind, plan: ImportPreview) -> bool:
    if not sys.stdin.isatty():
        click.echo("This was a preview and nothing was imported. Add --yes to import.")
        click.get_current_context().exit(ONLY_A_PREVIEW)
    if click.confirm(f"Import these {kind.many}?"):
        return True
    click.echo("Nothing was imported.")
    return False
