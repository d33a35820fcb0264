"""What the record says of a rep's weeks: results, trends and streaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from bot.domain.metrics import records
from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.reader import Reader
from bot.domain.tables import Answer, CheckIn, Member, Metric, Team
from bot.rules.weeks import WEEK
from tests.domain.planning import Office

LAST = date(2026, 11, 16)


@dataclass(frozen=True)
class Week:
    """What was asked about a week: its state, and the verdict of each answer."""

    state: str
    verdicts: tuple[str | None, ...] = ()


MET = Week("answered", ("yes", "yes"))
MISSED = Week("answered", ("yes", "no"))


def record(office: Office, *weeks: Week | None, user: str = "U1", last: date = LAST) -> None:
    """The rep's weeks, the oldest first; None for one that was never asked about."""

    def make(session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == user)).one()
        metrics = session.exec(select(Metric).order_by(Metric.position)).all()
        for back, week in enumerate(reversed(weeks)):
            if week is None:
                continue
            check_in = CheckIn(
                workspace_id=member.workspace_id,
                member_id=member.id,
                team_id=1,
                week=last - back * WEEK,
                state=week.state,
                due_at=office.now,
            )
            session.add(check_in)
            session.flush()
            for position, verdict in reversed(list(enumerate(week.verdicts))):
                metric = metrics[position]
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
                        target=Decimal(20),
                        verdict=verdict,
                        number=Decimal(back),
                    )
                )

    office.database.write_now(make)


def member_id(session: Session, user: str = "U1") -> int:
    return session.exec(select(Member).where(Member.slack_user_id == user)).one().id


def streak(office: Office, last: date = LAST) -> int:
    return office.database.read_now(
        lambda session: records.streak(session, member_id=member_id(session), last=last)
    )


@pytest.mark.parametrize(
    ("week", "result"),
    [
        (MET, "met"),
        (MISSED, "missed"),
        (Week("answered", ("yes", None)), "missed"),
        (Week("unanswered", (None,)), "silent"),
        (Week("away"), "away"),
        (Week("skipped"), "skipped"),
        (Week("open", (None,)), "open"),
        (Week("scheduled", (None,)), "open"),
    ],
)
def test_a_week_has_one_word(office: Office, week: Week, result: str) -> None:
    record(office, week)

    def read(session: Session) -> str:
        check_in = session.exec(select(CheckIn)).one()
        return records.result_of(check_in, session.exec(select(Answer)).all())

    assert office.database.read_now(read) == result


def test_a_trend_is_oldest_first_with_the_numbers_in_the_order_they_were_asked(
    office: Office,
) -> None:
    record(office, MISSED, None, MET)
    record(office, MISSED, user="U2")
    record(office, MISSED, last=LAST + WEEK)  # a later week is no part of it

    def read(session: Session) -> tuple[TrendWeek, ...]:
        return records.trend(session, member_id=member_id(session), last=LAST, weeks=3)

    oldest, gap, last = office.database.read_now(read)
    assert (oldest.week, gap.week, last.week) == (LAST - 2 * WEEK, LAST - WEEK, LAST)
    assert (oldest.result, gap.result, last.result) == ("missed", "none", "met")
    assert gap.numbers == ()
    assert oldest.numbers == (
        ("Conversations", Decimal(2), Decimal(20)),
        ("Base moves", Decimal(2), Decimal(20)),
    )


def test_a_streak_counts_met_weeks_and_passes_over_those_never_asked(office: Office) -> None:
    record(office, MISSED, MET, Week("away"), MET, Week("skipped"), MET)
    assert streak(office) == 3
    assert streak(office, LAST - WEEK) == 2
    assert streak(office, LAST - 5 * WEEK) == 0


def test_silence_ends_a_streak_and_so_does_an_answer_left_out(office: Office) -> None:
    record(office, MET, Week("unanswered", (None,)), MET)
    assert streak(office) == 1
    record(office, MET, Week("answered", ("yes", None)), last=LAST + 2 * WEEK)
    assert streak(office, LAST + 2 * WEEK) == 0


def test_a_streak_is_a_year_at_the_most(office: Office) -> None:
    record(office, *[MET] * 54)
    assert streak(office) == 53


def test_streaks_of_many_are_each_their_own(office: Office) -> None:
    record(office, MET, MET)
    record(office, MISSED, MET, user="U2")

    def read(session: Session) -> list[int]:
        one, two = member_id(session), member_id(session, "U2")
        asked = [(one, LAST), (two, LAST), (two, LAST - WEEK)]
        found = records.streaks(session, asked)
        return [found[key] for key in asked]

    assert office.database.read_now(read) == [2, 1, 0]
    assert office.database.read_now(records.streaks, []) == {}


def test_a_reader_has_the_currency_of_the_team_it_is_about(office: Office) -> None:
    def read(session: Session) -> tuple[Reader, Reader]:
        member = session.get_one(Member, member_id(session))
        member.locale = "de_DE"
        team = session.exec(select(Team).where(Team.name == "Harbor")).one()
        team.currency = "EUR"
        return records.reader_of(member, team), records.reader_of(member, None)

    about, nobody = office.database.write_now(read)
    assert about == Reader("Europe/London", "de_DE", "EUR")
    assert nobody == Reader("Europe/London", "de_DE", "USD")
