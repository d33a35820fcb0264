"""What can be done about a version of a plan, by whom: the buttons under messages and in modals."""

from __future__ import annotations

from bot.domain.shown.plans import PlanShown
from bot.slack.views.blocks import Block, Element, actions, button

OPEN = "plan.open"
"""What `/plan` opens; with a value, the plans of the rep with that Slack id."""
CHANGE = "plan.change"
AFRESH = "plan.afresh"
DISCARD = "plan.discard"
VERSIONS = "plan.versions"
SEE = "plan.see"

APPROVE = "plan.approve"
APPROVE_LATER = "plan.approve_later"
SEND_BACK = "plan.send_back"
SUGGEST = "plan.suggest"
ACCEPT = "plan.accept"
DECLINE = "plan.decline"
AGREE = "plan.agree"
NOT_NOW = "plan.not_now"


def for_coach(shown: PlanShown) -> list[Block]:
    """What the coach can do about this version now."""
    about = f"{shown.rep_name}’s plan"
    if shown.state == "proposed":
        return [
            actions(
                _button(shown, "Approve", APPROVE, f"Approve {about} from next Monday", True),
                _button(
                    shown, "Approve from a later week", APPROVE_LATER, f"{about}: a later week"
                ),
                _button(shown, "Send back", SEND_BACK, f"Send {about} back"),
                _button(shown, "Suggest numbers", SUGGEST, f"Suggest numbers for {about}"),
            )
        ]
    if shown.state == "offered" and shown.coach_agreed_at is None:
        return [_raise(shown)]
    if shown.state == "approved" and not shown.ended:
        return [
            actions(
                _button(shown, "See all of it", SEE, f"See {about}, version {shown.version}"),
                _button(shown, "Suggest numbers", SUGGEST, f"Suggest numbers for {about}"),
            )
        ]
    return [actions(_button(shown, "See all of it", SEE, f"See {about}, version {shown.version}"))]


def for_rep(shown: PlanShown) -> list[Block]:
    """What the rep can do about this version now."""
    if shown.state == "suggested":
        return [
            actions(
                _button(shown, "Accept", ACCEPT, "Accept the suggested numbers", True),
                _button(shown, "No, thanks", DECLINE, "Decline the suggested numbers"),
            )
        ]
    if shown.state == "offered" and shown.rep_agreed_at is None:
        return [_raise(shown)]
    if shown.state == "sent_back":
        return [actions(_button(shown, "Change the plan", CHANGE, "Change the plan", True))]
    return []


def _raise(shown: PlanShown) -> Block:
    return actions(
        _button(shown, "Raise it", AGREE, f"Raise {shown.rep_name}’s sights", True),
        _button(shown, "Not now", NOT_NOW, f"Don’t raise {shown.rep_name}’s sights now"),
    )


def _button(
    shown: PlanShown, text: str, action_id: str, label: str, primary: bool = False
) -> Element:
    return button(
        text,
        action_id=action_id,
        value=str(shown.plan_id),
        style="primary" if primary else None,
        label=label,
    )
