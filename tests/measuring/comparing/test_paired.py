import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from analysis.errors import CountsError
from analysis.measuring.comparing.adjusting.paired import one_sided_events
from analysis.measuring.comparing.comparison import compare_groups
from tests.measuring.hand_made import counts_ab

PAIR = ("pressure", "parley")


def within_events(counts, **options) -> pd.DataFrame:
    if "frames" not in options:
        options["contrast"] = PAIR
    return compare_groups(counts, "by-hand", within=options.pop("within", "event"), **options)


@pytest.fixture(scope="module")
def counts():
    """Twelve events in two outlets, some articles without an event or a hit, a third outlet."""
    rng = np.random.default_rng(12)
    event = np.repeat([f"e{n:02}" for n in range(12)], 4)
    outlet = np.tile(["Gazette", "Gazette", "Herald", "Tribune"], 12)
    outlet[:4] = "Gazette"  # e00 and e01 have one side alone
    outlet[4:8] = "Herald"
    a, b = rng.negative_binomial(2, 0.4, (2, 48))
    a[9] = b[9] = 0
    day = pd.Timestamp("2021-03-01") + pd.to_timedelta(np.arange(48), "D")
    return counts_ab(list(a), list(b), list(rng.integers(50, 90, 48)), outlet=outlet, event=event,
                     date=day, title=[f"title {n}" for n in range(48)])  # fmt: skip


def sides(counts, measure="contrast") -> tuple[np.ndarray, ...]:
    """Hits of both sides, or hits and other tokens, in the events that Gazette and Herald have."""
    d = counts.documents.assign(a=counts.hits.toarray()[:, 0], b=counts.hits.toarray()[:, 3])
    d["b"] = d["n_tokens"] - d["a"] if measure == "rate" else d["b"]
    sums = d.groupby(["event", "outlet"])[["a", "b"]].sum().unstack("outlet")
    both = sums.drop(columns="Tribune", level=1).dropna()
    both = both[(both.T.groupby(level=1).sum() > 0).all()]
    return tuple(both[side, outlet].to_numpy() for outlet in ("Gazette", "Herald") for side in "ab")


def test_the_odds_ratio_is_that_of_mantel_and_haenszel(counts):
    a, b, c, d = sides(counts)
    row = within_events(counts).iloc[0]
    assert (row["outlet"], row["outlet_other"], row["events"]) == ("Gazette", "Herald", len(a))
    tables = StratifiedTable([np.array(two).reshape(2, 2) for two in zip(a, b, c, d, strict=True)])
    assert row["difference"] == pytest.approx(np.log(tables.oddsratio_pooled))
    left = []
    for out in range(len(a)):
        keep = [two for n, two in enumerate(tables.table.transpose(2, 0, 1)) if n != out]
        left.append(np.log(StratifiedTable(keep).oddsratio_pooled))
    e = np.array(left) - np.mean(left)
    assert row["difference"] / row["t"] == pytest.approx(np.sqrt((e**2).sum()))
    df = min(len(a) - 1, 2 / ((e**4).sum() / (e**2).sum() ** 2 - 1 / len(a)))
    assert row["df"] == pytest.approx(df)
    assert row["p"] == pytest.approx(2 * stats.t.sf(abs(row["t"]), df))


def test_shares_are_paired_means_with_students_t(counts):
    a, b, c, d = sides(counts)
    row = within_events(counts).iloc[0]
    one, other = a / (a + b), c / (c + d)
    assert row["share"] == pytest.approx(one.mean())
    assert row["share_other"] == pytest.approx(other.mean())
    interval = stats.ttest_rel(one, other).confidence_interval()
    assert row["share_difference_low"] == pytest.approx(interval.low)
    assert row["share_difference_high"] == pytest.approx(interval.high)


def test_the_rate_ratio_is_that_of_mantel_and_haenszel(counts):
    """The rate ratio of Rothman, Greenland and Lash (2008), Modern Epidemiology, ch. 15."""
    a, b, c, d = sides(counts, "rate")
    row = within_events(counts, frames=["pressure"], measure="rate").iloc[0]
    t, u = a + b, c + d
    expected = (a * u / (t + u)).sum() / (c * t / (t + u)).sum()
    assert row["difference"] == pytest.approx(np.log(expected))
    assert row["share"] == pytest.approx((a / t).mean())


def test_one_article_a_side_counts_the_discordant_pairs():
    """McNemar: 6 events in which the first alone has the frame, 3 in which the second alone has."""
    first = [1] * 6 + [0] * 3 + [1] * 5 + [0] * 4
    second = [0] * 6 + [1] * 3 + [1] * 5 + [0] * 4
    counts = counts_ab(first + second, [0] * 36, outlet=["G"] * 18 + ["H"] * 18,
                       event=list(range(18)) * 2)  # fmt: skip
    row = within_events(counts, frames=["pressure"]).iloc[0]
    assert row["events"] == 18
    assert row["difference"] == pytest.approx(np.log(6 / 3))
    assert row["share_difference"] == pytest.approx(3 / 18)


def test_what_one_side_alone_covers_is_counted_and_listed(counts):
    row = within_events(counts).iloc[0]
    assert (row["events_alone"], row["events_other_alone"]) == (1, 1)
    table = one_sided_events(counts)
    assert table.equals(one_sided_events(counts.documents))
    table = table[~table[["outlet", "outlet_other"]].isin(["Tribune"]).any(axis=1)]
    assert table[["outlet", "outlet_other", "event", "articles"]].to_numpy().tolist() == [
        ["Gazette", "Herald", "e00", 4], ["Herald", "Gazette", "e01", 4]]  # fmt: skip
    assert table["title"].tolist() == ["title 0", "title 4"]
    assert table["last"].dt.day.tolist() == [4, 8]
    with pytest.raises(CountsError, match="match_events"):
        one_sided_events(counts.documents.drop(columns="event"))


def test_the_rest_and_further_columns(counts):
    rest = within_events(counts, against="rest").set_index("outlet")
    other = counts.documents["outlet"].where(counts.documents["outlet"] == "Gazette", "others")
    pair = within_events(counts.assign(outlet=other)).iloc[0]
    assert rest.loc["Gazette", "difference"] == pytest.approx(pair["difference"])
    half = np.where(counts.documents["event"] < "e06", "before", "after")
    split = within_events(counts.assign(half=half), within=["half", "event"])
    alone = within_events(counts.assign(half=half).subset(half == "after"))
    columns = ["outlet", "outlet_other", "events", "difference", "t"]
    found = split[split["half"] == "after"][columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, alone[columns])


def test_too_little_evidence_says_so(counts):
    two = counts.subset(counts.documents["event"].isin(["e05", "e00"]).to_numpy())
    row = within_events(two).iloc[0]
    assert row["events"] == 1
    assert "hangs on one event" in row["note"] or "one direction" in row["note"]
    assert np.isnan(row["p"])
    none = counts.subset(counts.documents["event"].isin(["e01", "e00"]).to_numpy())
    assert within_events(none).iloc[0]["note"] == "no event with hits on both sides"
    with pytest.raises(CountsError, match="alike already"):
        within_events(counts, adjust="title")
    with pytest.raises(CountsError, match="no two groups"):
        within_events(counts.assign(outlet="Gazette"))


def test_articles_without_an_event_are_left_out(counts):
    event = counts.documents["event"].astype("str").mask(counts.documents["event"] == "e03")
    found = within_events(counts.assign(event=event))
    alone = within_events(counts.subset(event.notna().to_numpy()))
    pd.testing.assert_frame_equal(found, alone)
