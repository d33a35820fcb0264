"""Places change hands: each change, with each thing that is open: what everybody sees and may do then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.domain import deliveries
from bot.domain.coaching import alerts
from bot.domain.homes import homes
from bot.domain.outbox import outbox
from bot.domain.plans import overview, sights, sign_off
from bot.domain.setup import forms
from bot.domain.shown.agreements import DoneTyped
from bot.domain.shown.audit import Change
from bot.domain.tables import AuditEntry, OutboxItem, Plan, Team
from bot.slack.delivery.addressing import ToChannel
from bot.slack.delivery.refusals import place_of
from bot.slack.delivery.rendering import places_in_turn
from bot.slack.views.alerts import DONE, TAKE
from bot.slack.views.checkins.messages import OPEN_FORM
from bot.slack.views.coaching.acts import CHOOSE, HOW
from bot.slack.views.plans.buttons import ACCEPT, AGREE, APPROVE
from tests.domain.handover.changes import (
    COACHES,
    EVERY_CHANGE,
    HARBOR,
    LATER,
    NEW,
    NOW,
    QUAY,
    ROWS,
    check_coaches,
    happens,
    miss,
    move_rep,
    remove_rep,
    seen,
    withdrawn,
)
from tests.domain.handover.desk import SENDER, Desk
from tests.domain.mondays import DEADLINE, MONDAY, at


@EVERY_CHANGE
def test_an_open_alert_goes_to_whoever_coaches_the_rep_now(desk: Desk, name: str) -> None:
    alert_id = miss(desk)
    alerts_of_both = [HARBOR, HARBOR]
    assert desk.with_button(TAKE)[:2] == alerts_of_both
    found = happens(desk, name)
    others = [HARBOR] if found.place not in {NEW, "DUC"} else [found.place]
    of_rep = [] if found.place is None else [found.place]
    assert desk.with_button(TAKE) == sorted([*of_rep, *others, QUAY])
    withdrawn(desk, outbox.ALERT, found)
    check_coaches(desk, found, alerts.take, alert_id=alert_id, now=LATER)
    check_coaches(desk, found, alerts.done_form, alert_id=alert_id)
    for user in ("U1", "UC", "UD", "UN"):
        assert bool(desk.told(user)) == (user in found.told)
    noted = [entry.what for entry in desk.rows(AuditEntry)]
    assert found.noted is None or found.noted in noted


@EVERY_CHANGE
def test_a_taken_alert_is_free_again_unless_its_coach_still_has_it(desk: Desk, name: str) -> None:
    alert_id = miss(desk)
    desk.write(alerts.take, caller=desk.caller("UC"), alert_id=alert_id, now=NOW)
    desk.deliver(NOW)
    found = happens(desk, name)
    alert = desk.alert("U1")
    assert alert is not None
    keeps = "UC" in found.coaches or found.place is None
    assert (alert.taken_by is not None) == keeps
    of_rep = [] if found.place is None else [found.place]
    others = [found.place] if found.place in {NEW, "DUC"} else [HARBOR]
    assert desk.with_button(DONE) == sorted([*of_rep, *others, QUAY])
    withdrawn(desk, outbox.ALERT, found)
    typed = DoneTyped(act="coach", note="We talked.", step="", due_on="")
    check_coaches(desk, found, alerts.finish, alert_id=alert_id, form=typed, now=LATER)


@EVERY_CHANGE
def test_a_waiting_plan_goes_to_whoever_coaches_the_rep_now(desk: Desk, name: str) -> None:
    plan_id = desk.propose()
    desk.deliver(NOW)
    assert desk.with_button(APPROVE) == [HARBOR]
    desk.now = LATER
    found = happens(desk, name)
    assert desk.with_button(APPROVE) == ([] if found.place is None else [found.place])
    withdrawn(desk, outbox.PLAN, found)
    check_coaches(desk, found, sign_off.approve, plan_id=plan_id, now=LATER)
    may_see = {u for u in COACHES if desk.allowed(u, overview.version, plan_id=plan_id, now=LATER)}
    assert may_see == {"U1", *found.coaches}


@pytest.mark.parametrize("name", ["coach and channel replaced", "rep moved", "rep left"])
def test_the_account_of_a_plan_goes_on_to_whoever_coaches_the_rep_now(
    desk: Desk, name: str
) -> None:
    desk.now = at(24, 9) - timedelta(days=150)  # long before: the account is young, its plan is not
    plan_id = desk.signed()

    def ends(session: Session) -> None:
        session.get_one(Plan, plan_id).ended_at = NOW
        for surface in (outbox.PLAN_ENDED, outbox.PLAN_ENDED_REPLY):
            outbox.mark_stale(session, workspace_id=1, surface=surface, subject_id=plan_id, now=NOW)

    desk.database.write_now(ends)
    desk.deliver(NOW)
    assert [one.where for one in desk.standing(outbox.PLAN_ENDED)] == [HARBOR]
    found = happens(desk, name)
    stands = [one.where for one in desk.standing(outbox.PLAN_ENDED) if "is over" in one.text]
    assert stands == ([] if found.place is None else [found.place])
    withdrawn(desk, outbox.PLAN_ENDED, found)
    assert [one.where for one in desk.standing(outbox.PLAN_ENDED_REPLY)] == ["DU1"]


@EVERY_CHANGE
def test_suggested_numbers_wait_for_the_rep_and_then_for_the_present_coach(
    desk: Desk, name: str
) -> None:
    desk.now = at(24, 9)
    plan_id = desk.suggest(desk.propose())
    desk.deliver(NOW)
    found = happens(desk, name)
    assert desk.with_button(ACCEPT) == ([] if found.place is None else ["DU1"])
    if found.place is None:
        assert not desk.allowed("U1", sign_off.accept, plan_id=plan_id, now=LATER)
        return
    desk.write(sign_off.accept, caller=desk.caller("U1"), plan_id=plan_id, now=LATER)
    desk.deliver(LATER)
    assert desk.with_button(APPROVE) == [found.place]
    check_coaches(desk, found, sign_off.approve, plan_id=plan_id, now=LATER)


@EVERY_CHANGE
def test_an_offer_half_agreed_by_a_former_coach_is_open_again(desk: Desk, name: str) -> None:
    desk.now = at(24, 9)
    plan_id = desk.offered(desk.signed())
    desk.deliver(NOW)
    desk.write(sights.agree, caller=desk.caller("UC"), plan_id=plan_id, now=NOW)
    desk.deliver(NOW)
    found = happens(desk, name)
    (plan,) = desk.rows(Plan, id=plan_id)
    assert (plan.coach_agreed_by is not None) == ("UC" in found.coaches or found.place is None)
    expected = [] if found.place is None else ["DU1"]
    if found.place is not None and plan.coach_agreed_by is None:
        expected.append(found.place)
    assert desk.with_button(AGREE) == sorted(expected)
    withdrawn(desk, outbox.PLAN, found)
    may = {user for user in COACHES if desk.allowed(user, sights.agree, plan_id=plan_id, now=LATER)}
    assert may == ({"U1", *found.coaches} if found.place is not None else set())


@EVERY_CHANGE
def test_an_open_check_in_raises_its_alert_where_the_rep_is_coached_now(
    desk: Desk, name: str
) -> None:
    desk.ask()
    found = happens(desk, name, MONDAY + timedelta(hours=1))
    (asked,) = desk.standing(outbox.CHECK_IN, "DU1")
    may_answer = desk.press("U1", 0, "no", at(23, 12))
    assert isinstance(may_answer, Exception) == (found.place is None)
    desk.deliver(at(23, 12))
    if found.place == QUAY:
        assert "<@UN>" in asked.text
        assert "<@UC>" not in asked.text
    desk.beat(DEADLINE)
    desk.deliver(DEADLINE)
    rep = [one.where for one in desk.standing(outbox.ALERT) if "<@U1>" in one.text]
    assert rep == ([] if found.place is None else [found.place])


@EVERY_CHANGE
def test_a_sent_reminder_asks_only_a_rep_who_is_still_asked(desk: Desk, name: str) -> None:
    desk.ask()
    desk.reminded(at(23, 16))
    desk.reminded(at(24, 12))
    assert "DU1" in [one.where for one in desk.standing(outbox.REMINDER)]
    found = happens(desk, name, at(24, 13))
    asking = {one.where for one in desk.standing(outbox.REMINDER) if OPEN_FORM in one.buttons}
    assert ("DU1" in asking) == (found.place is not None)


@EVERY_CHANGE
def test_homes_show_the_rep_and_the_buttons_to_those_who_coach_now(desk: Desk, name: str) -> None:
    alert_id = miss(desk)
    found = happens(desk, name)
    for user in ("UC", "UD", "UN"):
        shown = desk.home(user)
        assert ("<@U1>" in shown) == (user in found.coaches), user
        assert (f'"value": "{alert_id}"' in shown) == (user in found.coaches), user
    if found.place == QUAY:
        assert "<@UN>" in desk.home("U1")


def test_every_change_meets_everything_that_is_open() -> None:
    """Thirteen changes and eight things: a hundred and four cases."""
    assert len(ROWS) == 13


# Beside the table.


def places(desk: Desk, alert_id: int) -> list[str]:
    """Where the alert may be posted when a place refuses it, in turn."""

    def read(session: Session) -> list[str]:
        message: dict[str, Any] = {"text": "", "blocks": []}
        found = places_in_turn(
            session,
            surface=outbox.ALERT,
            subject_id=alert_id,
            rendered=ToChannel("CFirst", message),  # type: ignore[arg-type]
        )
        return [place_of(one) for one in found]

    return desk.database.read_now(read)


def test_a_refused_alert_takes_turns_only_where_its_coaches_of_today_read(desk: Desk) -> None:
    alert_id = miss(desk)
    assert places(desk, alert_id) == [HARBOR, "UC", "UD"]
    desk.change_team(NOW, coach="UN", channel=NEW)
    assert places(desk, alert_id) == [NEW, "UN", "UD"]
    seen(desk, NOW, channel=NEW, is_private=False)
    assert places(desk, alert_id) == ["UN", "UD"]


def test_a_coach_found_gone_by_the_sender_is_handed_over_from(desk: Desk) -> None:
    """The sender asks Slack about a coach whose Home it could not publish: the account is deactivated."""
    alert_id = miss(desk)
    desk.write(alerts.take, caller=desk.caller("UC"), alert_id=alert_id, now=NOW)
    desk.deliver(NOW)
    desk.write(homes.opened, caller=desk.caller("UC"), now=NOW)
    (home,) = desk.claimed(NOW, outbox.Lane.PUBLISH)
    desk.write(
        deliveries.recipient_gone,
        claimed=home,
        sender=SENDER,
        member_id=desk.member("UC").id,
        because="deactivated",
        now=NOW,
    )
    desk.deliver(LATER)
    assert desk.alert("U1").taken_by is None  # type: ignore[union-attr]
    check_coaches(desk, ROWS["coach deactivated"], alerts.take, alert_id=alert_id, now=LATER)
    (entry,) = [one for one in desk.rows(AuditEntry) if one.what == Change.COACH_LOST]
    assert (entry.whom_id, entry.after) == (desk.member("UC").id, "deactivated")
    assert "<@UC> can’t coach Harbor any more" in desk.told("U1")[0]


def test_an_alert_comes_back_with_its_rep(desk: Desk) -> None:
    miss(desk)
    remove_rep(desk, NOW)
    desk.deliver(NOW)
    assert desk.with_button(TAKE) == [HARBOR, QUAY]
    desk.now = LATER
    desk.do(forms.enrol_reps, "UA", team_id=desk.team().id, slack_user_ids=["U1"])
    desk.deliver(LATER)
    assert desk.with_button(TAKE) == [HARBOR, HARBOR, QUAY]


def test_an_alert_that_was_not_posted_before_its_rep_left_waits_for_nobody(desk: Desk) -> None:
    desk.ask()
    desk.beat(DEADLINE)
    remove_rep(desk, DEADLINE)
    desk.deliver(DEADLINE)
    assert desk.with_button(TAKE) == [HARBOR, QUAY]
    alert_id = desk.alert("U1").id  # type: ignore[union-attr]
    (item,) = desk.rows(OutboxItem, surface=outbox.ALERT, subject_id=alert_id)
    assert (item.failed_reason, item.due_at) == ("nothing to show", None)


def test_a_post_that_was_on_its_way_is_withdrawn_once_it_is_known(desk: Desk) -> None:
    """The sender rendered the alert for the old channel, and the hands changed before it posted."""
    desk.ask()
    desk.beat(DEADLINE)
    (late,) = [
        one
        for one in desk.claimed(DEADLINE, outbox.Lane.POST)
        if one.surface == outbox.ALERT and one.subject_id == desk.alert("U1").id  # type: ignore[union-attr]
    ]
    (rendered,) = desk.rendered([late], DEADLINE)
    desk.change_team(NOW, coach="UN", channel=NEW)
    desk.write(deliveries.posted, desk.show(late, rendered, NOW))
    desk.deliver(NOW)
    mine = [one for one in desk.standing(outbox.ALERT) if "<@U1>" in one.text]
    assert [(one.where, one.buttons) for one in mine] == [
        (HARBOR, set()),
        (NEW, {TAKE, DONE, CHOOSE, HOW}),
    ]


def test_a_message_is_moved_again_and_back(desk: Desk) -> None:
    miss(desk)
    for channel in (NEW, HARBOR, NEW):
        desk.change_team(NOW, channel=channel)
        desk.deliver(NOW)
    assert desk.with_button(TAKE) == sorted([NEW, NEW, QUAY])


def test_money_is_asked_for_anew_where_the_currency_is_another(desk: Desk) -> None:
    desk.change(desk.team("Quay"), currency="GBP")
    miss(desk)
    plan_id = desk.propose()
    desk.deliver(NOW)
    move_rep(desk, NOW)
    desk.deliver(NOW)
    assert set(desk.targets(date(2026, 11, 23))) == {"conversations", "base_moves"}
    plan = desk.plan(plan_id)
    assert plan.state == "declined"
    (message,) = [one for one in desk.standing(outbox.ALERT, QUAY) if "<@U1>" in one.text]
    assert "$1,000" in message.text
    assert "£" not in message.text
    (reply,) = desk.standing(outbox.PLAN_REPLY, "DU1")
    assert "was withdrawn" in reply.text
    assert "which counts in GBP" in reply.text
    assert not desk.allowed("UN", sign_off.approve, plan_id=plan_id, now=LATER)


def test_an_admin_who_makes_himself_second_coach_is_seen(desk: Desk) -> None:
    desk.change_team(NOW, second_coach="UA")
    desk.deliver(NOW)
    for user in ("U1", "U2", "UC", "UD"):
        (told,) = desk.told(user)
        assert "<@UA>" in told
    (welcome,) = desk.told("UA")
    assert "You are second coach of Harbor now." in welcome
    (entry,) = [one for one in desk.rows(AuditEntry) if one.what == Change.SECOND_COACH]
    assert (entry.by_id, entry.before, entry.after) == (desk.member("UA").id, "UD", "UA")


def test_a_check_in_says_who_reads_it_now(desk: Desk) -> None:
    desk.ask()
    desk.deliver(MONDAY)
    desk.change_team(MONDAY, coach="UN", channel=NEW)
    desk.deliver(MONDAY)
    (asked,) = desk.standing(outbox.CHECK_IN, "DU1")
    assert ("UN" in asked.text, "UC" in asked.text) == (True, False)


def test_a_second_coach_who_becomes_the_coach_is_told_just_that(desk: Desk) -> None:
    desk.change_team(NOW, coach="UD", second_coach=None)
    desk.deliver(NOW)
    assert [len(desk.told(who)) for who in ("UD", "U1", "UC")] == [1, 1, 1]
    noted = {entry.what for entry in desk.rows(AuditEntry)}
    assert {Change.COACH, Change.SECOND_COACH} <= noted


def test_nothing_is_told_or_noted_where_nothing_changes(desk: Desk) -> None:
    before = len(desk.rows(AuditEntry))
    desk.change_team(NOW, name="Harbour")
    desk.profile("UC", NOW)
    assert len(desk.rows(AuditEntry)) == before
    assert desk.rows(Team, name="Harbour")[0].channel_problem is None
