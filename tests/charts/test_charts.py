"""The charts: what is drawn where, and that the smallest failure is seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from assay.charts import CHARTS, badge, durations, find, lettering, shares, spark, trend
from assay.charts.drawing import Arc, Bar, Cell, Dot, Drawing, Group, Line, Text, svg
from assay.rows import Counts

AT = datetime(2026, 3, 1, tzinfo=UTC)
CALM = Counts(5000, 5000)
ONE = Counts(5000, 4999, failed=1)


def point(number: int, counts: Counts, duration: float | None = 60.0) -> trend.Point:
    return trend.Point(
        number, f"/reports/{number}", AT + timedelta(days=number), "", counts, duration
    )


def test_every_chart_says_what_it_is_for_and_has_a_name_of_its_own() -> None:
    assert all(chart.about and chart.fits for chart in CHARTS)
    names = [name for chart in CHARTS for name in (chart.name, *chart.xlt)]
    assert len(set(names)) == len(names)
    assert all(find(name) is not None for name in names)
    assert find("no such chart") is None


@given(st.text())
def test_a_drawing_is_well_formed_whatever_its_texts_are(anything: str) -> None:
    shapes = (
        Group((Bar(0, 0, 1, 2, "failed"), Cell(0, 0, 14, 14, "flaky")), anything, f"/x?{anything}"),
        Line(((0, 0), (1, 2)), "line", anything),
        Text(1, 2, anything),
        Dot(1, 2, title=anything),
        Arc(9, 9, 8, 5, 0, 1, "passed", anything, "/y"),
    )
    drawn = svg(Drawing(20, 20, anything, shapes), style="text{}")
    root = ElementTree.fromstring(drawn)
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {
        *("svg", "style", "rect", "g", "a", "title", "polyline", "text", "circle", "path")
    }


def test_a_long_name_is_cut_in_its_middle_to_the_room_there_is() -> None:
    name = "checkout › the customer who has two vouchers pays with a foreign card"
    short = lettering.cut(name, 120)
    assert lettering.measure(short) <= 120
    assert short.startswith("checkout")
    assert short.endswith("card")
    assert lettering.cut("ok", 120) == "ok"


def test_one_failure_in_five_thousand_is_seen_everywhere() -> None:
    red = [part for part in shares.draw(ONE).segments if part.status == "failed"]
    assert red[0].width >= 1.9
    strokes = spark.draw([CALM, ONE]).strokes
    assert strokes[1].status == "failed"
    assert strokes[1].height >= 2 * strokes[0].height
    drawn = trend.draw([point(1, CALM), point(2, ONE)])
    boxes = {box.status: box.height for box in drawn.columns[1].boxes}
    assert boxes["failed"] >= 3


def test_the_shares_fill_the_bar() -> None:
    bar = shares.draw(Counts(10, 5, 2, 1, 1, 1, 1))
    last = bar.segments[-1]
    assert round(last.x + last.width, 1) == shares.WIDTH
    assert bar.title == "2 failed, 1 broken, 1 flaky, 1 unknown, 4 passed, 1 skipped"
    assert shares.draw(Counts()).segments == ()


def test_the_strip_keeps_room_for_runs_to_come() -> None:
    assert spark.draw([CALM]).strokes[0].x == (spark.RUNS - 1) * spark.STEP
    assert len(spark.draw([CALM] * 40).strokes) == spark.RUNS
    assert spark.draw([]).title == "No report yet"


def test_the_trend_s_line_has_a_hole_where_no_duration_is_known() -> None:
    known = [point(n, CALM, None if n == 3 else 60.0) for n in range(6)]
    assert len(trend.draw(known).line) == 2
    assert trend.data(known)["duration"][3] is None


def test_the_trend_counts_a_flaky_test_once() -> None:
    columns = trend.data([point(1, Counts(10, 10, flaky=3))])
    assert (columns["passed"], columns["flaky"]) == ([7], [3])


def test_an_empty_history_is_drawn_too() -> None:
    assert trend.draw([]).columns == ()
    assert durations.draw([]).strokes == ()


def test_a_stroke_is_as_high_as_it_took_long() -> None:
    took = (4.0, 2.0, None)
    points = [durations.Point("passed", seconds, "") for seconds in took]
    heights = [stroke.height for stroke in durations.draw(points).strokes]
    assert heights == [durations.HEIGHT, durations.HEIGHT / 2, durations.LEAST]


def test_a_badge_leaves_room_for_its_texts_in_any_script() -> None:
    latin, cjk = badge.draw("tests", "ok", "passed"), badge.draw("检验检验检", "ok", "passed")
    assert cjk.label.width > latin.label.width
    assert latin.split < latin.mark_x < latin.message.x < latin.width
    assert badge.draw("", "ok", "passed").split == 0
    assert len(badge.draw("x" * 500, "ok", "none").label.text) == badge.LONGEST


def test_a_badge_has_a_mark_for_every_status() -> None:
    assert set(badge.FILLED) | set(badge.DRAWN) == set(badge.COLOURS)
    assert badge.draw("tests", "?", "no such status").colour == badge.COLOURS["none"]
