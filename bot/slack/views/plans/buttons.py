"""What can be done about a version of a plan, by whom: the buttons under messages and in modals."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.shown.plans import PlanShown
from bot.rules.conflicts import Conflict
from bot.slack.views import words
from bot.slack.views.blocks import Block, Element, actions, button, confirmation, shorten

MOST_NAMED = 2
"""How many pairs of conflicting goals a question names; it has room for 300 characters."""

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
WITHDRAW = "plan.withdraw"


def for_coach(shown: PlanShown) -> list[Block]:
    """What the coach can do about this version now."""
    about = f"{shown.rep_name}’s plan"
    if shown.state == "proposed":
        return [
            actions(
                _button(
                    shown, "Approve", APPROVE, _from_when(shown), True, confirm=_asks_first(shown)
                ),
                _button(
                    shown, "Approve from a later week", APPROVE_LATER, f"{about}: a later week"
                ),
                _button(shown, "Send back", SEND_BACK, f"Send {about} back"),
                _button(shown, "Suggest numbers", SUGGEST, f"Suggest numbers for {about}"),
                *_how(shown),
            )
        ]
    if shown.state == "offered" and shown.coach_agreed_at is None:
        return [actions(*_raise(shown), *_how(shown))]
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
    if shown.state == "proposed":
        return [actions(_withdraw(shown))]
    if shown.state == "suggested":
        return [
            actions(
                _button(shown, "Accept", ACCEPT, "Accept the suggested numbers", True),
                _button(shown, "No, thanks", DECLINE, "Decline the suggested numbers"),
                *_how(shown),
            )
        ]
    if shown.state == "offered" and shown.rep_agreed_at is None:
        return [actions(*_raise(shown), *_how(shown))]
    if shown.state == "sent_back":
        return [actions(_button(shown, "Change the plan", CHANGE, "Change the plan", True))]
    return []


def _from_when(shown: PlanShown) -> str:
    """What *Approve* does: a message that is read in a later week is approved for a later Monday."""
    day = words.day(shown.next_week, shown.reader)
    return f"Approve, to count from {day} at the earliest: {shown.rep_name}’s plan"


def _asks_first(shown: PlanShown) -> Element | None:
    """What *Approve* asks before it counts; None where no goals are in each other's way."""
    if not shown.conflicts:
        return None
    return confirmation(
        "Approve it all the same?",
        f"{in_each_others_way(shown.conflicts)} {shown.rep_name}’s targets count as they are.",
        yes="Approve all the same",
        no="Not yet",
    )


def in_each_others_way(conflicts: Sequence[Conflict]) -> str:
    """Names the goals that conflict, plain: the first two pairs, and how many more there are."""
    pairs = [
        f"“{shorten(found.first, 40)}” against “{shorten(found.second, 40)}”"
        for found in conflicts[:MOST_NAMED]
    ]
    more = len(conflicts) - len(pairs)
    named = ", ".join(pairs) + (f", and {more} more" if more else "")
    verb = "Goals are" if more or len(pairs) > 1 else "Two goals are"
    return f"{verb} in each other’s way: {named}."


def _withdraw(shown: PlanShown) -> Element:
    asks_first = confirmation(
        "Withdraw the plan?",
        "Nobody can sign it then. Your targets stay as they are, and you can change it and send it again.",
        yes="Withdraw",
        no="Leave it there",
    )
    label = "Withdraw the plan before it is decided about"
    return _button(shown, "Withdraw", WITHDRAW, label, confirm=asks_first)


def _how(shown: PlanShown) -> list[Element]:
    about = f"How {shown.rep_name}’s targets come about, version {shown.version}"
    return [_button(shown, "How it comes about", SEE, about)]


def _raise(shown: PlanShown) -> list[Element]:
    return [
        _button(shown, "Raise it", AGREE, f"Raise {shown.rep_name}’s sights", True),
        _button(shown, "Not now", NOT_NOW, f"Don’t raise {shown.rep_name}’s sights now"),
    ]


def _button(
    shown: PlanShown,
    text: str,
    action_id: str,
    label: str,
    primary: bool = False,
    *,
    confirm: Element | None = None,
) -> Element:
    return button(
        text,
        action_id=action_id,
        value=str(shown.plan_id),
        style="primary" if primary else None,
        label=label,
        confirm=confirm,
    )
