"""What a brief says: of whom, of which numbers, of which act, read with a constant number of statements."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.coaching import alerts, briefs
from bot.domain.coaching.brief_showing import show_all
from bot.domain.tables import Brief
from bot.rules.weeks import WEEK as ONE_WEEK
from tests.counting import counted
from tests.domain.coaching.brief_story import all_answer, grow, rows_of, standing
from tests.domain.coaching.story import alert_of, finish, past_week
from tests.domain.handover.desk import Desk
from tests.domain.mondays import WEEK, at

NOON = at(23, 12)
LATER = at(23, 12, 6)


def test_who_is_away_stands_in_it_without_numbers(desk: Desk) -> None:
    desk.away("U2", WEEK, WEEK + timedelta(days=6))
    desk.ask()
    for question, pressed in enumerate(("no", "no", "no")):
        desk.press("U1", question, pressed, NOON)
    desk.reminded(LATER)
    assert rows_of(standing(desk)[0])[2] == ["Sam", "Away", "–", "–", "–"]


def test_the_act_that_a_coach_chose_and_who_has_it(desk: Desk) -> None:
    all_answer(desk)
    desk.reminded(LATER)
    assert "1 alert not taken yet, waiting since Monday 12:00" in standing(desk)[0].text
    alert = alert_of(desk)
    desk.write(
        alerts.choose, caller=desk.caller("UD"), alert_id=alert.id, act="mentor", now=at(23, 15)
    )
    desk.deliver(at(23, 15))
    (message,) = standing(desk)
    assert ":dart: *Mentor* (chosen by a coach) _<@UD> has taken it._" in message.text
    assert "1 alert taken, 3 hours after it came." in message.text
    finish(desk, alert, now=at(23, 16))
    (message,) = standing(desk)
    assert "You have spoken with everybody who missed a goal." in message.text
    assert rows_of(message)[1][-1] == "Three plans, by Friday 27 November"


def test_numbers_that_the_log_does_not_carry_stand_beside_the_answer(desk: Desk) -> None:
    all_answer(desk, missing=())
    for answer in desk.answers("U1"):
        desk.change(answer, number=answer.target * 2)
    desk.reminded(LATER)
    rows = rows_of(standing(desk)[0])
    assert rows[1][:4] == ["Priya", "Met", "4 of 2 (log: 3)", "6 of 3 (log: 4)"]
    assert rows[2][2] == "3 of 2"


def test_an_alarm_of_a_week_without_an_alert_stands_in_the_brief(desk: Desk) -> None:
    all_answer(desk, missing=())
    desk.log("U1", moves=(1, 1), week=WEEK - ONE_WEEK)
    desk.write(past_week, desk.check_in("U1"), desk.answers("U1"), 1, 9, {})
    desk.reminded(LATER)
    (message,) = standing(desk)
    assert (
        "<@U1> :chart_with_downwards_trend: *Two weeks without a first appointment.*"
        in message.text
    )


def test_the_statements_do_not_grow_with_the_team(desk: Desk) -> None:
    """A team of two and one of forty, in which many missed: the tick, and the reading."""
    large = ("U3", *grow(desk, 39, team="Quay"))
    all_answer(desk, missing=("U1", *large[::2]), users=("U1", "U2", *large))
    found = []
    for team in ("Harbor", "Quay"):
        team_id = desk.team(team).id
        with counted(desk.database) as looking:
            desk.write(briefs.begin_due, now=LATER, only=[team_id])
        (brief,) = desk.rows(Brief, team_id=team_id)
        with counted(desk.database) as reading:
            shown = desk.database.read_now(show_all, [brief.id], now=LATER)[brief.id].shown
        found.append((len(looking), len(reading)))
        assert len(shown.reps) == {"Harbor": 2, "Quay": 40}[team]
    assert found[0] == found[1]
    assert found[0][1] <= 19
