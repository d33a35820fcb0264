"""The set-up, as the database has it: what is missing, and who is waiting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from bot.domain.setup import workspaces
from bot.domain.tables import (
    DirectMessage,
    Enrolment,
    Workspace,
)
from tests.doctor.office import Office


async def test_an_empty_set_up_is_no_fault(
    office_on: Callable[[str], Office], database_url: str
) -> None:
    office = office_on(database_url)
    assert await office.lines("mend") == []
    office.change(
        lambda session: workspaces.install(
            session,
            slack_team_id="T0HARBOR",
            name="Harbor",
            bot_user_id="U0BASECOACH",
            now=datetime.now(UTC),
        )
    )
    assert await office.lines("mend") == []
    assert await office.lines("note", "Set-up") == [
        "There is no team yet. Create one with its coach and schedule."
    ]


async def test_whether_the_direct_messages_take_words(any_office: Office) -> None:
    (note,) = await any_office.lines("note", "Direct messages")
    assert "older manifest" in note
    assert "`basecoach manifest`" in note
    any_office.change(
        lambda session: session.add(
            DirectMessage(
                workspace_id=1,
                member_id=1,
                event_id="E1",
                key="dm:M1",
                heard_at=datetime.now(UTC),
                kind="help",
            )
        )
    )
    assert await any_office.lines("note", "Direct messages") == []
    assert await any_office.lines("ok", "Direct messages") == ["What people type there arrives."]


async def test_a_rep_without_targets(any_office: Office) -> None:
    any_office.change(lambda session: session.connection().exec_driver_sql("DELETE FROM target"))
    assert await any_office.lines("mend", "Set-up") == [
        "Priya Nair has no targets and will not be asked anything. Set them. Use /coach."
    ]


async def test_a_coach_who_left(any_office: Office) -> None:
    any_office.member("U0DANA", inactive_because="deactivated")
    any_office.member("U0MORGAN", inactive_because="deactivated")
    assert await any_office.lines("mend", "Set-up") == [
        "Dana Whitfield, who coaches Harbor Sales, is deactivated. Choose another coach. "
        "Use /coach.",
        "Morgan Blake, the second coach of Harbor Sales, can't be written to (deactivated). "
        "Choose another with /coach.",
    ]


async def test_a_rep_who_left_and_one_who_cannot_be_written_to(any_office: Office) -> None:
    any_office.member("U0PRIYA", inactive_because="deactivated")
    assert await any_office.lines("mend", "Set-up") == []
    (note,) = await any_office.lines("note", "Set-up")
    assert note.startswith("Priya Nair is deactivated and is not asked any more.")
    any_office.member("U0PRIYA", inactive_because="user_not_visible")
    (mend,) = await any_office.lines("mend", "Set-up")
    assert mend.startswith(
        "Slack does not let Basecoach write to Priya Nair (user_not_visible), who is asked nothing"
    )


async def test_a_zone_that_nobody_knows(office: Office) -> None:
    office.member("U0PRIYA", timezone="Mars/Olympus_Mons", name="Priya\nNair")
    (mend,) = await office.lines("mend", "Set-up")
    assert mend.startswith("Priya Nair has the time zone Mars/Olympus_Mons, which")


async def test_a_team_without_a_channel(office: Office) -> None:
    office.team(coach_channel=None)
    assert await office.lines("mend") == []
    assert await office.lines("note", "Set-up") == [
        "Harbor Sales has no coach channel, so misses go to Dana Whitfield in a DM. Choose one."
    ]


async def test_a_dead_token_is_remembered(office: Office) -> None:
    def work(session: Session) -> None:
        session.exec(select(Workspace)).one().disconnected_reason = "token_revoked"

    office.change(work)
    (mend,) = await office.lines("mend", "Set-up")
    assert mend.startswith("Slack stopped taking the token of Harbor Supply Co. (token_revoked)")


async def test_a_database_of_another_workspace(office: Office) -> None:
    def work(session: Session) -> None:
        session.exec(select(Workspace)).one().slack_team_id = "T0OTHER"

    office.change(work)
    (mend,) = await office.lines("mend")
    assert mend.startswith(
        "The database holds the teams of Harbor Supply Co. (T0OTHER), "
        "the token is for Harbor Supply Co. (T0HARBOR)."
    )


# What can't be handled


async def test_who_should_long_have_been_asked_is_named(office: Office) -> None:
    now = datetime.now(UTC)

    def due_since(minutes: int) -> Callable[[Session], None]:
        def work(session: Session) -> None:
            session.exec(select(Workspace)).one().last_seen_at = now
            enrolment = session.exec(select(Enrolment)).one()
            enrolment.next_due_at = now - timedelta(minutes=minutes)

        return work

    office.change(due_since(14))
    assert await office.lines("mend") == []
    office.change(due_since(16))
    (mend,) = await office.lines("mend", "Deliveries")
    assert mend.startswith("Priya Nair should have been asked since ")
    assert "a row could not be handled" in mend
