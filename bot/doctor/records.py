"""Checks the set-up and the deliveries in the database: one read, without calls to Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.doctor.findings import Finding, Notebook, listed
from bot.doctor.subjects import KINDS, kind_of, name_of
from bot.domain.calendars.zones import known_zone
from bot.domain.deliveries import TO_COACHES
from bot.domain.outbox import given_up, outbox
from bot.domain.outbox.given_up import RECENT
from bot.domain.outbox.outbox import NOTHING_TO_SHOW
from bot.domain.people.enrolled import BOT, DEACTIVATED
from bot.domain.setup.checklist import checklist
from bot.domain.shown.audit import Change
from bot.domain.tables import (
    AuditEntry,
    CheckIn,
    CheckInState,
    DirectMessage,
    Enrolment,
    Member,
    OutboxItem,
    Reminder,
    Team,
    Workspace,
)

PATIENCE = timedelta(minutes=5)
"""A row that is due for longer than this means that probably no sender is running."""

STUCK = timedelta(minutes=15)
"""What a bot that runs has not handled after this time, it can't handle."""

NOT_URGENT = frozenset({"no_team", "no_reps", "no_channel", "inactive_reps"})
"""Entries of the checklist that describe an incomplete set-up that nevertheless works."""

TOLD_ELSEWHERE = frozenset({"channel_problem", "given_up"})
"""Entries of the checklist that other checks tell more about."""

NOT_LOST = frozenset({outbox.HOME, outbox.WELCOME, outbox.REMINDER})
"""Surfaces without which nobody misses a question or an answer."""


@dataclass(frozen=True)
class CoachChannel:
    """A team's coach channel, and the Slack error with which it last rejected an alert."""

    team: str
    channel: str
    problem: str | None


@dataclass(frozen=True)
class Records:
    """The facts about one Slack workspace in the database that are then checked with Slack."""

    slack_team_id: str
    name: str
    channels: tuple[CoachChannel, ...]


def look(session: Session, *, now: datetime) -> tuple[list[Finding], list[Records]]:
    """Check every workspace's set-up and deliveries. `now` is the bot's time."""
    findings: list[Finding] = []
    found: list[Records] = []
    workspaces = session.exec(select(Workspace).order_by(col(Workspace.id))).all()
    several = len(workspaces) > 1
    for workspace in workspaces:
        suffix = f" of {workspace.name}" if several else ""
        said = Notebook(f"Set-up{suffix}")
        _about_set_up(session, said, workspace, now)
        findings += said.findings
        said = Notebook(f"Deliveries{suffix}")
        _about_stuck(session, said, workspace)
        _about_deliveries(session, said, workspace.id, now)
        findings += said.findings
        said = Notebook(f"Direct messages{suffix}")
        _about_direct_messages(session, said, workspace.id)
        findings += said.findings
        teams = session.exec(
            select(Team).where(Team.workspace_id == workspace.id).order_by(col(Team.name))
        ).all()
        channels = tuple(
            CoachChannel(team.name, team.coach_channel, team.channel_problem)
            for team in teams
            if team.coach_channel is not None
        )
        found.append(Records(workspace.slack_team_id, workspace.name, channels))
    return findings, found


def _about_set_up(session: Session, said: Notebook, workspace: Workspace, now: datetime) -> None:
    if workspace.disconnected_reason is not None:
        said.mend(
            f"Slack stopped taking the token of {workspace.name} ({workspace.disconnected_reason}), and "
            "nothing is sent. Sending goes on by itself if Slack takes the token again. Otherwise "
            "install the app again, set its new token and start `basecoach run`."
        )
    members = session.exec(
        select(Member).where(Member.workspace_id == workspace.id).order_by(col(Member.name))
    ).all()
    lost = [member for member in members if known_zone(member.timezone) is None]
    for member in lost:
        said.mend(
            f"{member.name} has the time zone {member.timezone}, which the time-zone database "
            "does not know. Choose another with /coach, or install a newer tzdata."
        )
    if lost:
        return  # the other checks need the weeks of those time zones
    found = checklist(session, workspace_id=workspace.id, now=now)
    for missing in found.missing:
        say = said.note if missing.kind in NOT_URGENT else said.mend
        if missing.kind not in TOLD_ELSEWHERE:
            say(missing.text if missing.kind in NOT_URGENT else f"{missing.text} Use /coach.")
    _about_people(session, said, workspace.id)
    if not any(finding.level == "mend" for finding in said.findings) and found.teams:
        teams = "1 team" if found.teams == 1 else f"{found.teams} teams"
        reps = "1 rep" if found.reps == 1 else f"{found.reps} reps"
        said.ok(f"{teams} with {reps}: nothing stands in the way of asking them.")


def _about_people(session: Session, said: Notebook, workspace_id: int) -> None:
    """Report people whom the bot can't write to, unless the checklist names them."""
    for team, second in session.exec(
        select(Team, Member)
        .join(Member, col(Member.id) == col(Team.second_coach_id))
        .where(Team.workspace_id == workspace_id, col(Member.inactive_because).is_not(None))
    ):
        said.mend(
            f"{second.name}, the second coach of {team.name}, can't be written to "
            f"({second.inactive_because}). Choose another with /coach."
        )
    for member in session.exec(
        select(Member)
        .join(Enrolment, col(Enrolment.member_id) == col(Member.id))
        .where(
            Member.workspace_id == workspace_id,
            col(Enrolment.ended_on).is_(None),
            col(Member.inactive_because).is_not(None),
            col(Member.inactive_because).not_in([DEACTIVATED, BOT]),
        )
    ):
        said.mend(
            f"Slack does not let Basecoach write to {member.name} ({member.inactive_because}), who "
            "is asked nothing until then. See to their account, or take them out with /coach."
        )


def _about_stuck(session: Session, said: Notebook, workspace: Workspace) -> None:
    """Report people for whom something is due that a running bot should long have handled, but can't."""
    if workspace.last_seen_at is None:
        return
    since = workspace.last_seen_at - STUCK
    asked = select(Member.name, Enrolment.next_due_at).join(
        Enrolment, col(Enrolment.member_id) == col(Member.id)
    )
    closed = select(Member.name, CheckIn.deadline_at).join(
        CheckIn, col(CheckIn.member_id) == col(Member.id)
    )
    reminded = (
        select(Member.name, Reminder.due_at)
        .join(CheckIn, col(CheckIn.member_id) == col(Member.id))
        .join(Reminder, col(Reminder.check_in_id) == col(CheckIn.id))
    )
    for what, statement in (
        ("asked", asked.where(col(Enrolment.next_due_at) < since)),
        (
            "told that their check-in has closed",
            closed.where(CheckIn.state == CheckInState.OPEN, col(CheckIn.deadline_at) < since),
        ),
        ("reminded", reminded.where(col(Reminder.due_at) < since)),
    ):
        found = session.exec(statement.where(Member.workspace_id == workspace.id)).all()
        if found:
            names = listed(sorted({name for name, _ in found}))
            first = min(moment for _, moment in found if moment is not None)
            said.mend(
                f"{names} should have been {what} since {first:%Y-%m-%d %H:%M} UTC, and that fails again and "
                "again. The log of `basecoach run` says why, after “a row could not be handled”."
            )


def _about_direct_messages(session: Session, said: Notebook, workspace_id: int) -> None:
    """Slack tells nobody an app's manifest, so what was heard is what there is to go by."""
    heard = session.exec(
        select(DirectMessage.id).where(DirectMessage.workspace_id == workspace_id).limit(1)
    ).first()
    if heard is not None:
        said.ok("What people type there arrives.")
        return
    said.note(
        "Nobody has typed there yet. If Slack shows no box to type in, the app still has an older manifest: "
        "paste what `basecoach manifest` prints into your app's page, under App Manifest, and install the app "
        "again."
    )


def _about_deliveries(session: Session, said: Notebook, workspace_id: int, now: datetime) -> None:
    failed: dict[tuple[str, str, bool], list[str]] = {}
    for item in outbox.undelivered(session, workspace_id):
        if now - item.created_at <= RECENT and (trouble := _trouble(session, item, now)):
            failed.setdefault(trouble, []).append(name_of(session, item))
    for (words, remedy, urgent), names in failed.items():
        say = said.mend if urgent else said.note
        say(f"{words} {listed(sorted(set(names)))}. {remedy}".strip())
    _about_detours(session, said, workspace_id, now)
    waiting = session.exec(
        select(OutboxItem.due_at)
        .where(
            OutboxItem.workspace_id == workspace_id,
            col(OutboxItem.due_at).is_not(None),
            col(OutboxItem.due_at) < now - PATIENCE,
        )
        .order_by(col(OutboxItem.due_at))
    ).all()
    if waiting and waiting[0] is not None:
        things = "1 message is" if len(waiting) == 1 else f"{len(waiting)} messages are"
        said.note(
            f"{things} due since {waiting[0]:%Y-%m-%d %H:%M} UTC. They go out as soon as "
            "`basecoach run` is at work and Slack answers."
        )
    if not said.findings:
        said.ok("Everything that was due was sent.")


def _about_detours(session: Session, said: Notebook, workspace_id: int, now: datetime) -> None:
    """Report what stands in direct messages because a coach channel that works did not take it.

    A channel that does not work is the checklist's. What was posted before the channel was chosen is no detour.
    """
    chosen = (
        select(sa.func.max(AuditEntry.at))
        .where(AuditEntry.team_id == Team.id, AuditEntry.what == Change.CHANNEL)
        .correlate(Team)
        .scalar_subquery()
    )
    for surface in (outbox.ALERT, outbox.PLAN, outbox.ADVICE):
        subject = TO_COACHES[surface]
        found: dict[str, list[str]] = {}
        for item, channel in session.exec(
            select(OutboxItem, Team.coach_channel_name)
            .join(subject, col(subject.id) == col(OutboxItem.subject_id))
            .join(Team, col(Team.id) == col(subject.team_id))
            .where(
                OutboxItem.workspace_id == workspace_id,
                OutboxItem.surface == surface,
                col(OutboxItem.posted_at) > now - RECENT,
                sa.or_(chosen.is_(None), col(OutboxItem.posted_at) > chosen),
                col(Team.coach_channel).is_not(None),
                col(Team.channel_problem).is_(None),
                col(OutboxItem.channel).in_(select(Member.dm_channel)),
            )
        ):
            place = f"#{channel}" if channel else "its coach channel"
            found.setdefault(place, []).append(name_of(session, item))
        for place, names in found.items():
            said.note(
                f"{KINDS[surface]} stands in direct messages, because {place} did not take it: "
                f"{listed(sorted(set(names)))}. If nobody has mended that since, the log of `basecoach run` has "
                "Slack's code after “not delivered”; msg_too_long and invalid_blocks are faults of Basecoach: "
                "report them."
            )


def _trouble(session: Session, item: OutboxItem, now: datetime) -> tuple[str, str, bool] | None:
    """Return what happened, what to do, and whether action is needed; None if the row is in order."""
    kind = kind_of(item)
    reason = item.failed_reason or item.refused_because
    if reason is None:
        words = f"{kind} failed {item.attempts} times and is being tried again:"
        return words, "", False
    remedy = given_up.remedy(reason)
    to_coach = {outbox.ALERT, outbox.PLAN, outbox.PLAN_ENDED, outbox.PLAN_REACHED}
    if item.surface in to_coach and (item.ts is None or item.failed_reason):
        why = "its coach can't be written to" if reason == NOTHING_TO_SHOW else given_up.why(reason)
        until_then = "" if item.failed_reason else " and is being tried again"
        is_urgent = item.failed_reason is not None or not given_up.passes(reason)
        return f"{kind} did not reach the coach ({why}){until_then}, about", remedy, is_urgent
    if item.failed_reason is None:
        # While a refusal is young, it may pass by itself.
        is_old = now - item.created_at > PATIENCE
        is_lost = item.ts is None and item.surface not in NOT_LOST
        urgent = is_old and is_lost and not given_up.passes(reason)
        words = f"{kind} is being tried again ({given_up.why(reason)}):"
        return words, remedy, urgent
    if reason == NOTHING_TO_SHOW:
        return None
    words = f"{kind} was given up ({given_up.why(reason)}):"
    if item.surface == outbox.CHECK_IN:
        check_in = session.get(CheckIn, item.subject_id)
        withdrawn = {CheckInState.SKIPPED, CheckInState.AWAY}
        if check_in is not None and check_in.state not in withdrawn:
            return words, f"Ask them to type /checkin. {remedy}", True
        if check_in is not None and given_up.lasts(reason):
            return words, remedy, not _was_reached_since(session, check_in)
    return words, remedy, False


def _was_reached_since(session: Session, check_in: CheckIn) -> bool:
    """Return whether a later check-in has reached the rep, so that what stood in the way is mended."""
    later = select(CheckIn.id).where(
        CheckIn.member_id == check_in.member_id,
        CheckIn.week > check_in.week,
        col(CheckIn.delivered_at).is_not(None),
    )
    return session.exec(later).first() is not None
