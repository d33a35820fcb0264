"""Reading a body gives what Bolt's own reading gives, whatever the body is."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from hypothesis import example, given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncBoltRequest
from starlette.datastructures import Headers

from bot.http.payloads import SlackRequest, payload_of

FORM = Headers({"content-type": "application/x-www-form-urlencoded"})

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def outcome(body: bytes, *, ours: bool, headers: Headers = FORM) -> tuple[str, Any]:
    try:
        request = (
            SlackRequest(body, headers)
            if ours
            else AsyncBoltRequest(body=body.decode("utf-8"), headers=headers)  # type: ignore[arg-type]
        )
    except Exception as error:
        return type(error).__name__, str(error)
    context = {key: value for key, value in request.context.items() if key != "request"}
    return request.mode, (request.body, request.raw_body, request.headers, context)


@given(st.dictionaries(st.text(), JSON), st.booleans(), st.booleans())
def test_what_slack_sends_is_read_fast_and_right(
    payload: dict[str, Any], plus: bool, ascii_only: bool
) -> None:
    text = json.dumps(payload, ensure_ascii=ascii_only)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair cannot be sent
        return
    body = urlencode({"payload": text}, quote_via=quote_plus if plus else quote).encode()
    assert payload_of(body) == payload
    assert outcome(body, ours=True) == outcome(body, ours=False)


@given(st.binary().map(lambda rest: b"payload=" + rest) | st.binary())
@example(b"payload=%7B%22a%22%3A%22%")
@example(b"payload=%7B%22a%22%3A%22%zz%22%7D")
@example(b"payload=%7B%22a%22%3A%22%%41%22%7D")
@example(b"payload=%7B%22a%22%3A%22%C3%22%7D")
@example(b"payload=%7B%22a%22%3A%22=41%22%7D")
@example(b"payload=%7B%22a%22%3A%22x%\n%22%7D")
@example(b"payload=%7B%7D&payload=%7B%22a%22%3A1%7D")
@example(b"payload=[]")
@example(b"payload=")
@example(b"{}")
@example(b"command=%2Fcheckin&text=payload")
def test_any_bytes_are_read_as_bolt_reads_them(body: bytes) -> None:
    assert outcome(body, ours=True) == outcome(body, ours=False) or not _is_text(body)


@given(st.text(alphabet='%{}":,=+&abAB0123\r\n \u00e9', max_size=40))
def test_text_that_is_nearly_a_payload_is_read_as_bolt_reads_it(rest: str) -> None:
    body = f"payload=%7B%22a%22%3A%22{rest}%22%7D".encode()
    assert outcome(body, ours=True) == outcome(body, ours=False)


def test_a_json_body_stays_bolts_affair() -> None:
    headers = Headers({"content-type": "application/json"})
    body = b"payload=%7B%7D"
    assert outcome(body, ours=True, headers=headers) == outcome(body, ours=False, headers=headers)


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
