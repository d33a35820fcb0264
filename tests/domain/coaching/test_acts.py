"""What a suggested act depends on is read in sets, from a bounded history; an act that was chosen stays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from bot.domain.coaching import alerts, showing
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.shown.alerts import AlertShown
from bot.domain.tables import Metric, Plan, Target
from bot.rules.weeks import WEEK as ONE_WEEK
from tests.domain.coaching.story import TAKEN, alert_of, finish, miss
from tests.domain.handover.desk import Desk
from tests.domain.mondays import DEADLINE, WEEK, at


def shown(desk: Desk, user: str = "U1") -> AlertShown:
    return desk.database.read_now(showing.show, alert_of(desk, user).id)


def test_the_reason_is_made_of_the_reps_own_log(desk: Desk) -> None:
    for back in range(5, 9):
        desk.log("U1", moves=(1, 1, 1, 1), week=WEEK - back * ONE_WEEK)
    alert = shown_after_a_miss(desk)
    assert alert.suggested_act == "coach"
    assert alert.suggested_because == (
        "base moves 2 of 3; conversations held at 2 of 2; "
        "too few deals are logged to say at which base they stop"
    )


def shown_after_a_miss(desk: Desk) -> AlertShown:
    miss(desk)
    return shown(desk)


def test_who_did_not_answer_is_held_accountable(desk: Desk) -> None:
    desk.ask()
    desk.beat(DEADLINE)
    assert shown(desk, "U2").suggested_act == "hold_accountable"
    assert shown(desk, "U2").suggested_because == (
        "no answer by the deadline, for the first time in 1 week"
    )


@pytest.mark.parametrize(("ends_on", "act"), [(date(2027, 1, 1), "mentor"), (WEEK, "mentor")])
def test_a_signed_plan_that_the_rate_does_not_carry(desk: Desk, ends_on: date, act: str) -> None:
    def sign(session: Session) -> None:
        session.add(
            Plan(
                workspace_id=desk.workspace_id,
                member_id=desk.member("U1").id,
                team_id=desk.team().id,
                version=1,
                state="approved",
                currency="USD",
                period="dates",
                begins_on=WEEK,
                ends_on=ends_on,
                goal=Decimal(1),
                closed=Decimal(0),
                from_week=WEEK,
                created_at=TAKEN,
            )
        )

    desk.write(sign)
    desk.log("U1", moves=(0,) * 40, week=WEEK - ONE_WEEK)
    desk.log("U1", moves=(1,))
    desk.ask()
    for question in range(3):
        desk.press("U1", question, "no", at(23, 12))
    desk.change(desk.check_in("U1"), cause="no_time")
    alert = shown(desk)
    assert alert.suggested_act == act
    assert alert.suggested_because is not None
    assert alert.suggested_because.startswith("the plan asks for 3 base moves from 2 conversations")


def test_what_the_coach_chose_stays_whatever_changes_later(desk: Desk) -> None:
    alert = miss(desk)
    given = {"caller": desk.caller("UC"), "alert_id": alert.id}
    with pytest.raises(Refusal, match="Choose one of the four acts"):
        desk.write(alerts.choose, **given, act="sing", now=TAKEN)
    desk.write(alerts.choose, **given, act="motivate", now=TAKEN)
    chosen = alert_of(desk)
    assert (chosen.act, chosen.suggested_act) == ("motivate", "coach")
    assert (chosen.taken_by, chosen.taken_at) == (desk.member("UC").id, TAKEN)
    desk.change(desk.check_in("U1"), cause="no_time")
    desk.write(alerts.take, **given, now=at(24, 11))
    assert alert_of(desk) == chosen
    found = shown(desk)
    assert (found.act, found.suggested_act) == ("motivate", "coach")
    with pytest.raises(Refusal, match="Dana took this first"):
        desk.write(
            alerts.choose, caller=desk.caller("UD"), alert_id=alert.id, act="coach", now=at(24, 12)
        )
    desk.write(alerts.choose, **given, act="mentor", now=at(24, 12))
    assert (alert_of(desk).act, alert_of(desk).suggested_act) == ("mentor", "coach")
    finish(desk, alert, act="hold_accountable")
    assert (alert_of(desk).act, alert_of(desk).suggested_act) == ("hold_accountable", "coach")
    (message,) = desk.standing(outbox.ALERT, "CHarbor")
    assert "*Hold accountable* (suggested was: coach, base moves 2 of 3" in message.text


def test_who_takes_an_alert_takes_the_suggested_act(desk: Desk) -> None:
    alert = miss(desk)
    desk.write(alerts.take, caller=desk.caller("UD"), alert_id=alert.id, now=TAKEN)
    assert (alert_of(desk).act, alert_of(desk).suggested_act) == ("coach", "coach")
    desk.deliver(TAKEN)
    (message,) = desk.standing(outbox.ALERT, "CHarbor")
    assert "*Coach*: base moves 2 of 3" in message.text


def test_a_week_that_was_met_after_all_has_no_act(desk: Desk) -> None:
    miss(desk)
    for answer in desk.answers("U1"):
        desk.change(answer, verdict="yes")
    assert shown(desk).suggested_act is None
    with pytest.raises(Refusal, match="no miss any more"):
        desk.write(alerts.how, caller=desk.caller("UC"), alert_id=alert_of(desk).id)


def test_a_missed_goal_of_the_teams_own_is_named_with_its_number(desk: Desk) -> None:
    desk.log("U1", moves=(3, 0), sales=1_000)

    def add_referrals(session: Session) -> None:
        metric = Metric(
            workspace_id=desk.workspace_id,
            team_id=desk.team().id,
            key="referrals",
            name="Referrals",
            unit="count",
            question="How many referrals?",
            source="hand",
            position=9,
        )
        session.add(metric)
        session.flush()
        session.add(
            Target(
                workspace_id=desk.workspace_id,
                member_id=desk.member("U1").id,
                metric_id=metric.id,
                from_week=WEEK,
                amount=Decimal(4),
                set_at=TAKEN,
            )
        )

    desk.write(add_referrals)
    desk.ask()
    for question, pressed in enumerate(("yes", "yes", "yes", "no")):
        desk.press("U1", question, pressed, at(23, 12))
    assert shown(desk).suggested_because is not None
    assert "Referrals 0 of 4" in shown(desk).suggested_because
