"""Charts stay inside their frame and can be heard."""

from __future__ import annotations

import pytest

from tests.sandbox.rendering.reading import Json, Reading, draw


def chart(kind: str, *series: list[float]) -> Json:
    labels = ["W1", "W2", "W3"]
    return {
        "type": "data_visualization",
        "block_id": "c",
        "title": "Conversations",
        "chart": {
            "type": kind,
            "axis_config": {"categories": labels, "x_label": "Week"},
            "series": [
                {
                    "name": f"S{number}",
                    "data": [
                        {"label": label, "value": value}
                        for label, value in zip(labels, values, strict=True)
                    ],
                }
                for number, values in enumerate(series)
            ],
        },
    }


@pytest.mark.parametrize("kind", ["line", "bar", "area"])
@pytest.mark.parametrize("values", [[17, 20, 3], [0, 0, 0], [-5, 2.5, 0], [1e9, 2e9, 1]])
def test_charts_stay_inside_their_frame(kind: str, values: list[float]) -> None:
    page = draw(chart(kind, values, [20, 20, 20]))
    box = [float(each) for each in page.one("svg", role="img")["viewbox"].split()]
    for dot in page.all("circle"):
        assert 0 <= float(dot["cx"]) <= box[2]
        assert 0 <= float(dot["cy"]) <= box[3]
    for bar in page.all("rect"):
        assert float(bar["y"]) >= 0
        assert float(bar["y"]) + float(bar["height"]) <= box[3]
    assert len(page.all("rect" if kind == "bar" else "circle")) == 6
    assert len(page.all("polygon")) == (2 if kind == "area" else 0)


def test_a_chart_can_be_heard() -> None:
    spoken = draw(chart("line", [17, 20.5, 3])).one("svg", role="img")["aria-label"]
    assert spoken == "Conversations. S0: W1 17, W2 20.5, W3 3"


def test_a_pie_is_cut_by_its_values() -> None:
    def pie(*values: float) -> Reading:
        segments = [{"label": f"S{value}", "value": value} for value in values]
        return draw(
            {
                "type": "data_visualization",
                "block_id": "p",
                "title": "Weeks",
                "chart": {"type": "pie", "segments": segments},
            }
        )

    assert len(pie(3, 1).all("path")) == 2
    assert len(pie(4).all("circle")) == 1
    assert "S3: 3 (75%)" in pie(3, 1).words
