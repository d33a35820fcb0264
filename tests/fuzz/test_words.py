"""What people type, and what Slack answers: anything at all is read, or refused in one sentence."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime
from typing import Any

import aiohttp
import pytest
from babel import localedata
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.calendars.zones import known_zone
from bot.rules.companies import clean_name, near_misses, plain_text
from bot.rules.days import find_day
from bot.rules.numbers import parse_number, show_number
from bot.rules.problems import CompanyProblem, DayProblem, NotUnderstood, NumberProblem
from bot.rules.quick_log import QuickLog, parse_quick_log
from bot.rules.weeks import parse_time, parse_weekday
from bot.sandbox.block_kit.checks import check_view
from bot.slack.outcomes import Failure, classify
from bot.slack.views import blocks
from bot.slack.views.conversations.messages import not_understood_message
from bot.slack.views.mrkdwn import escape
from tests.fuzz.conftest import fuzzed
from tests.fuzz.odd import texts, values

LOCALES = st.sampled_from(sorted(localedata.locale_identifiers()))
CURRENCIES = st.sampled_from(["USD", "EUR", "GBP", "JPY", "CHF", "INR", "KWD", "ISK"])
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))

_SAID = """
Acme "Blue Ocean" “Blue” 's Heeren 1st 2nd 3rd home won lost asked not inoffensive 12k $12,500
€1.234,5 1.2m yesterday today tomorrow monday last mon 3 Mar March 2026 2026-03-03 3/4 31/2 on
for at , - – & &amp; &lt;!here&gt; <@U0DANA> <https://acme.example|acme.example> -5 (5) 1e9 ' "
"""
WORDS = st.sampled_from(_SAID.split())
LINES = st.one_of(texts, st.lists(st.one_of(WORDS, texts), max_size=8).map(" ".join))
NUMBERS = st.one_of(
    texts,
    st.text(string.digits + ".,' \u202f\u00a0kKmM$€£-()+٫٬٣१", max_size=24),
    st.builds("{}{}".format, st.decimals(allow_nan=True, allow_infinity=True), texts),
)


def assert_is_sentence(words: str) -> None:
    """Something a person can read in Slack."""
    assert words.strip()
    assert len(words) < 1_000
    assert "Traceback" not in words
    assert "Error" not in words


@fuzzed(400)
@given(LINES, DAYS, LOCALES, CURRENCIES, st.none() | DAYS)
def test_a_line_is_logged_or_refused_in_a_sentence(
    line: str, today: date, locale: str, currency: str, first_open: date | None
) -> None:
    try:
        said = parse_quick_log(
            line, today=today, locale=locale, currency=currency, first_open_day=first_open
        )
    except NotUnderstood as problem:
        assert_is_sentence(problem.sentence)
        shown = not_understood_message(problem)
        view = blocks.modal("Not understood", shown["blocks"], callback_id="shown")
        assert check_view(view, kind="modal") == []
    else:
        assert isinstance(said, QuickLog)
        assert said.held_on <= today
        assert clean_name(said.company) == said.company
        assert said.amount is None or said.amount >= 0


@fuzzed(400)
@given(NUMBERS, LOCALES, CURRENCIES, st.sampled_from(["count", "money", "hours", "\u200b"]))
def test_a_number_is_read_or_refused_in_a_sentence(
    text: str, locale: str, currency: str, unit: str
) -> None:
    try:
        reading = parse_number(text, locale=locale, unit=unit, currency=currency)
    except NumberProblem as problem:
        assert_is_sentence(str(problem))
    else:
        assert 0 <= reading.value < 10**12
        assert reading.note is None or reading.note.strip()
        shown = show_number(reading.value, unit=unit, locale=locale, currency=currency)
        assert shown.strip()


@fuzzed(300)
@given(st.lists(st.one_of(WORDS, texts).map(str.casefold), min_size=1, max_size=5), DAYS)
def test_a_day_is_found_or_refused_in_a_sentence(words: list[str], today: date) -> None:
    try:
        found = find_day(words, today=today)
        length = found.length if found is not None else 1
    except DayProblem as problem:
        assert_is_sentence(str(problem))
        length = problem.length
    assert 1 <= length <= len(words)


@fuzzed(300)
@given(LINES, st.lists(texts, max_size=4))
def test_a_company_is_cleaned_or_refused_in_a_sentence(text: str, known: list[str]) -> None:
    assert plain_text(plain_text(text)) is not None
    try:
        name = clean_name(text)
    except CompanyProblem as problem:
        assert_is_sentence(str(problem))
    else:
        assert clean_name(name) == name
        name.encode()  # nothing that can't be stored
        assert "\x00" not in name
        assert set(near_misses(name, known)) <= set(known)


@fuzzed(200)
@given(st.one_of(values, LINES))
def test_a_time_zone_is_one_of_the_database_or_none(value: Any) -> None:
    zone = known_zone(value)
    assert zone is None or known_zone(zone) == zone


@fuzzed(200)
@given(LINES)
def test_times_and_weekdays_are_read_or_not_known(text: str) -> None:
    at, day = parse_time(text), parse_weekday(text)
    assert at is None or at.tzinfo is None
    assert day is None or 0 <= day <= 6


@fuzzed(300)
@given(texts)
def test_text_of_people_never_becomes_a_control(text: str) -> None:
    escaped = escape(text)
    assert not {"<", ">"} & set(escaped)
    undone = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert undone == text


ANSWERS = st.one_of(
    values,
    st.fixed_dictionaries(
        {"ok": st.booleans()},
        optional={
            "error": st.one_of(values, st.sampled_from(["ratelimited", "not_in_channel", "fatal"])),
            "needed": values,
            "response_metadata": st.one_of(values, st.fixed_dictionaries({"messages": values})),
        },
    ),
)
HEADERS = st.dictionaries(
    st.sampled_from(["Retry-After", "retry-after", "RETRY-AFTER", "Content-Type"]),
    st.one_of(
        st.sampled_from(["30", "0", "-1", "1.5", "", "Wed, 21 Oct 2026 07:28:00 GMT", "9" * 400]),
        texts,
    ),
    max_size=2,
)


@fuzzed(300)
@given(ANSWERS, HEADERS, st.sampled_from([200, 301, 400, 429, 500, 502, 599]))
def test_any_answer_of_slack_is_understood(
    answer: Any, headers: dict[str, str], status: int
) -> None:
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.example/api/chat.postMessage",
        req_args={},
        data=answer,
        headers=headers,
        status_code=status,
    )
    failure = classify(SlackApiError("refused", response))
    assert isinstance(failure, Failure)
    assert failure.code
    assert 0 <= failure.retry_after < 10**9
    # A wait that long can still be added to a moment.
    assert datetime(2026, 11, 23, tzinfo=UTC).timestamp() + failure.retry_after > 0


@pytest.mark.parametrize(
    "error", [TimeoutError(), aiohttp.ServerDisconnectedError(), ConnectionResetError()]
)
def test_a_broken_connection_is_understood(error: Exception) -> None:
    assert classify(error) is not None
