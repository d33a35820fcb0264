"""With everything in order there is nothing to mend, and looking changes nothing."""

from __future__ import annotations

from bot import migrations
from tests.doctor.office import Office


async def test_nothing_to_mend(any_office: Office) -> None:
    findings = await any_office.findings()
    assert [f.words for f in findings if f.level == "mend"] == []
    said = {f.words for f in findings if f.level == "ok"}
    assert {
        "Every setting can be used.",
        f"The schema is at {migrations.HEAD}, as this release needs it.",
        "1 team with 1 rep: nothing stands in the way of asking them.",
        "Everything that was due was sent.",
        "The bot token is basecoach's in “Harbor Supply Co.”.",
        "This machine's clock agrees with Slack's.",
        "The bot token has every scope that Basecoach needs.",
        "#coach-dana, the coach channel of Harbor Sales, can be posted in.",
        "Socket Mode can be opened with the app-level token.",
    } <= said
    assert any(words.endswith("can be read and written.") for words in said)


async def test_it_sends_and_changes_nothing(office: Office) -> None:
    await office.findings()
    assert [call.method for call in office.workspace.calls] == [
        "auth.test",
        "conversations.info",
        "apps.connections.open",
    ]
