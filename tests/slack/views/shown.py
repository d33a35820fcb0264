"""A rep's week as its surfaces show it, with odd text wherever people type: what the tests of views start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.shown.absences import AbsenceShown, MarkedLate
from bot.domain.shown.alerts import AlertShown, TrendWeek
from bot.domain.shown.checkins import CheckInShown, QuestionShown
from bot.domain.shown.home import CoachedRep, CoachHome, GoalShown, HomeShown, PlanInShort, RepHome
from bot.domain.shown.reader import Reader
from bot.rules.absences import WorkWeek
from tests.slack.views.sound import ODD

READER = Reader("Europe/London", "en_GB", "GBP")
MONDAY = date(2026, 11, 30)
NOW = datetime(2026, 12, 3, 10, 12, tzinfo=UTC)
TWO_AWAY = WorkWeek(5, off=2)
METRIC = "<!channel> & *b* <http://x|y>"
"""As long as the name of a metric may be, nearly; its unit is a word of people's as well."""
UNIT = "<!here> & co"
MOST_METRICS = 13
"""Three of every team and ten of its own."""

ABSENCE = AbsenceShown(
    2**31 - 1, date(2026, 12, 3), date(2026, 12, 10), "vacation", "U0DANA", NOW, False
)
QUESTION = QuestionShown(
    answer_id=1,
    name="Conversations",
    unit="count",
    question="Did you meet your conversation goal?",
    target=Decimal(12),
    full_target=Decimal(20),
    logged=Decimal(3),
    number=None,
    verdict=None,
    note=None,
    edited=False,
    late=False,
)
ODD_QUESTION = replace(
    QUESTION,
    answer_id=2,
    name=METRIC,
    unit=UNIT,
    question=ODD,
    target=Decimal("3.5"),
    full_target=Decimal("7.5"),
    logged=Decimal("1.5"),
)
MISSED = replace(
    ODD_QUESTION,
    answer_id=3,
    number=Decimal("2.5"),
    verdict="no",
    note=ODD,
    edited=True,
    late=True,
)
MET = replace(MISSED, answer_id=4, number=Decimal("9.5"), verdict="yes")
MONEY = replace(MISSED, answer_id=5, unit="money")
COUNT = replace(MISSED, answer_id=6, unit="count", number=Decimal(0), logged=None)
CHECK_IN = CheckInShown(
    check_in_id=1,
    state="open",
    week=MONDAY,
    name=ODD,
    reader=READER,
    questions=(QUESTION, ODD_QUESTION),
    deadline_at=NOW,
    completed_at=None,
    late=False,
    closed=False,
    closed_for_good=False,
    coach="U0DANA",
    second_coach="U0MORGAN",
    coach_channel="C0COACH",
    next_due_at=NOW,
    streak=0,
    work=TWO_AWAY,
)
NUMBERS = tuple((METRIC, Decimal("1.5"), Decimal(3)) for _ in range(1))
ALERT = AlertShown(
    alert_id=1,
    rep="U0PRIYA",
    rep_name=ODD,
    week=MONDAY,
    state="answered",
    questions=(MISSED, MET, MONEY, COUNT, ODD_QUESTION),
    late=True,
    edited=False,
    all_met=False,
    trend=tuple(
        TrendWeek(MONDAY - n * timedelta(weeks=1), "missed", NUMBERS) for n in range(11, -1, -1)
    ),
    coach="U0DANA",
    reader=READER,
    deadline_at=NOW,
    taken_by=None,
    taken_at=None,
    done_by=None,
    done_at=None,
    note=None,
    problem=None,
    coach_channel="C0COACH",
    team_name=ODD,
    work=TWO_AWAY,
    marked_late=MarkedLate("U0PRIYA", NOW),
)
GOAL = GoalShown(1, METRIC, UNIT, "hand", Decimal("1.5"), Decimal("3.5"), Decimal("7.5"))
COACHED = CoachedRep(
    slack_user_id="U0SAM",
    name=ODD,
    goals=(GOAL, replace(GOAL, logged=None, full_target=None), replace(GOAL, target=Decimal(0))),
    last_result="away",
    not_asked_because=None,
    away_until=MONDAY,
    marked_late=MarkedLate("U0SAM", NOW),
    alert=None,
    plan=PlanInShort("none"),
)
TEAM = CoachHome(1, ODD, "C0COACH", None, "USD", (COACHED,) * 12)
REP = RepHome(
    team=ODD,
    coach="U0DANA",
    second_coach="U0MORGAN",
    coach_channel=None,
    week=MONDAY,
    goals=(GOAL, replace(GOAL, logged=None), replace(GOAL, target=Decimal(0), full_target=None)),
    work=TWO_AWAY,
    away_until=date(2026, 12, 10),
    planned=(ABSENCE,) * 10,
    by_hand=True,
    open_check_in=1,
    open_week=MONDAY,
    deadline_at=None,
    comes_at=NOW,
    next_due_at=NOW,
    history=(TrendWeek(MONDAY, "away", ()),) * 12,
    streak=0,
    plan=PlanInShort("none"),
    coach_name=ODD,
)
HOME = HomeShown(ODD, READER, REP, (TEAM,) * 3, None)


def rep_home(**changes: Any) -> HomeShown:
    """The Home of a rep who coaches nobody."""
    return replace(HOME, rep=replace(REP, **changes), coached=())
