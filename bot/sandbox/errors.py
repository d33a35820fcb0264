"""The error that the workspace answers with when it refuses something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """The workspace refuses something. `code` is Slack's word for what was wrong.

    `messages` become `response_metadata.messages`, and `extra` the other fields of the answer.
    """

    def __init__(self, code: str, *, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.extra = extra

    def payload(self) -> dict[str, Any]:
        """Return the body of the answer, with `ok` false."""
        answer: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": self.messages}
        return answer
