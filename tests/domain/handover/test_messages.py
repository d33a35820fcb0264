"""A message that stands where it no longer belongs is moved, once, whatever happens in between."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.handover import messages, substitutes
from bot.domain.outbox import outbox, sending
from bot.domain.tables import OutboxItem, Withdrawal
from tests.domain.handover.changes import stand_in
from tests.domain.handover.desk import SENDER, Desk
from tests.domain.mondays import DEADLINE, at

NOW = at(24, 19)


def alert_item(desk: Desk) -> OutboxItem:
    alert = desk.alert("U1")
    assert alert is not None
    item = desk.item(outbox.ALERT, alert.id)
    assert item is not None
    return item


def misplaced(desk: Desk) -> sending.Claimed:
    """The alert about U1 stands in the old channel, and a sender has its row."""
    desk.ask()
    desk.beat(DEADLINE)
    desk.deliver(DEADLINE)
    desk.change_team(NOW, channel="CNew")
    subject_id = alert_item(desk).subject_id
    claimed = desk.claimed(NOW, outbox.Lane.UPDATE)
    (one,) = [o for o in claimed if (o.surface, o.subject_id) == (outbox.ALERT, subject_id)]
    return one


def move(desk: Desk, one: sending.Claimed, *, is_open: bool = True, sender: str = SENDER) -> None:
    desk.write(messages.move, claimed=one, sender=sender, is_open=is_open, now=NOW)


def test_the_old_message_keeps_its_token_and_the_new_one_gets_its_own(desk: Desk) -> None:
    one = misplaced(desk)
    move(desk, one)
    item = alert_item(desk)
    assert (item.id, item.ts, item.channel, item.lane) == (one.id, None, None, "post")
    assert (item.claimed_by, item.due_at) == (None, NOW)
    assert item.token != one.token
    (old,) = desk.rows(OutboxItem, surface=outbox.WITHDRAWN)
    assert (old.token, old.channel, old.ts) == (one.token, one.channel, one.ts)
    assert (old.lane, old.due_at, old.claimed_by) == ("update", NOW, None)


def test_it_is_moved_once_and_only_by_the_sender_that_has_it(desk: Desk) -> None:
    one = misplaced(desk)
    move(desk, one, sender="another")
    assert desk.rows(Withdrawal) == []
    move(desk, one)
    move(desk, one)
    assert len(desk.rows(Withdrawal)) == 1


def test_what_is_done_is_withdrawn_and_not_posted_anew(desk: Desk) -> None:
    one = misplaced(desk)
    move(desk, one, is_open=False)
    assert desk.rows(OutboxItem, id=one.id) == []
    assert len(desk.rows(OutboxItem, surface=outbox.WITHDRAWN)) == 1


def test_a_redraw_that_may_still_arrive_is_overdrawn_in_the_old_place(desk: Desk) -> None:
    """The lost redraw would bring the numbers back, so the withdrawn message is drawn once more after it."""
    one = misplaced(desk)
    desk.change(alert_item(desk), unknown_since=NOW, redraws_in_flight=1)
    move(desk, one)
    desk.deliver(NOW)
    (old,) = desk.rows(OutboxItem, surface=outbox.WITHDRAWN)
    assert old.due_at == NOW + sending.SETTLES_AFTER
    desk.deliver(NOW + sending.SETTLES_AFTER)
    (old,) = desk.rows(OutboxItem, surface=outbox.WITHDRAWN)
    assert (old.due_at, old.unknown_since) == (None, None)


def test_a_sender_that_dies_before_it_moves_the_message_leaves_it_to_the_next(desk: Desk) -> None:
    misplaced(desk)
    later = NOW + sending.LEASE + timedelta(seconds=1)
    desk.deliver(later)
    mine = [one for one in desk.standing(outbox.ALERT) if "<@U1>" in one.text]
    assert [(one.where, bool(one.buttons)) for one in mine] == [("CHarbor", False), ("CNew", True)]


def test_it_is_looked_for_where_a_coach_is_away_and_where_the_substitute_was(desk: Desk) -> None:
    desk.ask()
    desk.beat(DEADLINE)
    alert = desk.alert("U1")
    assert alert is not None
    for user in ("UC", "UN"):
        desk.change(desk.member(user), dm_channel=f"D{user}")

    def earlier() -> set[str]:
        _, people = desk.database.read_now(
            messages.earlier_places, surface=outbox.ALERT, subject_id=alert.id
        )
        return {one.slack_user_id for one in people}

    stand_in(desk, NOW)
    assert earlier() == {"UC"}
    desk.write(substitutes.be_back, caller=desk.caller("UC"), now=NOW + timedelta(minutes=1))
    assert earlier() == {"UC", "UN"}


def test_a_post_of_unknown_outcome_is_looked_for_in_the_old_places_too(desk: Desk) -> None:
    desk.ask()
    desk.beat(DEADLINE)
    alert = desk.alert("U1")
    assert alert is not None
    desk.change(desk.member("UC"), dm_channel="DUC")
    desk.change_team(NOW, coach="UN", channel="CNew")
    found, people = desk.database.read_now(
        messages.earlier_places, surface=outbox.ALERT, subject_id=alert.id
    )
    assert (list(found), [one.slack_user_id for one in people]) == (["CHarbor"], ["UC"])
