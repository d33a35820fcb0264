"""A team of any size with its brief: the steps that the tests of briefs begin with."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlmodel import Session, col, select

from bot.demo.past import past_week
from bot.domain.metrics import targets
from bot.domain.outbox import outbox
from bot.domain.people import enrolments
from bot.domain.people.members import Profile, apply_profile
from bot.domain.tables import Member, Metric, Team
from bot.rules.weeks import monday_of
from tests.domain.handover.desk import Desk, Message
from tests.domain.mondays import MONDAY, TARGETS, WEEK, at
from tests.domain.planning import FRIDAY
from tests.slack.views.coaching.brief_shown import table_of

ANSWERED = at(23, 12)


def join(session: Session, *, workspace_id: int, team_id: int, number: int) -> None:
    """So many reps more join the team: `R1`, `R2` and so on."""
    metrics = session.exec(select(Metric).order_by(col(Metric.position))).all()
    for one in range(1, number + 1):
        member_id = apply_profile(
            session,
            workspace_id=workspace_id,
            profile=Profile(f"R{one}", f"Rep {one:02}", "Europe/London"),
            now=FRIDAY,
        )
        enrolments.enrol(
            session,
            workspace_id=workspace_id,
            member_id=member_id,
            team_id=team_id,
            enrolled_on=monday_of(FRIDAY.date()),
            now=FRIDAY,
        )
        for metric, amount in zip(metrics, TARGETS, strict=True):
            targets.set_target(
                session,
                workspace_id=workspace_id,
                member_id=member_id,
                metric_id=metric.id,
                from_week=WEEK,
                amount=Decimal(amount),
                set_by=None,
                now=FRIDAY,
            )


def grow(desk: Desk, number: int, *, team: str = "Harbor") -> tuple[str, ...]:
    """The team gets so many reps more; return their Slack ids."""
    team_id = desk.team(team).id
    desk.write(join, workspace_id=desk.workspace_id, team_id=team_id, number=number)
    return tuple(f"R{one}" for one in range(1, number + 1))


def all_answer(
    desk: Desk, *, missing: tuple[str, ...] = ("U1",), users: tuple[str, ...] = ("U1", "U2")
) -> None:
    """Everybody logs and answers on Monday; those who are `missing` miss two goals."""
    for user in users:
        desk.log(user, moves=(1, 1)) if user in missing else desk.met(user)
    desk.ask(MONDAY)
    for user in users:
        said = ("yes", "no", "no") if user in missing else ("yes", "yes", "yes")
        for question, pressed in enumerate(said):
            desk.press(user, question, pressed, ANSWERED)


def past(desk: Desk, user: str, *weeks: tuple[int, int, int]) -> None:
    """The rep answered the weeks before with these conversations, base moves and sales, the oldest first."""
    desk.write(_past, user=user, team_id=desk.team().id, weeks=weeks)


def _past(
    session: Session, *, user: str, team_id: int, weeks: tuple[tuple[int, int, int], ...]
) -> None:
    metrics = session.exec(select(Metric).order_by(col(Metric.position))).all()
    member = session.exec(select(Member).where(Member.slack_user_id == user)).one()
    for before, numbers in zip(range(len(weeks), 0, -1), weeks, strict=True):
        past_week(
            session,
            member=member,
            coach_id=session.get_one(Team, team_id).coach_id,
            team_id=team_id,
            week=WEEK - before * timedelta(weeks=1),
            metrics=list(metrics),
            goals=TARGETS,  # type: ignore[arg-type]
            numbers=numbers,  # type: ignore[arg-type]
        )


def standing(desk: Desk, where: str | None = "DUC") -> list[Message]:
    """The briefs that stand there."""
    return desk.standing(outbox.BRIEF, where)


def rows_of(message: Message) -> list[list[str]]:
    """The words of the message's table, row by row."""
    return table_of(message.shown)
