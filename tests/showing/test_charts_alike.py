"""Charts of groups compared like with like: what is drawn is what the tables say."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from analysis.errors import CountsError
from analysis.showing.charts import adjusted_differences, chart, event_slopes


def adjusted() -> pd.DataFrame:
    table = pd.DataFrame(
        {"outlet": ["Gazette", "Herald", "Post"], "share_difference": [0.3, -0.2, 0.1]}
    )
    for prefix, part in (("", 1.0), ("adjusted_", 0.25)):
        value = table["share_difference"] * part
        for end, by in (("", 0.0), ("_low", -0.05), ("_high", 0.05)):
            table[f"{prefix}share_difference{end}"] = value + by
    return table


def test_both_differences_of_each_group_are_drawn():
    table = adjusted()
    table.loc[2, table.columns.str.startswith("adjusted")] = np.nan  # was refused
    ax = adjusted_differences(table)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Herald", "Post", "Gazette"]
    raw, made = (line for line in ax.lines if line.get_label() in ("unadjusted", "adjusted"))
    assert raw.get_xdata() == pytest.approx([-0.2, 0.1, 0.3])
    assert made.get_xdata() == pytest.approx([-0.05, np.nan, 0.075], nan_ok=True)
    assert to_rgba(raw.get_markerfacecolor()) == to_rgba("white")
    low, high = ax.collections[1].get_segments()[2][:, 0]
    assert (low, high) == pytest.approx((0.025, 0.125))
    assert ax.get_xlabel() == "difference of the shares, to all others"


def test_pairs_and_frames_have_rows_of_their_own():
    table = pd.concat([adjusted().assign(frame=name, measure="rate") for name in "ab"])
    ax = adjusted_differences(table.assign(outlet_other="Tribune"))
    assert len(ax.get_yticklabels()) == 6
    assert "Gazette - Tribune - a" in [text.get_text() for text in ax.get_yticklabels()]
    assert ax.get_xlabel() == "difference of the hits per token, to the other group"
    with pytest.raises(CountsError, match="two rows"):
        adjusted_differences(pd.concat([table, table]))
    with pytest.raises(CountsError, match="adjust"):
        adjusted_differences(table.drop(columns="adjusted_share_difference"))
    assert "no rows" in adjusted_differences(adjusted()[:0]).texts[0].get_text()


def test_each_event_is_a_line_and_the_heavy_one_their_mean():
    table = pd.DataFrame({"outlet": list("GHGHGHP"), "event": list("aabbccc"),
                          "share": [0.8, 0.4, 0.5, 0.7, 0.2, np.nan, 0.9]})  # fmt: skip
    ax = event_slopes(table, frames=("threats", "talks"))
    lines = [tuple(line.get_ydata()) for line in ax.lines if line.get_marker() == "o"]
    assert (0.8, 0.4) in lines
    assert (0.5, 0.7) in lines
    assert lines[-1] == pytest.approx((0.65, 0.55))
    assert [text.get_text() for text in ax.get_xticklabels()] == ["G", "H"]
    other = event_slopes(table, sides=("P", "G"), frames=("threats", "talks"))
    assert other.texts[0].get_text() == "1 event; heavy: the mean"
    with pytest.raises(CountsError, match="no 'X'"):
        event_slopes(table, sides=("X", "G"), frames=("a", "b"))
    with pytest.raises(CountsError, match="fewer than two"):
        event_slopes(table[table["outlet"] == "G"], frames=("a", "b"))
    with pytest.raises(CountsError, match="fewer than two groups"):
        event_slopes(table[:0], frames=("a", "b"))


def test_one_frame_on_the_same_events_is_drawn():
    table = pd.DataFrame({
        "outlet": list("GHGHGHP"), "event": list("aabbccc"), "frame": "conflict", "articles": 2,
        "prevalence": [1.0, 0.5, 0.0, 0.25, 0.5, np.nan, 1.0], "rate": [9.0, 3, 0, 1, 2, np.nan, 5],
    })  # fmt: skip
    for draw in (event_slopes, chart):
        ax = draw(table)
        lines = [tuple(line.get_ydata()) for line in ax.lines if line.get_marker() == "o"]
        assert lines == [(1.0, 0.5), (0.0, 0.25), (0.5, 0.375)]
        assert ax.get_ylabel() == "conflict:\nshare of articles with the frame"
        assert ax.get_ylim() == (-0.02, 1.02)
    rates = event_slopes(table, measure="rate")
    assert rates.get_ylabel() == "conflict:\nhits per 1,000 tokens"
    assert rates.lines[-1].get_ydata() == pytest.approx((4.5, 2.0))
    for measure in ("odds", "mean"):
        with pytest.raises(CountsError, match=f"measure='{measure}': it must be 'prevalence' or"):
            event_slopes(table, measure=measure)
    with pytest.raises(CountsError, match="the table has 2 frames: draw the rows of one"):
        event_slopes(pd.concat([table, table.assign(frame="morality")]))
    with pytest.raises(CountsError, match="lacks share"):
        event_slopes(table, measure="share")


@pytest.mark.parametrize("kind", ["share", "mean"])
def test_contrasts_and_scales_on_the_same_events_have_one_measure(kind: str):
    ends = {f"{kind}_low": 0.1, f"{kind}_high": 0.9, "n_war": 1, "n_law": 2}
    table = pd.DataFrame({"outlet": list("GHGH"), "event": list("aabb"), "frame": "war",
                          "articles": 2, kind: [0.2, 0.8, 0.4, 0.4]}).assign(**ends)  # fmt: skip
    for draw in (chart, event_slopes, lambda table: event_slopes(table, measure=kind)):
        ax = draw(table)
        lines = [tuple(line.get_ydata()) for line in ax.lines if line.get_marker() == "o"]
        assert lines == [(0.2, 0.8), (0.4, 0.4), pytest.approx((0.3, 0.6))]
    wrong = "mean" if kind == "share" else "prevalence"
    with pytest.raises(CountsError, match=f"measure='{wrong}': it must be '{kind}'"):
        event_slopes(table, measure=wrong)
    if kind == "mean":
        with pytest.raises(CountsError, match="the table has 2 frames: draw the rows of one"):
            chart(pd.concat([table, table.assign(frame="law")]))
