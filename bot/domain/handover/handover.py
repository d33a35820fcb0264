"""The handover: what follows when a team, a channel or a rep changes hands, or a coach may not coach any more.

Every such change comes here. It is noted in the audit log, the people whom it concerns are told in a line, and the
messages about alerts and plans are marked stale. The sender then withdraws those that stand where they no longer
belong, and posts what is open in its new place (`bot.domain.handover.messages`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from bot.database import columns, run, table
from bot.domain.access import slack_id_of
from bot.domain.calendars import pauses
from bot.domain.handover import audit, notices, open_matters
from bot.domain.outbox import surfaces
from bot.domain.plans import handing_over as plans
from bot.domain.plans.handing_over import Move as Move
from bot.domain.shown.audit import Change
from bot.domain.shown.places import may_coach
from bot.domain.tables import Member, Substitution, Team

IS_RUNNING = sa.and_(
    columns(Substitution).began_at.is_not(None), columns(Substitution).next_at.is_not(None)
)
"""Whether a substitute has a coach's place now."""


@dataclass(frozen=True)
class Hands:
    """Who coaches a team, and its coach channel."""

    coach_id: int | None = None
    second_coach_id: int | None = None
    channel: str | None = None


NOBODY = Hands()
"""The hands of a team before it was created."""


def hands_of(team: Team) -> Hands:
    """Return the team's present coaches and channel, to compare them with those after a change."""
    return Hands(team.coach_id, team.second_coach_id, team.coach_channel)


def team_changed(
    session: Session,
    *,
    team: Team,
    before: Hands,
    by_id: int | None,
    now: datetime,
    welcomes: bool = False,
) -> None:
    """Hand over what belongs to the team's coaches, if its coach, its second coach or its channel changed.

    With `welcomes`, the coaches of a new team are told that they coach it.
    """
    after = hands_of(team)
    if after == before:
        return
    entries = []
    for what, old, new in (
        (Change.COACH, before.coach_id, after.coach_id),
        (Change.SECOND_COACH, before.second_coach_id, after.second_coach_id),
    ):
        if old != new:
            entry = audit.record(
                session,
                what,
                team=team,
                now=now,
                by_id=by_id,
                whom_id=new,
                before=slack_id_of(session, old),
                after=slack_id_of(session, new),
            )
            # A second coach who becomes the coach is told that, and not that they are something less now.
            if not (what == Change.SECOND_COACH and new is None and old == after.coach_id):
                entries.append((entry, {old, new}))
    if before.channel != after.channel:
        entry = audit.record(
            session,
            Change.CHANNEL,
            team=team,
            now=now,
            by_id=by_id,
            before=before.channel,
            after=after.channel,
        )
        entries.append((entry, set()))
    if before == NOBODY:
        lines = [notices.Line(entry.id, {entry.whom_id}) for entry, people in entries if people]
        if welcomes:
            notices.add(session, lines, workspace_id=team.workspace_id, by_id=None, now=now)
        return  # there is nothing to hand over yet
    for entry, people in entries:
        own = entry.whom_id is not None and entry.whom_id == by_id
        notices.tell(session, entry, team=team, also=people, now=now, tells_author=own)
    _end_for_changed_places(session, team=team, before=before, after=after, now=now)
    _hand_over(session, team=team, now=now)


def stood_in(
    session: Session, *, team: Team, stands_in: Substitution, by_id: int | None, now: datetime
) -> None:
    """Hand over to a substitute, or back to the coach if the substitution is over: `next_at` says which.

    The caller has changed the team's coaches. Everybody is told, the coach who is away too.
    """
    is_over = stands_in.next_at is None
    entry = audit.record(
        session,
        Change.SUBSTITUTE_OVER if is_over else Change.SUBSTITUTE,
        team=team,
        now=now,
        by_id=by_id,
        whom_id=stands_in.substitute_id,
        before=slack_id_of(session, stands_in.member_id),
        after=None if is_over else stands_in.last_day.isoformat(),
    )
    people = {stands_in.member_id, stands_in.substitute_id}
    notices.tell(session, entry, team=team, also=people, now=now, tells_author=True)
    _hand_over(session, team=team, now=now)
    for member_id in sorted(people):
        surfaces.home_changed(session, member=session.get_one(Member, member_id), now=now)


def _end_for_changed_places(
    session: Session, *, team: Team, before: Hands, after: Hands, now: datetime
) -> None:
    """Have the substitutions end whose place in the team was given to somebody else."""
    stands_in = columns(Substitution)
    for is_second, changed in (
        (False, before.coach_id != after.coach_id),
        (True, before.second_coach_id != after.second_coach_id),
    ):
        if changed:
            this = sa.and_(stands_in.team_id == team.id, stands_in.is_second.is_(is_second))
            _look_again(session, this, now)


def _look_again(session: Session, which: sa.ColumnElement[bool], now: datetime) -> None:
    """Have the next tick end the running substitutions that these are, because what they rest on has changed."""
    found = sa.update(table(Substitution)).where(which, IS_RUNNING)
    run(session, found.values(next_at=now, ends_at=now))


def standing_changed(session: Session, *, member: Member, could_coach: bool, now: datetime) -> None:
    """Hand over what belongs to the member's teams, if Slack's profile says that they may not coach any more.

    `could_coach` says whether they could before. The same holds when they may coach again.
    """
    can = may_coach(is_guest=member.is_guest, inactive_because=member.inactive_because)
    if can == could_coach:
        return
    for team in session.exec(
        select(Team)
        .where(
            Team.workspace_id == member.workspace_id,
            or_(Team.coach_id == member.id, Team.second_coach_id == member.id),
        )
        .order_by(col(Team.id))
    ).all():
        entry = audit.record(
            session,
            Change.COACH_BACK if can else Change.COACH_LOST,
            team=team,
            now=now,
            by_id=None,
            whom_id=member.id,
            after=None if can else member.inactive_because or "guest",
        )
        notices.tell(session, entry, team=team, also={member.id}, now=now)
        _hand_over(session, team=team, now=now)
    if not can:
        _look_again(session, columns(Substitution).substitute_id == member.id, now)
    open_matters.mark_signer(session, member=member, now=now)


def channel_opened(session: Session, *, team: Team, problem: str, now: datetime) -> None:
    """Stop numbers in a coach channel that others can read since it became public, or shared; say so."""
    if team.channel_problem == problem:
        return
    team.channel_problem = problem
    session.flush()
    entry = audit.record(
        session,
        Change.CHANNEL_OPENED,
        team=team,
        now=now,
        by_id=None,
        before=team.coach_channel,
        after=problem,
    )
    notices.tell(session, entry, team=team, now=now)
    _hand_over(session, team=team, now=now)


def channel_lost(session: Session, *, teams: Iterable[Team], now: datetime) -> None:
    """Have what stands open in a channel that takes no messages sent to the coaches of these teams.

    Check-ins and Homes that say who reads a miss are marked, too.
    """
    for team in teams:
        open_matters.mark_team(session, team=team, now=now)
        open_matters.mark_check_ins(session, team=team, now=now)
        surfaces.team_homes_changed(session, team=team, now=now)


def reps_moved(
    session: Session, *, moves: Collection[Move], by_id: int | None, now: datetime
) -> set[int]:
    """Hand the reps' alerts and plans over to their new teams, by a number of statements that is constant.

    Return the members whose amounts of money have to be asked anew, because the new team counts in another
    currency. The caller changes the enrolments, and ends targets that are of no use in the new team.
    """
    if not moves:
        return set()
    workspace_id = next(iter(moves)).to_team.workspace_id
    entries = audit.record_all(
        session,
        Change.REP_MOVED,
        workspace_id=workspace_id,
        new=[
            audit.New(move.member_id, move.to_team.id, str(move.from_team.id), str(move.to_team.id))
            for move in moves
        ],
        by_id=by_id,
        now=now,
    )
    plans.reps_moved(
        session,
        moves=moves,
        now=now,
    )
    team_of = {move.member_id: move.to_team.id for move in moves}
    pauses.follow_team(session, workspace_id=workspace_id, team_of=team_of, now=now)
    lines = []
    for move in moves:
        old, new = move.from_team, move.to_team
        coaches = (old.coach_id, old.second_coach_id, new.coach_id, new.second_coach_id)
        lines.append(notices.Line(entries[move.member_id], {*coaches, move.member_id}))
    notices.add(session, lines, workspace_id=workspace_id, by_id=by_id, now=now)
    for new in {move.to_team.id: move.to_team for move in moves}.values():
        reps = [move.member_id for move in moves if move.to_team.id == new.id]
        open_matters.move_alerts(session, member_ids=reps, team=new, now=now)
        open_matters.let_go(session, team=new, now=now)
        open_matters.mark_reps(session, workspace_id=new.workspace_id, member_ids=reps, now=now)
        open_matters.raise_again(session, member_ids=reps, now=now)
    return {move.member_id for move in moves if move.from_team.currency != move.to_team.currency}


def reps_joined(
    session: Session,
    *,
    workspace_id: int,
    team_of: Mapping[int, int],
    by_id: int | None,
    now: datetime,
) -> None:
    """Note in the log that coaches see these reps' numbers from now on; the reps' welcome tells them so.

    An alert that was withdrawn when its rep left, and that nobody has done, is posted again.
    `team_of` has the ids of the teams that they joined, by member id.
    """
    audit.record_all(
        session,
        Change.REP_JOINED,
        workspace_id=workspace_id,
        new=[audit.New(member_id, team_id) for member_id, team_id in team_of.items()],
        by_id=by_id,
        now=now,
    )
    pauses.follow_team(session, workspace_id=workspace_id, team_of=team_of, now=now)
    open_matters.raise_again(session, member_ids=team_of, now=now)


def rep_left(
    session: Session, *, member_id: int, team: Team, by_id: int | None, now: datetime
) -> None:
    """Withdraw what stands about a rep who left the team. The caller has ended the enrolment."""
    entry = audit.record(
        session, Change.REP_LEFT, team=team, now=now, by_id=by_id, whom_id=member_id
    )
    lines = [notices.Line(entry.id, {team.coach_id, team.second_coach_id, member_id})]
    notices.add(session, lines, workspace_id=team.workspace_id, by_id=by_id, now=now)
    open_matters.mark_reps(session, workspace_id=team.workspace_id, member_ids=[member_id], now=now)


def _hand_over(session: Session, *, team: Team, now: datetime) -> None:
    """Let go what people hold who do not coach the team now, and mark all that shows its coaches."""
    open_matters.wait_anew(session, team=team, now=now)
    open_matters.let_go(session, team=team, now=now)
    open_matters.mark_team(session, team=team, now=now)
    open_matters.mark_check_ins(session, team=team, now=now)
    surfaces.team_homes_changed(session, team=team, now=now)
    surfaces.workspace_homes_changed(session, workspace_id=team.workspace_id, now=now)
