"""The company that lives in the sandbox: Harbor Supply Co., with its people and its channels."""

from __future__ import annotations

from bot.sandbox.records import BOT_USER_ID, Channel, User
from bot.sandbox.workspace import Workspace

PRIYA, SAM, MAYA, DANA, ALEX = "U0PRIYA", "U0SAM", "U0MAYA", "U0DANA", "U0ALEX"
PERSONAS = (PRIYA, SAM, MAYA, DANA, ALEX)
"""In the browser a visitor can be any of these: three reps, a coach, an admin."""

LEFT, ROBOT, NO_ZONE, GUEST, MORGAN = "U0LEFT", "U0ROBOT", "U0NOZONE", "U0GUEST", "U0MORGAN"
SLACKBOT = "USLACKBOT"
GENERAL, COACH_CHANNEL, OLD_CHANNEL = "C0GENERAL", "C0COACH", "C0ARCHIVED"


def seed_workspace(workspace: Workspace) -> None:
    """Fill a new workspace with its people and channels. One that has people already is not changed."""
    if workspace.users:
        return
    london, new_york = "Europe/London", "America/New_York"
    people = [
        User(PRIYA, "priya", "Priya Nair", london, title="Sales rep"),
        User(SAM, "sam", "Sam Ortiz", new_york, title="Sales rep", locale="en-US"),
        User(MAYA, "maya", "Maya Brandt", london, title="Sales rep"),
        User(DANA, "dana", "Dana Whitfield", london, title="Sales coach"),
        User(ALEX, "alex", "Alex Chen", london, title="Workspace admin", is_admin=True),
        User(MORGAN, "morgan", "Morgan Blake", london, title="Second coach"),
        User(LEFT, "lee", "Lee Marsh", london, title="Left the company", deleted=True),
        User(ROBOT, "inbox-robot", "Inbox Robot", london, is_bot=True),
        User(NO_ZONE, "noor", "Noor Haddad", None, title="Sales rep"),
        User(GUEST, "gabriel", "Gabriel Costa", london, title="Guest", is_restricted=True),
        User(SLACKBOT, "slackbot", "Slackbot", None),
        User(BOT_USER_ID, workspace.manifest.display_name, workspace.manifest.name, is_bot=True),
    ]
    for user in people:
        workspace.add_user(user)
    everybody = [user.id for user in people[:6]] + [NO_ZONE, GUEST]
    workspace.add_channel(Channel(GENERAL, "general", members=everybody, creator=ALEX))
    workspace.add_channel(
        Channel(
            COACH_CHANNEL,
            "coach-dana",
            kind="private",
            members=[DANA, ALEX, BOT_USER_ID],
            creator=DANA,
        )
    )
    workspace.add_channel(
        Channel(
            OLD_CHANNEL,
            "old-coaching",
            members=[DANA, ALEX, BOT_USER_ID],
            creator=ALEX,
            is_archived=True,
        )
    )
