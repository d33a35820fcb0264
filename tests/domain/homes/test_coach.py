"""What a coach's Home shows of the alerts that wait, and of each rep's last week."""

from __future__ import annotations

from decimal import Decimal

from bot.domain.access import Caller
from bot.domain.coaching import alerts
from bot.domain.homes import homes
from bot.domain.shown.agreements import DoneTyped
from bot.domain.shown.home import HomeShown
from bot.domain.tables import Alert, Conversation, Member
from tests.domain.mondays import DEADLINE, Mondays, at


def home(mondays: Mondays, user: str = "UC", hour: int = 18) -> HomeShown:
    member = mondays.rows(Member, slack_user_id=user)[0]
    return mondays.database.read_now(homes.show, member_id=member.id, now=at(26, hour))


def numbers(asked: object) -> list[tuple[str, object, object]]:
    return [(one.name, one.number, one.logged) for one in asked]  # type: ignore[attr-defined]


def test_a_silent_week_waits_with_what_the_log_knows_of_it(mondays: Mondays) -> None:
    mondays.log("U1", moves=(1,))
    mondays.ask()
    mondays.press("U1", 0, "no", at(23, 10))
    mondays.beat(DEADLINE)
    found = [alert for alert in home(mondays).alerts if alert.rep == "U1"]
    assert [(one.result, one.days, one.taken_by) for one in found] == [("silent", 2, None)]
    assert numbers(found[0].numbers) == [
        ("Conversations", Decimal(1), Decimal(1)),
        ("Base moves", None, Decimal(1)),
        ("Sales", None, Decimal(0)),
    ]
    mondays.change(mondays.rows(Conversation)[0], moves=4)  # put right before the rep answers
    (rep,) = (
        rep for team in home(mondays).coached for rep in team.reps if rep.slack_user_id == "U1"
    )
    assert numbers(rep.last_numbers)[1] == ("Base moves", None, Decimal(4))
    assert rep.last_week == mondays.check_in("U1").week


def test_an_alert_stands_there_until_it_is_done_however_old_it_is(mondays: Mondays) -> None:
    mondays.ask()
    mondays.beat(DEADLINE)
    alert = mondays.rows(Alert)[0]
    for one in mondays.rows(Alert):
        mondays.change(one, created_at=at(1, 9))
    assert {one.days for one in home(mondays).alerts} == {25}
    caller = Caller(mondays.workspace_id, "UC")
    mondays.write(alerts.take, caller=caller, alert_id=alert.id, now=at(26, 9))
    assert {one.alert_id: one.taken_by for one in home(mondays).alerts}[alert.id] == "UC"
    mondays.write(
        alerts.finish,
        caller=caller,
        alert_id=alert.id,
        form=DoneTyped(act="coach", note="Called.", step="", due_on=""),
        now=at(26, 9),
    )
    assert alert.id not in {one.alert_id for one in home(mondays).alerts}
    assert home(mondays, "U1").alerts == ()
