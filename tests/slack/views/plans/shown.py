"""A plan, the steps of its wizard and its overview, and how the tests read their views."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bot.domain.shown.plans import (
    Figure,
    GoalShown,
    NumbersStep,
    PlanOverview,
    PlanShown,
)
from bot.domain.shown.reader import Reader
from bot.rules import plan as rules
from bot.rules import ratios
from bot.rules.periods import Span
from bot.rules.ratios import Provenance, Ratio, Step
from bot.slack.views.blocks import Message, View

READER = Reader(timezone="Europe/London", locale="en_US", currency="USD")
TODAY = date(2026, 2, 6)
SPAN = Span(date(2026, 1, 1), date(2026, 12, 31))
MARCH = date(2026, 3, 3)
MOMENT = datetime(2026, 2, 6, 15, 30, tzinfo=UTC)
NUMBERS = rules.PlanInput(
    goal=Decimal(600_000),
    closed=Decimal(0),
    average_sale=Decimal(20_000),
    ratios=ratios.ASSUMED,
    working_weeks=Decimal(46),
)
PLAN = PlanShown(
    plan_id=7,
    version=3,
    state="proposed",
    origin="rep",
    rep="U0OWNREP",
    rep_name="Priya Nair",
    coach="U0OWNCOACH",
    coach_name="Dana Whitfield",
    team_name="Harbor Sales",
    reader=READER,
    span=SPAN,
    goal=Decimal(600_000),
    closed=Figure(Decimal(0), Provenance.ASSUMED),
    average_sale=Figure(Decimal(20_000), Provenance.OVERRULED),
    ratios=tuple(Ratio(step, ratios.ASSUMED[step], Provenance.ASSUMED) for step in Step),
    working_weeks=Decimal(46),
    weeks_counted=Decimal(46),
    plan=rules.compute(NUMBERS),
    goals=(),
    conflicts=(),
    findings=(),
    targets_now={"conversations": Decimal(20), "base_moves": Decimal(9), "sales": Decimal(10_000)},
    from_week=None,
    next_week=date(2026, 2, 9),
    based_on=None,
    proposed_at=MOMENT,
    rep_agreed_at=MOMENT,
    coach_agreed_at=None,
    coach_agreed_by=None,
    decided_by=None,
    decided_at=None,
    reason=None,
    replaced_by=None,
    ended=False,
    coach_channel="C0OWN",
)
GOAL = GoalShown(
    goal_id=5,
    key="k5",
    kind="personal",
    words="Run a half marathon",
    amount=Decimal(21),
    unit="km",
    metric=None,
    commission=None,
    hours=Decimal("3.5"),
    begins_on=None,
    ends_on=date(2026, 10, 4),
)
NUMBERS_STEP = NumbersStep(
    plan_id=7,
    span=SPAN,
    first_week=date(2026, 2, 9),
    goal=Decimal(600_000),
    closed=PLAN.closed,
    average_sale=PLAN.average_sale,
    ratios=PLAN.ratios,
    working_weeks=Decimal(46),
    weeks_counted=Decimal("44.2"),
    days_away=9,
    sales_cycle_days=60,
    reader=READER,
)
REP, COACH = "<@U0OWNREP>", "<@U0OWNCOACH>"
MONDAY = date(2026, 2, 9)
DECIDE = "approve approve_later send_back suggest see"
OFFERED = {"state": "offered", "origin": "sights"}
BY_COACH = {"coach_agreed_by": "U0OWNCOACH", "coach_agreed_at": MOMENT}
UNAGREED: dict[str, Any] = {"rep_agreed_at": None}
SIGNED_BY = {"state": "approved", "decided_by": "U0OWNCOACH", "from_week": MONDAY}
NOT_NOW = {"state": "declined", "origin": "sights", "decided_by": "U0OWNREP"}
SENT_BACK = {"state": "sent_back", "decided_by": "U0OWNCOACH", "reason": "Too <!here>"}


def measured(hits: int, trials: int, since: date | None = MARCH) -> Ratio:
    return ratios.ratio(Step.SECOND, hits=hits, trials=trials, since=since)


def own(**changes: Any) -> PlanOverview:
    found = PlanOverview(
        rep="U0OWNREP",
        rep_name="Priya Nair",
        own=True,
        in_force=None,
        waiting=None,
        draft_id=None,
        sent_back=None,
        versions=0,
        targets_now=PLAN.targets_now,
        reader=READER,
    )
    return replace(found, **changes)


SIGNED = replace(PLAN, state="approved", from_week=date(2026, 2, 2), version=2)


def inputs(view: View) -> list[dict[str, Any]]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def filled_in(view: View) -> View:
    """The view as it is submitted when every initial value stays."""
    values = {}
    for block in inputs(view):
        element = block["element"]
        values[block["block_id"]] = {
            element["action_id"]: {
                "type": element["type"],
                "value": element.get("initial_value"),
                "selected_option": element.get("initial_option"),
                "selected_date": element.get("initial_date"),
                "selected_user": element.get("initial_user"),
            }
        }
    return {**view, "state": {"values": values}}


def buttons_of(surface: Message | View) -> set[str]:
    return {
        element["action_id"]
        for block in surface["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    }
