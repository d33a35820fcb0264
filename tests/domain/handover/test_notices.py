"""The lines to people about a change of hands."""

from __future__ import annotations

import pytest

from bot.domain.handover import notices
from bot.domain.outbox import outbox
from bot.domain.people import teams
from bot.domain.shown.setup import TeamForm
from bot.domain.tables import Notice
from bot.slack.views.setup.menu import OPEN_ENROL
from tests.domain.handover.desk import Desk
from tests.domain.mondays import DEADLINE, at

NOW = at(24, 19)


def test_everybody_reads_what_the_change_means_for_them(desk: Desk) -> None:
    desk.ask()
    desk.beat(DEADLINE)
    desk.deliver(DEADLINE)
    desk.change_team(NOW, coach="UN", channel="CNew")
    desk.deliver(NOW)
    said = {user: " ".join(desk.told(user)) for user in ("U1", "UC", "UN", "UD")}
    assert "<@UN> coaches you now, and sees your numbers." in said["U1"]
    assert "You no longer see its numbers." in said["UC"]
    assert "You coach Harbor now." in said["UN"]
    assert "<@UN> coaches Harbor now, in place of <@UC>." in said["UD"]
    assert "2 alerts, in #coaches" in said["UN"]
    assert [said[user].count("Open there") for user in ("UN", "UD", "UC", "U1")] == [1, 1, 0, 0]
    assert all("<@UA> changed this" in line for line in said.values())


def test_a_coach_whose_work_stays_where_it_is_is_not_told_where(desk: Desk) -> None:
    desk.ask()
    desk.beat(DEADLINE)
    desk.deliver(DEADLINE)
    desk.change_team(NOW, second_coach="UN")
    desk.deliver(NOW)
    said = {user: " ".join(desk.told(user)) for user in ("UC", "UN")}
    assert "<@UN> is second coach of Harbor now" in said["UC"]
    assert "Open there" not in said["UC"]
    assert said["UN"].count("Open there: 2 alerts") == 1


def test_who_made_the_change_is_not_told_of_it(desk: Desk) -> None:
    desk.change(desk.member("UC"), is_admin=True)
    desk.change_team(NOW, by="UC", coach="UN")
    desk.deliver(NOW)
    assert desk.told("UC") == []
    assert len(desk.rows(Notice)) == len(desk.standing(outbox.NOTICE)) == 4


def test_whoever_becomes_a_coach_is_welcomed_once(desk: Desk) -> None:
    desk.change_team(NOW, coach="UA")  # by UA: who makes themselves a coach is welcomed, too
    desk.deliver(NOW)
    (welcome,) = desk.standing(outbox.NOTICE, "DUA")
    assert OPEN_ENROL in welcome.buttons
    desk.change_team(NOW, coach="UC", second_coach="UA")
    desk.deliver(NOW)
    _, again = desk.standing(outbox.NOTICE, "DUA")
    assert "You are second coach of Harbor now." in again.text
    assert not again.buttons


@pytest.mark.parametrize("welcomes", [True, False])
def test_the_coaches_of_a_new_team_are_welcomed(desk: Desk, welcomes: bool) -> None:
    before = len(desk.rows(Notice))
    form = TeamForm(name="Pier", coach="UC", second_coach="UD")
    given = {"channel": None, "public_confirmed": False, "now": NOW, "welcomes": welcomes}
    desk.write(teams.save_team, workspace_id=desk.workspace_id, team=None, form=form, **given)
    desk.deliver(NOW)
    assert len(desk.rows(Notice)) - before == (2 if welcomes else 0)
    assert len(desk.with_button(OPEN_ENROL)) == (2 if welcomes else 0)


def test_reps_are_those_who_are_in_the_team_now(desk: Desk) -> None:
    found = desk.database.read_now(notices.reps_of, desk.team())
    assert set(found) == {desk.member("U1").id, desk.member("U2").id}
