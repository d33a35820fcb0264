"""A token that is refused: who asks about it, how often, and what follows when it works again."""

from __future__ import annotations

from sqlmodel import Session, select

from bot.domain.outbox import outbox
from bot.domain.outbox.outbox import Lane
from bot.domain.tables import Workspace
from bot.slack.delivery.sender import IDLE_CHECK
from tests.slack.delivery.conftest import Sending


def reason(sending: Sending) -> str | None:
    def read(session: Session) -> str | None:
        return session.exec(select(Workspace.disconnected_reason)).one()

    return sending.database.read_now(read)


async def test_a_token_that_works_is_asked_about_once_for_all_that_were_refused(
    sending: Sending,
) -> None:
    sending.workspace.faults.next_call("error", "chat.postMessage", 2, code="invalid_auth")
    await sending.send()
    assert (reason(sending), sending.calls("auth.test")) == (None, 1)
    await sending.send(after=15)
    assert [len(person.messages()) for person in (sending.priya, sending.sam)] == [1, 1]


async def test_a_dead_token_is_asked_about_less_and_less_often_and_heals_by_itself(
    sending: Sending,
) -> None:
    sending.workspace.faults.refuse(100, "error", code="token_revoked")
    await sending.send()
    assert reason(sending) == "token_revoked"
    asked = []
    for _ in range(40):  # ten minutes of beats
        await sending.sender.ask_about_token()
        asked.append(sending.calls("auth.test"))
        sending.clock.move(15)
    assert asked[-1] == 7  # by the call, at once, and after 15, 30, 60, 120 and 240 seconds more
    sending.workspace.faults.clear()
    sending.clock.move(900)
    await sending.sender.ask_about_token()
    assert reason(sending) is None
    await sending.send()
    assert [len(person.messages()) for person in (sending.priya, sending.sam)] == [1, 1]


async def test_while_the_token_is_refused_a_lane_rests_until_it_is_woken(sending: Sending) -> None:
    sending.workspace.faults.refuse(100, "error", code="token_revoked")
    await sending.send()
    sending.clock.move(60)
    assert await sending.sender._start_due(Lane.POST) == IDLE_CHECK
    told: list[str] = []
    sending.database.subscribe(outbox.SIGNAL, lambda: told.append("told"))
    sending.workspace.faults.clear()
    await sending.sender.ask_about_token()
    assert told == ["told"]
    assert await sending.sender._start_due(Lane.POST) == 0


async def test_a_token_of_another_workspace_heals_nothing(sending: Sending) -> None:
    def elsewhere(session: Session) -> None:
        found = session.exec(select(Workspace)).one()
        found.slack_team_id, found.disconnected_reason = "T0OTHER", "token_revoked"

    sending.database.write_now(elsewhere)
    await sending.sender.ask_about_token()
    assert reason(sending) == "token_revoked"
