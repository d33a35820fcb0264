"""Rich text keeps its lists, quotes, styles and leaves."""

from __future__ import annotations

import pytest

from bot.sandbox.rendering.blocks import Surface, blocks_to_html
from tests.sandbox.rendering.reading import VIEWER, Json


def test_rich_text_keeps_its_lists_quotes_and_styles() -> None:
    text = {"type": "text", "text": "done\nnow", "style": {"bold": True, "strike": True}}
    section = {"type": "rich_text_section", "elements": [text]}
    html = blocks_to_html(
        [
            {
                "type": "rich_text",
                "block_id": "r",
                "elements": [
                    section,
                    {"type": "rich_text_list", "style": "bullet", "elements": [section]},
                    {
                        "type": "rich_text_list",
                        "style": "ordered",
                        "indent": 1,
                        "elements": [section],
                    },
                    {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U0SAM"}]},
                    {
                        "type": "rich_text_preformatted",
                        "elements": [{"type": "text", "text": "a\n b"}],
                    },
                ],
            }
        ],
        Surface(key="m1", viewer=VIEWER),
    )
    assert html.count("<strong><s>done<br>now</s></strong>") == 3
    assert '<ul class="list indent-0"><li>' in html
    assert '<ol class="list indent-1" start="1"><li>' in html
    assert '<blockquote class="quote"><span class="mention" data-user="U0SAM">@Sam Ortiz' in html
    assert '<pre class="preformatted">a\n b</pre>' in html


@pytest.mark.parametrize(
    ("leaf", "shown"),
    [
        ({"type": "emoji", "name": "warning"}, 'data-emoji="warning"'),
        ({"type": "emoji", "name": "unheard_of"}, ":unheard_of:"),
        ({"type": "broadcast", "range": "here"}, 'data-broadcast="here"'),
        ({"type": "channel", "channel_id": "C0GENERAL"}, "#general"),
        ({"type": "link", "url": "javascript:alert(1)", "text": "safe"}, ">safe</div>"),
        ({"type": "text", "text": "*as* <!here> :x:"}, "*as* &lt;!here&gt; :x:"),
        ({"type": "date", "timestamp": 0, "format": "{date_num}", "fallback": "f"}, "1970-01-01"),
    ],
)
def test_leaves_of_rich_text(leaf: Json, shown: str) -> None:
    section = {"type": "rich_text_section", "elements": [leaf]}
    block = {"type": "rich_text", "block_id": "r", "elements": [section]}
    assert shown in blocks_to_html([block], Surface(key="m1", viewer=VIEWER))
