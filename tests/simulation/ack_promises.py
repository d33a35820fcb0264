"""The promises at each acknowledgement: what a person was told is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.slack.views.alerts import TAKE
from bot.slack.views.checkins.forms import FIELD, FORM_MODAL, NUMBER_MODAL
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES
from bot.slack.views.coaching.acts import DONE_MODAL
from bot.slack.views.conversations.messages import UNDO

if TYPE_CHECKING:
    pass
from tests.simulation.call_promises import CallPromises
from tests.simulation.records import moment_of


class AckPromises(CallPromises):
    """The checks when a payload was acknowledged."""

    def at_ack(self, envelope: Mapping[str, Any], body: str) -> None:
        """The bot is about to tell Slack that it has dealt with the payload."""
        payload = envelope["payload"]
        answered = json.loads(body) if body and body.startswith("{") else {}
        if "command" in payload:
            if payload["command"] == "/log-conversation" and UNDO in body:
                self._keep(
                    "P17",
                    "SELECT count(*) FROM conversation WHERE request_key LIKE '%:' || ?",
                    payload["trigger_id"],
                )
        elif payload.get("type") == "view_submission":
            if not answered:
                self._submission_acked(payload)
        elif payload.get("type") == "block_actions":
            self._press_acked(payload)

    def _press_acked(self, payload: Mapping[str, Any]) -> None:
        action = payload["actions"][0]
        action_id, value = action["action_id"], action.get("value")
        if payload["trigger_id"] in self._modal_triggers:
            return
        if action_id in {ANSWER_YES, ANSWER_NO}:
            found = self.rows(
                "SELECT slack_user_id, state, deadline_at FROM answer"
                " JOIN check_in ON check_in.id = check_in_id"
                " JOIN member ON member.id = check_in.member_id WHERE answer.id = ?",
                value,
            )
            if not found or found[0][0] != payload["user"]["id"]:
                return
            _, state, deadline = found[0]
            if state in {"skipped", "away"} or (
                deadline and self.now > moment_of(deadline) + timedelta(days=13, hours=23)
            ):
                return
            self._keep(
                "P17",
                "SELECT count(*) FROM answer_edit WHERE answer_id = ? AND verdict = ?",
                value,
                "yes" if action_id == ANSWER_YES else "no",
            )
        elif action_id == TAKE and payload["user"]["id"] in self.coaches_of_alert(value):
            self._keep(
                "P17",
                # An alert whose coach went waits for the present ones.
                "SELECT taken_by IS NOT NULL OR done_by IS NOT NULL OR waits_since IS NOT NULL"
                " FROM alert WHERE id = ?",
                value,
                for_ever=not self.world.mix.hand_changes,  # they free what a former coach holds
            )

    def _submission_acked(self, payload: Mapping[str, Any]) -> None:
        view = payload["view"]
        if view["callback_id"] in {NUMBER_MODAL, FORM_MODAL}:
            for block_id, inputs in view["state"]["values"].items():
                text = next(iter(inputs.values())).get("value") if inputs else None
                if block_id.startswith(FIELD) and text:
                    self._keep(
                        "P17",
                        "SELECT count(*) FROM answer_edit WHERE answer_id = ? AND number = ?",
                        block_id.removeprefix(FIELD),
                        int(Decimal(text.replace(",", "").lstrip("$")) * 10_000),
                    )
        elif view["callback_id"] == DONE_MODAL:
            alert = json.loads(view["private_metadata"])["alert"]
            self._keep("P17", "SELECT done_at IS NOT NULL FROM alert WHERE id = ?", alert)

    def coaches_of_alert(self, alert: Any) -> set[str]:
        """The people who may act on an alert now."""
        raise NotImplementedError

    def _keep(self, promise: str, query: str, *parameters: Any, for_ever: bool = True) -> None:
        if not self.one(query, *parameters):
            self._break(promise, f"acknowledged and not stored: {query} {parameters}")
        if for_ever:
            self._kept.append((promise, query, parameters))
