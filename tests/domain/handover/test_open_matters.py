"""What is open is freed, moved and marked for the people whom a change concerns, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.coaching import alerts
from bot.domain.handover import open_matters
from bot.domain.outbox import outbox
from bot.domain.tables import Brief, OutboxItem
from tests.counting import counted
from tests.domain.handover.desk import Desk
from tests.domain.mondays import DEADLINE, at

NOW = at(24, 19)


def stands(desk: Desk) -> dict[str, int]:
    """Alerts about U1 of Harbor and U3 of Quay stand; their ids."""
    desk.ask()
    desk.beat(DEADLINE)
    desk.deliver(DEADLINE)
    return {user: desk.alert(user).id for user in ("U1", "U3")}  # type: ignore[union-attr]


def stale(desk: Desk) -> set[tuple[str, int]]:
    return {
        (item.surface, item.subject_id)
        for item in desk.rows(OutboxItem)
        if item.desired_version > item.rendered_version
    }


def _brief_of(desk: Desk, team: str) -> int:
    (brief,) = desk.rows(Brief, team_id=desk.team(team).id)
    return brief.id


def test_a_team_marks_its_own_alerts_and_no_others(desk: Desk) -> None:
    alert_of = stands(desk)
    desk.write(open_matters.mark_team, team=desk.team("Quay"), now=NOW)
    assert stale(desk) == {(outbox.ALERT, alert_of["U3"]), (outbox.BRIEF, _brief_of(desk, "Quay"))}


def test_each_kind_of_subject_is_selected_once_and_only_if_it_is_asked_for(desk: Desk) -> None:
    stands(desk)
    kinds = ("alert", "plan", "advice", "brief")
    for mark, of, selected in (
        (open_matters.mark_team, {"team": desk.team("Quay")}, [1, 1, 1, 1]),
        (open_matters.mark_signer, {"member": desk.member("UN")}, [0, 1, 0, 0]),
    ):
        with counted(desk.database) as statements:
            desk.write(mark, **of, now=NOW)
        sent = [one.replace('"', "") for one in statements]  # SQLite has a word PLAN of its own
        assert [sum(f"FROM {kind} " in one for one in sent) for kind in kinds] == selected


def test_what_was_done_long_ago_is_left_alone(desk: Desk) -> None:
    alert_of = stands(desk)
    much_later = DEADLINE + open_matters.STILL_SHOWN + timedelta(days=1)
    alert = desk.alert("U3")
    assert alert is not None
    desk.change(alert, done_at=NOW)
    desk.write(open_matters.mark_team, team=desk.team("Quay"), now=much_later)
    assert stale(desk) == set()
    desk.change(alert, done_at=None)
    desk.write(open_matters.mark_team, team=desk.team("Quay"), now=much_later)
    assert stale(desk) == {(outbox.ALERT, alert_of["U3"])}


def test_what_stands_in_an_old_place_follows_every_later_change(desk: Desk) -> None:
    stands(desk)
    desk.change_team(NOW, coach="UN", second_coach=None, channel="CNew")
    desk.deliver(NOW)
    assert {"UN" in one.text for one in desk.standing(outbox.ALERT, "CHarbor")} == {True}
    desk.change_team(NOW, coach="UC")
    desk.deliver(NOW)
    old = desk.standing(outbox.ALERT, "CHarbor")
    assert {("UN" in one.text, "UC" in one.text) for one in old} == {(False, True)}


def test_an_alert_is_free_once_its_holder_may_not_coach(desk: Desk) -> None:
    alert_of = stands(desk)
    desk.write(alerts.take, caller=desk.caller("UC"), alert_id=alert_of["U1"], now=NOW)
    desk.write(open_matters.let_go, team=desk.team(), now=NOW)
    assert desk.alert("U1").taken_by == desk.member("UC").id  # type: ignore[union-attr]
    desk.change(desk.member("UC"), is_guest=True)
    desk.write(open_matters.let_go, team=desk.team(), now=NOW)
    assert desk.alert("U1").taken_by is None  # type: ignore[union-attr]


def test_alerts_go_with_their_rep_and_only_open_ones_are_raised_again(desk: Desk) -> None:
    alert_of = stands(desk)
    rep = desk.member("U1").id
    desk.write(open_matters.move_alerts, member_ids=[rep], team=desk.team("Quay"), now=NOW)
    moved = desk.alert("U1")
    assert moved is not None
    assert moved.team_id == desk.team("Quay").id
    desk.change(moved, done_at=NOW)
    desk.write(open_matters.raise_again, member_ids=[rep], now=NOW)
    assert stale(desk) == set()
    desk.change(moved, done_at=None)
    desk.write(open_matters.raise_again, member_ids=[rep], now=NOW)
    assert stale(desk) == {(outbox.ALERT, alert_of["U1"])}
