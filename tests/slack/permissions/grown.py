"""What the weeks did not leave open: a draft, a pause, a number by hand, and forms that others lead to."""

from __future__ import annotations

from bot.sandbox.records import Json
from tests.slack.permissions.filled import GIVEN
from tests.slack.permissions.harvest import Owned, on_screen, opened
from tests.slack.permissions.pressing import Desk, Thing
from tests.slack.permissions.pressing import things as parts_of
from tests.slack.permissions.walk import NEW_CHANNEL, QUINN

PRIYA = "U0PRIYA"
PEOPLE = (PRIYA, "U0SAM", "U0DANA", QUINN, "U0MORGAN", "U0ALEX", "U0SUBST", "U0GUEST")

MONDAY = "2026-12-14"


def _chosen(block_id: str, *values: str) -> Json:
    options = [{"text": {"type": "plain_text", "text": value}, "value": value} for value in values]
    element = {"type": "static_select", "action_id": "value", "options": options}
    label = {"type": "plain_text", "text": block_id}
    element |= {"initial_option": options[0]}
    return {"type": "input", "block_id": block_id, "label": label, "element": element}


def _form(callback_id: str, metadata: str, *blocks: Json) -> Json:
    plain = {"type": "plain_text", "text": "Forged"}
    body = {"type": "modal", "callback_id": callback_id, "private_metadata": metadata}
    return {**body, "title": plain, "submit": plain, "blocks": list(blocks)}


FORGED_FORMS = {
    body["callback_id"]: body
    for body in (
        _form("record.correction", '{"check_in":1,"page":0}', _chosen("answer", "1")),
        _form("setup.calendar.region", '{"team":1,"days":"01234","country":"DE"}'),
        _form("notice", "{}"),
    )
}
"""Forms that nothing opens at this moment."""

OPENING = (
    *((PRIYA, "/checkin", text) for text in ("", "away")),
    *((PRIYA, "/log-conversation", text) for text in ("", "list", "deals")),
    (PRIYA, "/plan", ""),
    *((QUINN, "/coach", text) for text in ("", "pause", "substitute", "reps", "metric")),
    ("U0ALEX", "/coach", "team"),
    (QUINN, "/coach", "targets <@U0PRIYA>"),
    *((QUINN, "/coach", text) for text in ("targets team", "calendar", "<@U0PRIYA>")),
    (QUINN, "/plan", "<@U0PRIYA>"),
    ("U0ALEX", "/coach", "acts"),
)


async def grow(desk: Desk) -> tuple[dict[str, Owned], dict[str, Json]]:
    """Add it, and return everything that can be pressed by its key, and the forms by their callback_id."""
    await desk.services.profiles.refresh(1, PEOPLE)
    desk.keep()
    forms: dict[str, Json] = {}
    logged = await desk.command(PRIYA, "/checkin", "log Calls 5", keeps=True)
    assert logged.changed
    pause = (await desk.command(QUINN, "/coach", "pause")).views[0]
    await desk.submit(QUINN, pause, {"first_week": MONDAY}, keeps=True)
    await _draft(desk, forms)
    inside = [
        (PRIYA, one)
        for body in forms.values()
        for one in parts_of(body["blocks"], body, None, None)
    ]
    things, found = await opened(desk, [*on_screen(desk), *inside], list(OPENING))
    forms = {key: body for key, (_, body) in found.items()} | forms | FORGED_FORMS
    for action_id in ("plan.approve_later", "plan.send_back", "plan.decline"):
        desk.write(GIVEN[action_id])
        action: Json = {"type": "button", "action_id": action_id, "block_id": "b", "value": "2"}
        who = PRIYA if action_id == "plan.decline" else QUINN
        (view,) = (await desk.press(who, Thing(action, {}, desk.workspace.dm_of(who).id))).views
        forms[view["callback_id"]] = view
    for action_id, place, value in FORGED:
        surface = forms.get(place, {})
        channel = place if place.startswith(("C", "D")) else None
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        if "=" in value:
            action["type"] = "overflow"
            option = {"text": {"type": "plain_text", "text": "…"}, "value": value[1:]}
            action = {**action, "selected_option": option}
            del action["value"]
        things.setdefault(action_id, (PRIYA, Thing(action, surface, channel, "1.0")))
    return things, forms


async def _draft(desk: Desk, forms: dict[str, Json]) -> None:
    """Priya begins another version of her plan; its forms follow each other."""
    overview = (await desk.command(PRIYA, "/plan", "")).views[0]
    action: Json = {"type": "button", "action_id": "plan.change", "block_id": "b"}
    seen = await desk.press(PRIYA, Thing(action, overview), keeps=True)
    view = seen.views[-1]
    while view["callback_id"] not in forms:
        forms[view["callback_id"]] = view
        values = {"plan.goal": "713k"} if view["callback_id"] == "plan.goal_step" else {}
        if view["callback_id"] == "plan.review_step":
            return
        seen = await desk.submit(PRIYA, view, values, keeps=True)
        assert "view" in seen.answer, (view["callback_id"], seen.words[:1500])
        view = seen.answer["view"]


FORGED = (
    ("alert.take", NEW_CHANNEL, "2"),
    ("brief.praise", NEW_CHANNEL, "1:1"),
    ("brief.page.more", NEW_CHANNEL, "1:1"),
    ("home.turn.more", "record", "1"),
    ("conversation.fill", "D0PRIYA", "1"),
    ("conversation.edit_listed", "conversation.week", "1"),
    ("conversation.which.0", "D0PRIYA", "1"),
    ("conversation.week_page.1", "conversation.week", "0"),
    ("conversation.deals_page.1", "conversation.deals", "0"),
    ("entry.undo", "D0PRIYA", "1"),
    ("absence.more", "absence.form", "=take_back:1"),
    ("numbers.nod", NEW_CHANNEL, "2"),
    ("record.page.1", "record", "0"),
    ("record.log_page.1", "record.log", "0"),
    ("record.correct", "record", "1"),
    ("plan.approve", NEW_CHANNEL, "2"),
    ("plan.approve_later", NEW_CHANNEL, "2"),
    ("plan.send_back", NEW_CHANNEL, "2"),
    ("plan.withdraw", "D0PRIYA", "2"),
    ("plan.accept", "D0PRIYA", "2"),
    ("plan.decline", "D0PRIYA", "2"),
    ("plan.agree", NEW_CHANNEL, "2"),
    ("plan.not_now", NEW_CHANNEL, "2"),
    ("plan.discard", "plan.overview", "2"),
    ("plan.back_to_goal", "plan.numbers_step", ""),
    ("plan.back_to_numbers", "plan.review_step", ""),
    ("plan.add_goal.income", "plan.review_step", "2"),
    ("plan.goal_more", "plan.review_step", "=change:income:2:1"),
    ("substitute.back", "D0QUINN", ""),
    ("pause.take_back", "setup.pause", "1"),
    ("team_targets.team", "setup.team_targets", "=1"),
    ("team_targets.page", "setup.team_targets", "=0"),
)
"""What stands nowhere at this moment: the action_id, where it would stand, its value (`=` of a menu)."""
