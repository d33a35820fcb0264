"""`basecoach audit`: prints the log of who changed who sees whose numbers."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from sqlmodel import Session, col, select

from bot.commands.running import read_settings, ready_database
from bot.domain.handover.audit import entries_of, newest
from bot.domain.shown.audit import Entry
from bot.domain.tables import Workspace


@click.command()
@click.option(
    "--last", type=click.IntRange(min=1), help="Print only so many of the newest entries."
)
@click.option("--json", "as_json", is_flag=True, help="Print the entries as JSON.")
def audit(*, last: int | None, as_json: bool) -> None:
    """Print who changed coaches, channels, teams and reps, and when; the newest first. Times are UTC."""
    settings = read_settings(for_slack=False)
    with ready_database(settings) as database:
        entries = database.read_now(_entries, last=last)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in entries], indent=2, default=str))
        return
    for entry in entries:
        click.echo(_line(entry))
    if not entries:
        click.echo("The log is empty: nothing has changed hands yet.")


def _entries(session: Session, *, last: int | None) -> list[Entry]:
    found: list[Entry] = []
    for workspace_id in session.exec(select(Workspace.id).order_by(col(Workspace.id))).all():
        found += entries_of(session, newest(session, workspace_id, limit=last))
    return found


def _line(entry: Entry) -> str:
    facts = [
        f"{entry.at:%Y-%m-%d %H:%M}",
        entry.what,
        entry.team,
        _named(entry.whom_name, entry.whom),
        f"{entry.before or '-'} -> {entry.after or '-'}" if entry.before or entry.after else "",
        f"by {_named(entry.by_name, entry.by) or 'Slack or an operator'}",
    ]
    return "  ".join(fact for fact in facts if fact)


def _named(name: str | None, slack_user_id: str | None) -> str:
    return f"{name} ({slack_user_id})" if name is not None else ""
