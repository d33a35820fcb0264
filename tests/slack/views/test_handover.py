"""What is said about a change of hands: sound whatever names people gave, and without a number."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.shown.audit import AuditLog, Change, Entry, NoticeShown, WithdrawnShown
from bot.domain.shown.places import BOT, CHANNEL_PUBLIC, CHANNEL_SHARED
from bot.slack.views.handover import log_modal, notice_message, withdrawn_message
from bot.slack.views.setup.menu import OPEN_ENROL, OPEN_MENU, OPEN_SCHEDULE, OPEN_TARGETS
from tests.slack.views.shown import NOW, READER
from tests.slack.views.sound import ODD_TEXTS, check_sound, text_of

PLACES = {"before": "C0OLD", "after": "C0COACH"}
CHANGES: dict[str, dict[str, Any]] = {
    "a first coach": {"what": Change.COACH, "after": "U0DANA"},
    "another coach": {"what": Change.COACH, "before": "U0DREW", "after": "U0DANA"},
    "a second coach": {"what": Change.SECOND_COACH, "after": "U0MORGAN"},
    "another second coach": {
        "what": Change.SECOND_COACH,
        "before": "U0MORGAN",
        "after": "U0PRIYA",
    },
    "no second coach": {"what": Change.SECOND_COACH, "before": "U0MORGAN"},
    "another channel": {"what": Change.CHANNEL, **PLACES},
    "no channel": {"what": Change.CHANNEL, "before": "C0OLD"},
    "a public channel": {"what": Change.CHANNEL_OPENED, "before": "C0OLD", "after": CHANNEL_PUBLIC},
    "a shared channel": {"what": Change.CHANNEL_OPENED, "before": "C0OLD", "after": CHANNEL_SHARED},
    "a rep who joined": {"what": Change.REP_JOINED},
    "a rep who moved": {"what": Change.REP_MOVED},
    "a rep who left": {"what": Change.REP_LEFT},
    "a coach who became a guest": {"what": Change.COACH_LOST, "after": "guest"},
    "a coach who became a bot": {"what": Change.COACH_LOST, "after": BOT},
    "a coach who is back": {"what": Change.COACH_BACK},
    "a substitute": {"what": Change.SUBSTITUTE, "before": "U0DREW", "after": "2026-12-04"},
    "a pause": {"what": Change.PAUSE, "before": "2026-12-07", "after": "2026-12-13"},
    "no pause": {"what": Change.PAUSE_OVER, "before": "2026-12-07", "after": "2026-12-13"},
    "no substitute": {"what": Change.SUBSTITUTE_OVER, "before": "U0DREW"},
}


def entry(change: str, *, odd: str = "Harbor", by: str | None = "U0ALEX") -> Entry:
    facts = {"before": None, "after": None, **CHANGES[change]}
    if facts["what"] is Change.REP_MOVED:
        facts["before"] = odd
    return Entry(at=NOW, team=odd, by=by, by_name=odd, whom="U0PRIYA", whom_name=odd, **facts)


def notice(change: str, *, to: str = "U0PRIYA", is_rep: bool = False, **facts: Any) -> NoticeShown:
    waits = {"coach": "U0DANA", "open_alerts": 0, "waiting_plans": 0, "channel": None, **facts}
    return NoticeShown(entry(change), to=to, is_rep=is_rep, reader=READER, **waits)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_every_change_can_be_told(change: str, odd: str) -> None:
    told = entry(change, odd=odd)
    check_sound(log_modal(AuditLog((told,), more=True, reader=READER)))
    for to in ("U0PRIYA", "U0DREW", "U0DANA"):
        for is_rep in (True, False):
            check_sound(
                notice_message(NoticeShown(told, to, is_rep, None, 2, 1, "C0COACH", READER))
            )


def test_the_log_says_who_did_what_and_never_a_number() -> None:
    entries = tuple(entry(change) for change in CHANGES)
    view = log_modal(AuditLog(entries, more=False, reader=READER))
    check_sound(view)
    said = text_of(view)
    assert "<@U0DANA> coaches Harbor now, in place of <@U0DREW>. By <@U0ALEX>." in said
    assert "<@U0PRIYA> can’t coach Harbor any more: guests may not see" in said
    assert "<#C0OLD> is shared with another organization" in said
    assert "Older entries" not in said
    of_slack = log_modal(AuditLog((entry("a rep who left", by=None),), False, READER))
    assert "<@U0PRIYA> left Harbor. By Slack, or by whoever runs me." in text_of(of_slack)
    assert "Nothing has changed hands yet." in text_of(log_modal(AuditLog((), False, READER)))


def test_everybody_is_told_what_the_change_means_for_them() -> None:
    def said(*arguments: Any, **facts: Any) -> str:
        return text_of(notice_message(notice(*arguments, **facts)))

    assert "<@U0DANA> coaches you now, and sees your numbers." in said("another coach", is_rep=True)
    assert "You no longer see its numbers." in said("another coach", to="U0DREW")
    gone = "You are no longer second coach of Harbor, and no longer see its numbers."
    assert gone in said("no second coach", to="U0MORGAN")
    assert gone not in said("no second coach", to="U0MORGAN", coach="U0MORGAN")
    assert "no longer sees your numbers." in said("no second coach", to="U0SAM", is_rep=True)
    replaced = said("another second coach", to="U0MORGAN")
    assert "<@U0PRIYA> is second coach of Harbor now. You are no longer" in replaced
    assert "You are second coach of Harbor now." in said("another second coach", to="U0PRIYA")
    assert "and sees your numbers." in said("another second coach", to="U0SAM", is_rep=True)
    assert "You are no longer in Harbor." in said("a rep who left")
    assert "<@U0PRIYA> left Harbor." in said("a rep who left", to="U0DANA")
    until = "up to and including Friday 4 December"
    assert f"You stand in for <@U0DREW> as coach of Harbor, {until}." in said("a substitute")
    assert "for <@U0DREW> as your coach" in said("a substitute", to="U0SAM", is_rep=True)
    of_the_coach = said("a substitute", to="U0DREW")
    assert f"<@U0PRIYA> stands in for you as coach of Harbor, {until}." in of_the_coach
    assert "I’m back" in of_the_coach
    assert "I’m back" not in said("a substitute", to="U0SAM")
    in_channel = {"channel": "C0COACH", "channel_name": "coach-dana", "open_alerts": 1}
    of_them = said("a substitute", **in_channel)
    assert "1 alert, in #coach-dana." in of_them
    assert "posted in #coach-dana: if you are not in it, have <@U0DREW> invite you" in of_them
    asked = said("a substitute", to="U0DREW", **in_channel)
    assert "posted in #coach-dana: invite <@U0PRIYA> there" in asked
    assert "invite" not in said("a substitute", to="U0SAM", is_rep=True, **in_channel)
    of_the_old = said("another coach", to="U0DREW", **in_channel)
    assert "Whoever is in #coach-dana goes on reading what is posted there: leave it" in of_the_old
    assert "posted in #coach-dana: if you" in said("another second coach", **in_channel)
    assert "Alerts are posted" not in said("a rep who left", **in_channel)
    assert "you no longer see its numbers" in said("no substitute")
    assert said("no substitute", to="U0DREW").startswith(":handshake: You coach Harbor again.")
    assert "<@U0DREW> coaches you again." in said("no substitute", to="U0SAM", is_rep=True)
    assert "Harbor pauses, 7–13 December:" in said("a pause", is_rep=True)
    assert "was taken back" in said("no pause", is_rep=True)
    waits = said("a rep who joined", to="U0DANA", open_alerts=2, waiting_plans=1)
    assert "Open there: 2 alerts and 1 plan, in a direct message." in waits


@pytest.mark.parametrize("surface", ["alert", "plan"])
def test_the_old_place_says_with_whom_it_is_now(surface: str) -> None:
    def said(**facts: Any) -> str:
        shown = {"coach": "U0DANA", "is_rep": True, **facts}
        message = withdrawn_message(WithdrawnShown(surface, "U0PRIYA", **shown))
        check_sound(message)
        assert "actions" not in [block["type"] for block in message["blocks"]]
        return text_of(message)

    what = "The plan of" if surface == "plan" else "The alert about"
    assert f"{what} <@U0PRIYA> is now with <@U0DANA>." in said()
    assert f"{what} <@U0PRIYA> waits for a new coach." in said(coach=None)
    assert "<@U0PRIYA> is in no team any more" in said(is_rep=False)


def test_whoever_becomes_a_coach_is_welcomed_with_what_to_do_first() -> None:
    for change in ("a first coach", "a second coach"):
        told = notice(change, to="U0DANA", welcomes=True, channel="C0COACH", open_alerts=1)
        view = notice_message(told)
        check_sound(view)
        buttons = [b["action_id"] for b in view["blocks"][3]["elements"]]
        assert buttons == [OPEN_ENROL, OPEN_TARGETS, OPEN_SCHEDULE, OPEN_MENU]
        assert "comes to you in <#C0COACH>" in text_of(view)
    in_dm = text_of(notice_message(notice("a first coach", to="U0DANA", welcomes=True)))
    assert "comes to you here, in a direct message" in in_dm
