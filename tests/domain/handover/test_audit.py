"""The log of who changed who sees whose numbers."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.handover import audit
from bot.domain.setup import forms
from bot.domain.shown.audit import AuditLog, Change
from bot.domain.tables import AuditEntry
from bot.slack.views.handover import log_modal
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at

NOW = at(24, 19)


def read(desk: Desk, by: str = "UA") -> AuditLog:
    return desk.database.read_now(audit.log, caller=desk.caller(by))


def test_an_admin_reads_who_changed_what_of_whom_and_when_the_newest_first(desk: Desk) -> None:
    desk.change_team(NOW, coach="UN", channel="CNew")
    desk.now = NOW + timedelta(hours=1)
    desk.do(forms.enrol_reps, "UA", team_id=desk.team("Quay").id, slack_user_ids=["U1"])
    found = [
        (one.what, one.team, one.by, one.whom, one.before, one.after, one.at)
        for one in read(desk).entries[:3]
    ]
    quay = str(desk.team("Quay").id)
    assert found == [
        (Change.REP_MOVED, "Quay", "UA", "U1", "Harbor", quay, desk.now),
        (Change.CHANNEL, "Harbor", "UA", None, "CHarbor", "CNew", NOW),
        (Change.COACH, "Harbor", "UA", "UN", "UC", "UN", NOW),
    ]


def test_nobody_else_reads_it(desk: Desk) -> None:
    for user in ("U1", "UC", "UD"):
        assert not desk.allowed(user, audit.log)


def test_what_is_too_much_for_one_reading_is_said(desk: Desk) -> None:
    for number in range(audit.ENTRIES_SHOWN + 1):
        desk.change_team(NOW, channel=f"C{number}")
    log = read(desk)
    assert (len(log.entries), log.more) == (audit.ENTRIES_SHOWN, True)
    assert log.entries[0].after == f"C{audit.ENTRIES_SHOWN}"
    assert "`basecoach audit`" in str(log_modal(log))
    newest = desk.database.read_now(audit.newest, desk.workspace_id, limit=1, since=NOW)
    assert [one.after for one in newest] == [log.entries[0].after]


def test_the_log_holds_people_and_places_and_nothing_else(desk: Desk) -> None:
    desk.ask()
    desk.change_team(NOW, coach="UN", second_coach=None)
    entries = [one for one in desk.rows(AuditEntry) if one.at == NOW]
    assert {one.before for one in entries} | {one.after for one in entries} == {
        "UC",
        "UN",
        "UD",
        None,
    }
