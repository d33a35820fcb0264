"""Slack: tokens, scopes and coach channels, each of them made wrong once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.doctor.office import Office, archived, seed

# Slack


async def test_a_bot_token_that_slack_does_not_take(office: Office) -> None:
    office.values["SLACK_BOT_TOKEN"] = "xoxb-wrong-wrong-wrong"
    (mend,) = await office.lines("mend")
    assert mend.startswith("Slack does not take SLACK_BOT_TOKEN (invalid_auth). Copy it again")
    assert await office.lines("ok", "Slack") == [
        "Socket Mode can be opened with the app-level token."
    ]


async def test_an_app_that_was_taken_out(office: Office) -> None:
    office.workspace.uninstall()
    mend = await office.lines("mend", "Slack")
    assert [words.partition(". ")[0] for words in mend] == [
        "Slack does not take SLACK_BOT_TOKEN (account_inactive)",
        "Slack does not take SLACK_APP_TOKEN (account_inactive)",
    ]


async def test_an_app_token_that_slack_does_not_take(office: Office) -> None:
    office.values["SLACK_APP_TOKEN"] = "xapp-wrong-wrong-wrong"
    (mend,) = await office.lines("mend")
    assert mend == (
        "Slack does not take SLACK_APP_TOKEN (invalid_auth). It needs an app-level token of the "
        "same app, xapp-…, with the scope connections:write, and Socket Mode switched on."
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("500", "Slack does not answer auth.test at {url} (internal_error)"),
        ("lost", "Slack does not answer auth.test at {url} (connection)"),
        ("429", "Slack asks to wait 7 s. Start doctor again after that."),
        ("error", "Slack refuses auth.test (two_factor_setup_required)"),
    ],
)
async def test_slack_in_trouble(office: Office, kind: str, words: str) -> None:
    office.workspace.faults.next_call(
        kind, "auth.test", retry_after=7, code="two_factor_setup_required"
    )
    (mend,) = await office.lines("mend")
    # An HTML error page has no code of Slack's, only its status.
    expected = words.format(url=office.server.api_url).replace("internal_error", "http_500")
    assert mend.startswith(expected)


OWNER = "Ask an owner of the Slack workspace to let the app in; it is restricted or not approved."


@pytest.mark.parametrize(
    ("method", "code", "words"),
    [
        ("auth.test", "team_access_not_granted", OWNER),
        ("apps.connections.open", "accesslimited", OWNER),
        (
            "apps.connections.open",
            "a_code_of_tomorrow",
            "Look a_code_of_tomorrow up in Slack's documentation of apps.connections.open; "
            "it is a rule of the workspace's, or a fault of Slack's.",
        ),
    ],
)
async def test_each_code_has_its_own_remedy(
    office: Office, method: str, code: str, words: str
) -> None:
    office.workspace.faults.next_call("error", method, code=code)
    assert await office.lines("mend") == [f"Slack refuses {method} ({code}). {words}"]


async def test_nobody_there(office: Office) -> None:
    await office.server.stop()
    mend = await office.lines("mend", "Slack")
    assert [words.partition(" at ")[0] for words in mend] == [
        "Slack does not answer auth.test",
        "Slack does not answer apps.connections.open",
    ]
    assert await office.lines("ok", "Set-up")


@pytest.fixture
def without(request: pytest.FixtureRequest, manifest: dict[str, Any]) -> str:
    """Takes the scope that is the parameter out of the manifest, and what needs it with it."""
    scope: str = request.param
    scopes = manifest["oauth_config"]["scopes"]
    scopes["bot"].remove(scope)
    scopes["bot_optional"] = [other for other in scopes["bot_optional"] if other != scope]
    if scope == "commands":
        del manifest["features"]["slash_commands"]
    events = manifest["settings"]["event_subscriptions"]
    begins = {"channels:read": "channel_", "groups:read": "group_", "im:history": "message.im"}
    events["bot_events"] = [
        event
        for event in events["bot_events"]
        if not event.startswith(begins.get(scope, "none of them"))
    ]
    return scope


@pytest.mark.parametrize(
    ("without", "words"),
    [
        ("channels:read", "a public coach channel can't be looked at"),
        ("chat:write", "no check-in and no alert can be sent"),
        ("commands", "/log-conversation, /checkin and /coach do not exist"),
        ("groups:read", "a private coach channel can't be looked at"),
        ("im:history", "can't be looked for, and may appear twice"),
        ("im:write", "no DM can be opened, so nobody gets a check-in"),
        ("users:read", "so nobody can be enrolled"),
    ],
    indirect=["without"],
)
async def test_a_scope_that_is_missing(
    without: str, words: str, office_on: Callable[[str], Office], new_sqlite: Callable[[], str]
) -> None:
    office = office_on(new_sqlite())
    office.change(seed)
    (mend,) = await office.lines("mend")
    assert mend.startswith(f"The scope {without} is missing: ")
    assert words in mend
    assert mend.endswith("Add it under OAuth & Permissions and install the app again.")
    unseen = (
        "The coach channel of Harbor Sales (C0COACH) can't be looked at before its scope is there."
    )
    assert (unseen in await office.lines("note")) == (without == "groups:read")


@pytest.mark.parametrize(
    ("without", "what_follows"),
    [
        (
            "channels:history",
            "an alert in a public coach channel whose delivery is uncertain is sent again after a wait, "
            "so it may appear twice",
        ),
        (
            "groups:history",
            "an alert in a private coach channel whose delivery is uncertain is sent again after a wait, "
            "so it may appear twice",
        ),
        (
            "files:write",
            "/checkin export and /coach export can't send files, so whoever runs Basecoach makes them "
            "with `basecoach export`",
        ),
        (
            "users:read.email",
            "an import of a CRM's export finds people by their names and Slack ids, and not by e-mail "
            "address",
        ),
    ],
    indirect=["without"],
)
async def test_an_optional_scope_that_is_missing(
    without: str,
    what_follows: str,
    office_on: Callable[[str], Office],
    new_sqlite: Callable[[], str],
) -> None:
    office = office_on(new_sqlite())
    office.change(seed)
    assert await office.lines("mend") == []
    assert await office.lines("note", "Slack") == [
        f"Without the optional scope {without} {what_follows}."
    ]


@pytest.fixture
def generous(manifest: dict[str, Any]) -> None:
    manifest["oauth_config"]["scopes"]["bot"] += ["channels:join", "files:read"]


@pytest.mark.usefixtures("generous")
async def test_scopes_that_nobody_needs(
    office_on: Callable[[str], Office], new_sqlite: Callable[[], str]
) -> None:
    assert await office_on(new_sqlite()).lines("note", "Slack") == [
        "The bot token may do more than Basecoach needs: channels:join, files:read."
    ]


# Coach channels


def removed(office: Office) -> None:
    office.workspace.remove_bot("C0COACH")


def deleted(office: Office) -> None:
    office.workspace.delete_channel("C0COACH")


def shared(office: Office) -> None:
    office.workspace.channels["C0COACH"].is_ext_shared = True


def public_without_bot(office: Office) -> None:
    office.team(coach_channel="C0GENERAL")


def problem_missed(office: Office) -> None:
    office.team(channel_problem="not_in_channel")


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (
            removed,
            "The coach channel of Harbor Sales (C0COACH) can't be seen: it was deleted, or is "
            "private and Basecoach is not in it. Type /invite @basecoach there, or choose another "
            "with /coach.",
        ),
        (
            deleted,
            "The coach channel of Harbor Sales (C0COACH) can't be seen: it was deleted, or is "
            "private and Basecoach is not in it. Type /invite @basecoach there, or choose another "
            "with /coach.",
        ),
        (
            archived,
            "#coach-dana, the coach channel of Harbor Sales, is archived. "
            "Unarchive it, or choose another with /coach.",
        ),
        (
            shared,
            "#coach-dana, the coach channel of Harbor Sales, is shared with another organization, "
            "whose people could read the reps' numbers. Choose another with /coach.",
        ),
        (public_without_bot, "Basecoach is not in #general. Type /invite @basecoach there."),
        (
            problem_missed,
            "#coach-dana, the coach channel of Harbor Sales, is fine now, but its last alert was "
            "refused (not_in_channel). `basecoach run` notices within ten minutes; until then "
            "alerts go to the coach.",
        ),
    ],
)
async def test_a_coach_channel_that_cannot_be_used(
    office: Office, trouble: Callable[[Office], None], words: str
) -> None:
    trouble(office)
    assert await office.lines("mend") == [words]


async def test_a_public_channel_is_worth_a_note(office: Office) -> None:
    office.team(coach_channel="C0GENERAL")
    office.workspace.invite_bot("C0GENERAL")
    assert await office.lines("mend") == []
    assert await office.lines("note", "Slack") == [
        "#general is public: everybody in the workspace can read the alerts there."
    ]


async def test_slack_asks_to_wait_in_the_middle_of_the_channels(office: Office) -> None:
    office.workspace.faults.next_call("429", "conversations.info", retry_after=20)
    assert await office.lines("note", "Slack") == [
        "Slack asks to wait 20 s, so 1 of 1 coach channels are not checked. "
        "Start doctor again after that."
    ]
