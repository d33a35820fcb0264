"""Check-ins that are shown together look as they do one by one, with their streaks and what comes next."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session, select

from bot.domain.checkins import showing
from bot.domain.metrics import records
from bot.domain.tables import Absence, Answer, CheckIn, Member, Metric, Team
from bot.rules.weeks import WEEK
from tests.domain.planning import FRIDAY, Office

LAST = date(2026, 11, 16)

WEEKS = {
    "U1": ["met", "met", "away", "met", "skipped", "met", "missed", "met"],
    "U2": ["met", "missed", "met"],
    "U3": ["met", "met", None, "met"],
}
"""What became of each rep's weeks, the last one first; None for one that was never asked."""

STATES = {"met": "answered", "missed": "answered"}


def _asked(session: Session) -> dict[tuple[str, date], int]:
    """Weeks as in WEEKS, each with two questions; the check-ins' ids by rep and week."""
    metrics = session.exec(select(Metric).where(Metric.team_id == None)).all()[:2]  # noqa: E711
    ids = {}
    for who, results in WEEKS.items():
        member = session.exec(select(Member).where(Member.slack_user_id == who)).one()
        team = session.exec(select(Team)).first()
        assert team is not None
        for number, result in enumerate(results):
            if result is None:
                continue
            week = LAST - number * WEEK
            check_in = CheckIn(
                workspace_id=member.workspace_id,
                member_id=member.id,
                team_id=team.id,
                week=week,
                state=STATES.get(result, result),
                due_at=FRIDAY,
                delivered_at=FRIDAY,
                deadline_at=FRIDAY,
                skipped_because="not sent" if result == "skipped" else None,
            )
            session.add(check_in)
            session.flush()
            ids[who, week] = check_in.id
            for position, metric in enumerate(metrics):
                missed = result == "missed" and position == 1
                session.add(
                    Answer(
                        workspace_id=member.workspace_id,
                        check_in_id=check_in.id,
                        metric_id=metric.id,
                        position=position,
                        name=metric.name,
                        unit=metric.unit,
                        question=metric.question,
                        source=metric.source,
                        target=Decimal(2),
                        number=Decimal(1 if missed else 2),
                        verdict="no" if missed else "yes",
                    )
                )
        if who == "U2":  # away next week, so that the one after is asked about next
            session.add(
                Absence(
                    workspace_id=member.workspace_id,
                    member_id=member.id,
                    first_day=LAST + WEEK,
                    last_day=LAST + WEEK + timedelta(days=6),
                    kind="away",
                    request_key="next week",
                    recorded_by=member.id,
                    recorded_at=FRIDAY,
                )
            )
    session.flush()
    return ids


def test_a_streak_passes_over_weeks_that_were_not_asked_for_and_ends_at_a_miss(
    office: Office,
) -> None:
    ids = office.database.write_now(_asked)

    def streaks(session: Session) -> dict[tuple[str, date], int]:
        shown = showing.show_all(session, list(ids.values()), now=FRIDAY)
        return {key: shown[id].shown.streak for key, id in ids.items()}

    found = office.database.read_now(streaks)
    assert [found.get(("U1", LAST - n * WEEK)) for n in range(8)] == [4, 3, 0, 2, 0, 1, 0, 1]
    assert [found.get(("U2", LAST - n * WEEK)) for n in range(3)] == [1, 0, 1]
    assert [found.get(("U3", LAST - n * WEEK)) for n in range(4)] == [2, 1, None, 1]


def test_check_ins_that_are_shown_together_look_as_they_do_alone(office: Office) -> None:
    ids = office.database.write_now(_asked)

    def together_and_alone(session: Session) -> tuple[object, object]:
        together = showing.show_all(session, list(ids.values()), now=FRIDAY)
        alone = {id: showing.show(session, id, now=FRIDAY) for id in ids.values()}
        return {id: one.shown for id, one in together.items()}, alone

    together, alone = office.database.read_now(together_and_alone)
    assert together == alone


def test_who_is_away_is_told_of_the_week_after(office: Office) -> None:
    ids = office.database.write_now(_asked)

    def next_due(session: Session) -> dict[str, datetime | None]:
        shown = showing.show_all(session, list(ids.values()), now=FRIDAY)
        return {who: shown[ids[who, LAST]].shown.next_due_at for who in WEEKS}

    found = office.database.read_now(next_due)
    there, away = found["U1"], found["U2"]
    assert there is not None
    assert away is not None
    assert away - there == WEEK


def test_nobody_has_no_streak(office: Office) -> None:
    assert office.database.read_now(records.streaks, []) == {}
