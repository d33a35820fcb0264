"""A coach who is away names a substitute: the place is theirs for that time, and goes back afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.domain import access
from bot.domain.coaching import alerts
from bot.domain.handover import substitutes
from bot.domain.privacy import erasure
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.audit import Change
from bot.domain.shown.substitutes import SubstituteForm
from bot.domain.tables import AuditEntry, Member, Substitution
from bot.slack.views.alerts import TAKE
from tests.domain.handover.changes import HARBOR, NOW, miss, stand_in
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at

NEXT_DAY = date(2026, 11, 25)
OVER = at(28, 0)
"""Midnight after the last day, by the coaches' clock in London."""


def coaches(desk: Desk) -> tuple[str, str | None]:
    team = desk.team()
    names = {member.id: member.slack_user_id for member in desk.rows(Member)}
    return names[team.coach_id], names.get(team.second_coach_id or 0)


def beat(desk: Desk, now: datetime) -> None:
    desk.write(substitutes.change_due, now=now)
    desk.deliver(now)


def shown(desk: Desk, user: str, now: datetime = NOW) -> SubstituteForm:
    found: SubstituteForm = desk.database.read_now(
        substitutes.form, caller=desk.caller(user), now=now
    )
    return found


def sees(desk: Desk, user: str) -> bool:
    return desk.allowed(user, access.may_see_record, slack_user_id="U1")


def test_it_begins_and_ends_by_itself_on_its_days(desk: Desk) -> None:
    alert_id = miss(desk)
    stand_in(desk, NOW, first=NEXT_DAY)
    assert coaches(desk) == ("UC", "UD")
    assert not desk.told("UN")
    (known,) = shown(desk, "UC").known
    assert (known.substitute, known.teams, known.began) == ("UN", ("Harbor",), False)
    beat(desk, at(24, 23))
    assert coaches(desk) == ("UC", "UD")
    beat(desk, at(25, 0))
    assert coaches(desk) == ("UN", "UD")
    assert (sees(desk, "UN"), sees(desk, "UD"), sees(desk, "UC")) == (True, True, False)
    assert "stands in for <@UC> as your coach" in desk.told("U1")[0]
    assert "Open there: 2 alerts" in desk.told("UN")[0]
    desk.write(alerts.take, caller=desk.caller("UN"), alert_id=alert_id, now=at(25, 9))
    beat(desk, OVER - timedelta(seconds=1))
    assert coaches(desk) == ("UN", "UD")
    beat(desk, OVER)
    assert coaches(desk) == ("UC", "UD")
    assert (sees(desk, "UN"), sees(desk, "UC")) == (False, True)
    assert HARBOR in desk.with_button(TAKE)  # what the substitute took is free again
    assert "<@UC> coaches you again." in desk.told("U1")[-1]
    noted = [(e.what, e.by_id is None) for e in desk.rows(AuditEntry) if "subst" in e.what]
    assert noted == [(Change.SUBSTITUTE, False), (Change.SUBSTITUTE_OVER, True)]
    beat(desk, OVER + timedelta(days=30))
    assert coaches(desk) == ("UC", "UD")


def test_the_coach_may_be_back_earlier_and_name_somebody_else(desk: Desk) -> None:
    miss(desk)
    stand_in(desk, NOW)
    stand_in(desk, NOW)  # sent again, it changes nothing
    assert len(desk.rows(Substitution)) == 1
    assert shown(desk, "UC").teams == ()
    stand_in(desk, NOW, last=date(2026, 12, 4))
    assert [row.next_at is None for row in desk.rows(Substitution)] == [True, False]
    assert coaches(desk) == ("UN", "UD")
    saved = desk.write(substitutes.be_back, caller=desk.caller("UC"), now=NOW)
    assert (saved.stands_in, saved.teams) == (None, ("Harbor",))
    assert coaches(desk) == ("UC", "UD")
    assert shown(desk, "UC").known == ()
    told = len(desk.rows(AuditEntry))
    desk.write(substitutes.be_back, caller=desk.caller("UC"), now=NOW)
    assert len(desk.rows(AuditEntry)) == told


@pytest.mark.parametrize(
    ("whom", "who", "meanwhile"),
    [
        ("UC", "UN", ("UN", "UD")),
        ("UD", "UN", ("UC", "UN")),
        ("UC", "UD", ("UD", None)),
        ("UD", "UC", ("UC", None)),
    ],
)
def test_either_place_is_filled_and_given_back(
    desk: Desk, whom: str, who: str, meanwhile: tuple[str, str | None]
) -> None:
    stand_in(desk, NOW, whom=whom, who=who)
    assert coaches(desk) == meanwhile
    beat(desk, OVER)
    assert coaches(desk) == ("UC", "UD")


def test_a_substitute_who_goes_away_hands_the_place_on_and_all_goes_back(desk: Desk) -> None:
    stand_in(desk, NOW)
    stand_in(desk, NOW, whom="UN", who="UA", last=date(2026, 12, 11))
    assert coaches(desk) == ("UA", "UD")
    beat(desk, OVER)
    assert coaches(desk) == ("UC", "UD")
    assert desk.team("Quay").coach_id == desk.member("UA").id
    beat(desk, at(30, 0) + timedelta(days=30))
    assert desk.team("Quay").coach_id == desk.member("UN").id


def test_another_coach_chosen_meanwhile_stays(desk: Desk) -> None:
    stand_in(desk, NOW)
    desk.change_team(NOW, coach="UA")
    beat(desk, NOW)
    assert coaches(desk) == ("UA", "UD")
    assert shown(desk, "UD").known == ()
    assert all(row.next_at is None for row in desk.rows(Substitution))


def test_a_substitute_who_may_not_coach_any_more_gives_the_place_back(desk: Desk) -> None:
    stand_in(desk, NOW)
    desk.change_team(NOW, second_coach="UA")  # which is about the other place
    desk.profile("UN", NOW, is_guest=True)
    beat(desk, NOW)
    assert coaches(desk) == ("UC", "UA")
    stand_in(desk, NOW, who="UD", first=NEXT_DAY)
    desk.profile("UD", NOW, deleted=True)
    beat(desk, at(25, 0))
    assert coaches(desk) == ("UC", "UA")


def test_what_can_not_be_is_said_under_its_input(desk: Desk) -> None:
    desk.profile("UD", NOW, is_guest=True)
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"who": "U?"}, "substitute", "Choose who stands in for you."),
        ({"who": "UC"}, "substitute", "you can’t stand in for yourself"),
        ({"who": "UD"}, "substitute", "can’t see the numbers of reps"),
        ({"first": date(2026, 11, 23)}, "first_day", "That day is over"),
        ({"last": date(2026, 11, 23)}, "last_day", "can’t be before the first"),
        ({"last": date(2028, 1, 1)}, "last_day", "a year at most"),
    ]
    for given, field, sentence in cases:
        with pytest.raises(FieldProblems) as refused:
            stand_in(desk, NOW, **given)
        assert sentence in refused.value.sentences[field]
    with pytest.raises(Refusal, match="Only coaches name a substitute"):
        stand_in(desk, NOW, whom="U1")
    with pytest.raises(Refusal, match="Only coaches name a substitute"):
        shown(desk, "U1")
    assert desk.rows(Substitution) == []


def test_a_coach_whose_place_is_kept_is_not_deleted(desk: Desk) -> None:
    stand_in(desk, NOW)
    with pytest.raises(Refusal, match="coaches Harbor"):
        desk.write(erasure.erase, slack_user_id="UC", now=NOW)
