"""Harbor Supply's sales team: the history that makes the sandbox's first Monday interesting.

Everything is written through the same use cases that people use, dated back: twelve weeks of check-ins with
their answers, alerts that were acted on, and this week's conversations up to Friday afternoon.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.domain import conversations, enrolments, members, targets, teams, workspaces
from bot.domain.access import Caller
from bot.domain.members import Profile
from bot.domain.shown.setup import Channel, TeamForm
from bot.domain.tables import (
    Alert,
    Answer,
    AnswerEdit,
    CheckIn,
    CheckInState,
    Conversation,
    Enrolment,
    Member,
    Metric,
    OutboxItem,
    Source,
)
from bot.rules.verdicts import verdict
from bot.rules.weeks import bounds, monday_of

PRIYA, SAM, DANA, ALEX, MORGAN = "U0PRIYA", "U0SAM", "U0DANA", "U0ALEX", "U0MORGAN"
LONDON, NEW_YORK = "Europe/London", "America/New_York"

WEEKS = 12
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Rep:
    """A rep of the demo: targets, and what the past weeks and this week hold."""

    slack_user_id: str
    name: str
    timezone: str
    goals: tuple[int, int, int, int]
    """conversations, base moves, sales, referrals asked for"""
    history: tuple[tuple[int, int, int, int] | None, ...]
    """The same four for each past week, oldest first; None where the check-in was not answered."""


REPS = (
    Rep(
        PRIYA,
        "Priya Nair",
        LONDON,
        (20, 9, 10_000, 5),
        (
            (14, 6, 6_000, 2),
            (17, 7, 8_500, 3),
            (16, 8, 0, 4),
            (20, 9, 12_000, 5),
            (21, 10, 10_500, 6),
            (19, 9, 11_000, 5),
            (22, 9, 14_200, 5),
            (20, 11, 10_000, 7),
            (23, 9, 12_750, 5),
            (21, 10, 10_400, 6),
            (20, 9, 13_000, 5),
            (22, 12, 16_500, 8),
        ),
    ),
    Rep(
        SAM,
        "Sam Ortiz",
        NEW_YORK,
        (15, 6, 8_000, 4),
        (
            (16, 7, 9_000, 4),
            (15, 6, 8_000, 5),
            (17, 8, 12_400, 4),
            (15, 6, 8_200, 4),
            (14, 6, 7_000, 3),
            (16, 6, 8_800, 4),
            None,
            (15, 5, 6_500, 4),
            (13, 5, 8_000, 2),
            (12, 4, 4_000, 3),
            (15, 6, 9_900, 4),
            (11, 3, 2_500, 1),
        ),
    ),
)

# This week up to Friday afternoon, day by day: what each rep typed after /log-conversation.
THIS_WEEK: dict[str, tuple[tuple[str, ...], ...]] = {
    PRIYA: (
        ("Acme 2nd", "Blue Sky Ltd 1st", "Brightwater", "Delmar Foods 1st asked"),
        ("Acme 3rd asked", "Corner Bakery", "Foxglove Hotels 1st", "Granite & Sons"),
        ("Blue Sky Ltd 2nd", "Harrow Clinic", "Ivy Lane 1st", "Delmar Foods 2nd"),
        ("Acme home 12,400 inoffensive", "Juniper Press", "Kestrel Air"),
        ("Foxglove Hotels not asked", "Lowtide Surf"),
    ),
    SAM: (
        ("Maple Motors 1st", "Northgate Gym", "Opal Jewellers"),
        ("Maple Motors 3rd", "Pine Street Deli 1st"),
        ("Quarry Stone 1st asked", "Northgate Gym 1st", "Redwood Dental"),
        ("Pine Street Deli 2nd", "Sable Lighting"),
        ("Redwood Dental lost",),
    ),
}


def friday_afternoon(now: datetime) -> datetime:
    """The sandbox's first moment: the last Friday, 15:30 in London, that is not in the future."""
    zone = ZoneInfo(LONDON)
    local = now.astimezone(zone)
    friday = local.date() - timedelta(days=(local.weekday() - 4) % 7)
    moment = datetime.combine(friday, time(15, 30), tzinfo=zone)
    return moment if moment <= now else moment - WEEK


def seed(session: Session, *, now: datetime) -> bool:
    """Fill an empty database with the demo; False, and nothing changed, where there are teams already."""
    workspace_id = workspaces.install(
        session,
        slack_team_id="T0HARBOR",
        name="Harbor Supply Co.",
        bot_user_id="U0BASECOACH",
        now=now,
    )
    if session.exec(select(Enrolment.id).limit(1)).first() is not None:
        return False
    this_week = monday_of(now.astimezone(ZoneInfo(LONDON)).date())
    began = this_week - WEEKS * WEEK
    ids = _people(session, workspace_id, now)
    team_id = _team(session, workspace_id, now)
    metrics = _metrics(session, workspace_id, team_id)
    for rep in REPS:
        member_id = ids[rep.slack_user_id]
        enrolments.enrol(
            session,
            workspace_id=workspace_id,
            member_id=member_id,
            team_id=team_id,
            enrolled_on=began,
            now=now,
        )
        for metric, amount in zip(metrics, rep.goals, strict=True):
            targets.set_target(
                session,
                workspace_id=workspace_id,
                member_id=member_id,
                metric_id=metric.id,
                from_week=began,
                amount=Decimal(amount),
                set_by=ids[DANA],
                now=now,
            )
        for number, numbers in enumerate(rep.history):
            _past_week(
                session,
                member=session.get_one(Member, member_id),
                coach_id=ids[DANA],
                team_id=team_id,
                week=began + number * WEEK,
                metrics=metrics,
                goals=rep.goals,
                numbers=numbers,
            )
        _log_this_week(session, workspace_id, rep, this_week, now)
    # What happened before the demo began needs no message any more.
    for item in session.exec(select(OutboxItem).where(col(OutboxItem.surface) != "welcome")):
        item.due_at = None
    return True


def _people(session: Session, workspace_id: int, now: datetime) -> dict[str, int]:
    people = [
        Profile(DANA, "Dana Whitfield", timezone=LONDON, locale="en-US"),
        Profile(ALEX, "Alex Chen", timezone=LONDON, locale="en-US", is_admin=True),
        Profile(MORGAN, "Morgan Blake", timezone=LONDON, locale="en-US"),
        *(Profile(r.slack_user_id, r.name, timezone=r.timezone, locale="en-US") for r in REPS),
    ]
    return {
        profile.slack_user_id: members.apply_profile(
            session, workspace_id=workspace_id, profile=profile, now=now
        )
        for profile in people
    }


def _team(session: Session, workspace_id: int, now: datetime) -> int:
    team, _ = teams.save_team(
        session,
        workspace_id=workspace_id,
        team=None,
        form=TeamForm(name="Harbor Sales", coach=DANA, second_coach=MORGAN, channel="C0COACH"),
        channel=Channel("C0COACH", "coach-dana", is_private=True, is_member=True),
        public_confirmed=False,
        now=now,
    )
    return team.id


def _metrics(session: Session, workspace_id: int, team_id: int) -> list[Metric]:
    """The three built-in metrics in the order of the funnel, and one of the team's own."""
    referrals = Metric(
        workspace_id=workspace_id,
        team_id=team_id,
        key="referrals",
        name="Referrals asked for",
        unit="count",
        question="Did you ask for enough referrals?",
        source=Source.ASKED,
        position=10,
    )
    session.add(referrals)
    session.flush()
    built_in = session.exec(
        select(Metric).where(col(Metric.team_id).is_(None)).order_by(col(Metric.position))
    ).all()
    return [*built_in, referrals]


def _past_week(
    session: Session,
    *,
    member: Member,
    coach_id: int,
    team_id: int,
    week: date,
    metrics: list[Metric],
    goals: tuple[int, ...],
    numbers: tuple[int, ...] | None,
) -> None:
    """One finished check-in with its answers, and its alert where it was a miss: taken, done and noted."""
    _, due = bounds(week, ZoneInfo(member.timezone))
    delivered_at = due + timedelta(hours=9)
    deadline_at = due + timedelta(days=1, hours=17)
    answered_at = delivered_at + timedelta(minutes=12)
    check_in = CheckIn(
        workspace_id=member.workspace_id,
        member_id=member.id,
        team_id=team_id,
        week=week,
        state=CheckInState.UNANSWERED if numbers is None else CheckInState.ANSWERED,
        due_at=delivered_at,
        delivered_at=delivered_at,
        deadline_at=deadline_at,
        completed_at=None if numbers is None else answered_at,
    )
    session.add(check_in)
    session.flush()
    missed = numbers is None
    for position, (metric, goal) in enumerate(zip(metrics, goals, strict=True)):
        number = None if numbers is None else Decimal(numbers[position])
        said = None if number is None else verdict(number, Decimal(goal))
        missed = missed or said == "no"
        answer = Answer(
            workspace_id=member.workspace_id,
            check_in_id=check_in.id,
            metric_id=metric.id,
            position=position,
            name=metric.name,
            unit=metric.unit,
            question=metric.question,
            source=metric.source,
            target=Decimal(goal),
            number=number,
            logged=None if metric.source == Source.ASKED else number,
            verdict=said,
            answered_at=None if number is None else answered_at,
        )
        session.add(answer)
        session.flush()
        if number is not None and said is not None:
            session.add(
                AnswerEdit(
                    workspace_id=member.workspace_id,
                    answer_id=answer.id,
                    number=number,
                    logged=answer.logged,
                    verdict=said,
                    given_by=member.id,
                    given_at=answered_at,
                )
            )
    if missed:
        session.add(
            Alert(
                workspace_id=member.workspace_id,
                check_in_id=check_in.id,
                team_id=team_id,
                created_at=answered_at,
                taken_by=coach_id,
                taken_at=answered_at + timedelta(hours=2),
                done_by=coach_id,
                done_at=answered_at + timedelta(days=1),
                note="Talked it through. Two first meetings a day until Friday.",
            )
        )
    session.flush()


def _log_this_week(
    session: Session, workspace_id: int, rep: Rep, this_week: date, now: datetime
) -> None:
    zone = ZoneInfo(rep.timezone)
    caller = Caller(workspace_id, rep.slack_user_id)
    for line, day, minute in _lines(rep.slack_user_id):
        local = datetime.combine(this_week + timedelta(days=day), time(9, 5), tzinfo=zone)
        moment = local.astimezone(now.tzinfo) + timedelta(minutes=minute)
        logged = conversations.log_line(
            session,
            caller=caller,
            text=line,
            request_key=f"demo.{rep.slack_user_id}.{day}.{minute}",
            now=min(moment, now),
        )
        if not hasattr(logged, "conversation_id"):
            raise ValueError(f"the demo's “{line}” raises a question")
    session.flush()


def _lines(slack_user_id: str) -> Iterator[tuple[str, int, int]]:
    """(what was typed, day of the week, minutes after five past nine)"""
    for day, lines in enumerate(THIS_WEEK[slack_user_id]):
        for line, minute in zip(lines, itertools.count(0, 13), strict=False):
            yield line, day, minute


def logged_conversations(session: Session) -> int:
    """How many conversations the demo's reps have logged, for the words at the start."""
    return len(session.exec(select(Conversation.id)).all())
