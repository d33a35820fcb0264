"""A modal that changes after its press was acknowledged."""

from __future__ import annotations

import pytest

from bot.slack.responding.modals import update_modal
from bot.slack.views.blocks import notice
from tests.slack.conftest import WebApi


async def test_a_modal_that_was_closed_meanwhile_stays_closed(
    web_api: WebApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await update_modal(web_api.client, "V0NOWHERE", notice("Basecoach", "Done."))
    assert [call.method for call in web_api.workspace.calls] == ["views.update"]
    assert "modal not updated" in caplog.text


async def test_a_mistake_of_ours_is_raised(web_api: WebApi) -> None:
    with pytest.raises(TypeError):
        await update_modal(web_api.client, "V1", object())  # type: ignore[arg-type]
