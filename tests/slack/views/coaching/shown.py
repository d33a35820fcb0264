"""What was agreed and what the loop holds, with odd text wherever people type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.domain.shown.agreements import AdviceShown, AgreementMessage, AgreementShown, PassedOnShown
from bot.domain.shown.loop import Difference, Habit, Loop
from tests.slack.views.shown import METRIC, MONDAY, NOW, READER, UNIT
from tests.slack.views.sound import ODD

AGREED = AgreementShown(
    agreement_id=2**31 - 1,
    rep="U0PRIYA",
    coach="U0DANA",
    week=MONDAY,
    act="hold_accountable",
    note=ODD,
    step=ODD,
    due_on=date(2026, 12, 4),
    agreed_at=NOW,
    otherwise=ODD,
    asks_step=True,
    asks_talk=True,
)
MESSAGE = AgreementMessage(AGREED, READER, "U0DANA", is_open=True)
ADVICE = AdviceShown(1, "U0PRIYA", ODD, ODD, NOW, None, None, "U0DANA", READER)
PASSED_ON = PassedOnShown(
    1, "U0PRIYA", ODD, MONDAY, "U0DANA", NOW, None, None, is_needed=True, reader=READER
)
LOOP = Loop(
    steps=(AGREED,) * 4,
    last=AGREED,
    advice_id=1,
    advice_since=NOW,
    check_in_id=1,
    differences=(Difference(METRIC, UNIT, Decimal(20), Decimal("0.5")),) * 13,
    habits=(Habit(ODD, MONDAY, 20), Habit(entries=7)),
)
