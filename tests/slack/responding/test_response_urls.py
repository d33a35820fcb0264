"""Answers to presses go where Slack takes them, and nowhere else."""

from __future__ import annotations

import aiohttp
import pytest

from bot.slack.responding.background import BackgroundTasks
from bot.slack.responding.response_urls import ResponseUrls
from tests.slack.conftest import Answers


@pytest.fixture
async def of_slack() -> ResponseUrls:
    """As a bot has it whose workspace is Slack's own; nothing is sent."""
    async with aiohttp.ClientSession() as session:
        return ResponseUrls(session, "https://slack.com/api/", BackgroundTasks())


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/actions/T/1",
        "https://hooks.slack.com.evil.example/actions/T/1",
        "https://evil.example/hooks.slack.com/",
        "https://user@hooks.slack.com/actions/T/1",
        "https://hooks.slack.com:8443/actions/T/1",
        "https://[hooks.slack.com/actions",
        "file:///etc/passwd",
        "",
    ],
)
async def test_no_other_address_than_slacks_is_called(of_slack: ResponseUrls, url: str) -> None:
    assert not of_slack.allowed(url)
    assert not await of_slack.send(url, {"text": "hello"})


async def test_slacks_own_address_is_called(of_slack: ResponseUrls) -> None:
    assert of_slack.allowed("https://hooks.slack.com/actions/T0/1/abc")


async def test_an_answer_is_taken_where_slack_says_so(answers: Answers) -> None:
    for status, text, taken in (
        (200, "ok", True),
        (200, '{"ok": true}', True),
        (200, '{"ok": false, "error": "used_url"}', False),
        (200, "{", False),
        (404, "expired_url", False),
        (500, "ok", False),
        (302, "", False),
    ):
        answers.status, answers.text = status, text
        assert await answers.responses.send(answers.url, {"text": "hello"}) is taken, text
    assert answers.taken == [{"text": "hello"}] * 7  # a redirect is not followed


async def test_an_answer_that_nobody_takes_is_no_error(answers: Answers) -> None:
    nobody = answers.url.replace("127.0.0.1", "127.0.0.2")
    assert not await answers.responses.send(nobody, {"text": "hello"})


async def test_later_holds_nobody_up_and_is_done_at_the_end(answers: Answers) -> None:
    answers.responses.later(answers.url, {"text": "hello"})
    assert answers.taken == []
    await answers.background.finish()
    assert answers.taken == [{"text": "hello"}]
