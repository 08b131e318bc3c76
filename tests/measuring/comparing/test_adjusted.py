import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import special

from analysis.counting.groups import group_counts
from analysis.errors import AnalysisError, CountsError, needs_extra
from analysis.measuring.comparing.comparison import compare_groups
from tests.measuring.hand_made import counts_ab, reordered

PAIR = ("pressure", "parley")


def adjusted(counts, adjust, **options) -> pd.DataFrame:
    if "frames" not in options:
        options["contrast"] = PAIR
    return compare_groups(counts, "by-hand", adjust=adjust, **options)


@pytest.fixture(scope="module")
def confounded():
    """Two outlets that differ in what they cover, and not in how: 160 articles."""
    rng = np.random.default_rng(21)
    outlet = np.repeat(["Gazette", "Herald"], 80)
    topic = np.where(rng.random(160) < np.where(outlet == "Gazette", 0.75, 0.25), "arms", "trade")
    hits = rng.negative_binomial(3, 0.4, 160)
    a = rng.binomial(hits, np.where(topic == "arms", 0.7, 0.3))
    days = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 360, 160), "D")
    return counts_ab(list(a), list(hits - a), list(rng.integers(80, 400, 160)), outlet=outlet,
                     topic=topic, date=days, story=[f"s{n}" for n in rng.integers(0, 90, 160)],
                     desk=rng.choice(["x", "y"], 160))  # fmt: skip


# R 4.2.2, sandwich 3.0-2, clubSandwich 0.5.8: the hand_* rows of marginal.csv (ORIGIN.md, part 5).
ORACLE = {
    "HC3": {"unit": "doc_id"},
    # There every article counts in full; here the articles of a story count once, unless weighted.
    "CR2_story": {"unit": "story", "weights": "one"},
}


@pytest.mark.shared
@pytest.mark.parametrize("vcov", ORACLE)
def test_shares_and_errors_are_those_of_r(vcov: str, shared):
    data = pd.read_csv(shared / "oracles" / "marginal_data.csv")
    expected = pd.read_csv(shared / "oracles" / "marginal.csv")
    expected = expected.query("data == 'with_hits' and model == 'quasibinomial'")
    expected = expected[expected["vcov"] == vcov].set_index(["what", "term"])
    columns = {name: data[name] for name in ("outlet", "topic", "quarter", "story")}
    counts = counts_ab(list(data["a"]), list(data["b"]), **columns, one=1)
    (row,) = adjusted(counts, ["topic", "quarter"], **ORACLE[vcov]).to_dict("records")
    assert row["errors"] == vcov[:3]
    for name, outlet in (("share", "East"), ("share_other", "West")):
        r = expected.loc[("hand_standardised_share", outlet)]
        assert row[f"adjusted_{name}"] == pytest.approx(r["estimate"], abs=1e-9)
    r = expected.loc[("hand_difference", "West - East")]
    assert row["adjusted_share_difference"] == pytest.approx(-r["estimate"], abs=1e-9)
    ends = row["adjusted_share_difference_high"] - row["adjusted_share_difference_low"]
    low, high = row["adjusted_difference_low"], row["adjusted_difference_high"]
    # marginaleffects differentiates numerically: its errors are right to 2e-6 of their size.
    log_odds = expected.loc[("avg_comparisons(comparison = 'lnoravg')",
                             "ln(odds(West) / odds(East))")]  # fmt: skip
    assert row["adjusted_difference"] == pytest.approx(-log_odds["estimate"], abs=1e-9)
    t = row["adjusted_difference"] / row["adjusted_t"]
    assert abs(t) == pytest.approx(log_odds["std_error"], rel=3e-6)
    quantile = (high - low) / 2 / t
    assert ends / 2 == pytest.approx(quantile * r["std_error"], rel=1e-3)  # the df are almost equal


def of_r(shared, model):
    """The simulated articles with hits, their model matrix, our fit, and what R says of them."""
    from analysis.measuring.comparing.adjusting.standardised import fit

    data = pd.read_csv(shared / "oracles" / "marginal_data.csv").query("a + b > 0")
    dummies = [pd.get_dummies(data[name]).iloc[:, 1:] for name in ("topic", "quarter")]
    x = np.column_stack([np.ones(340), data["outlet"] == "West", *dummies]).astype(float)
    fitted = fit(x, data["a"].to_numpy(float), data["b"].to_numpy(float), rate=False)
    expected = pd.read_csv(shared / "oracles" / "marginal.csv")
    return data, x, fitted, expected.query("data == 'with_hits' and model == @model")


@pytest.mark.shared
def test_errors_and_degrees_of_freedom_of_clusters_are_those_of_clubsandwich(shared):
    from analysis.measuring.comparing.adjusting.standardised import robust, standardise
    from analysis.measuring.intervals import two_sided_p

    data, _, fitted, expected = of_r(shared, "quasibinomial")
    story, own = pd.factorize(data["story"])[0], np.arange(340)
    for vcov, unit in (("HC3", own), ("CR2_story", story)):
        r = expected[expected["vcov"] == vcov]
        hand = r[r["what"].str.startswith("hand")].set_index("term")["std_error"]
        found = standardise(fitted, np.ones(340), unit)
        for term, one in (("West", found.first), ("East", found.second),
                          ("West - East", found.apart)):  # fmt: skip
            assert one.se[0] == pytest.approx(hand[term], abs=1e-9)
        coefficients = r[r["what"] == "coefficient"]["std_error"]
        se, df = robust(fitted, unit, np.eye(7))
        assert se == pytest.approx(coefficients.to_numpy(), abs=1e-9)
    # Of the degrees of freedom the file has the p-values that follow.
    tests = expected[expected["what"].str.startswith("coef_test")]
    p = two_sided_p(fitted.beta / se, df)
    assert p == pytest.approx(tests["p"].to_numpy(), rel=1e-6)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("vcov", "by_story", "factor"),
    [("HC0", False, lambda n, k: 1), ("HC1", False, lambda n, k: n / (n - k)),
     ("CR0_story", True, lambda n, k: 1), ("CR1_story", True, lambda n, k: n / (n - 1)),
     ("CL_story_HC1", True, lambda n, k: n / (n - 1) * 339 / (340 - k))],
)  # fmt: skip
def test_fits_are_those_of_r_also_for_errors_that_are_not_offered(vcov, by_story, factor, shared):
    """The parts of the sandwich, which are put together here, give every hand_* row."""
    data, x, fitted, expected = of_r(shared, "binomial")
    expected = expected[expected["vcov"] == vcov]
    scores = pd.DataFrame(x * fitted.residual[:, None])
    if by_story:
        scores = scores.groupby(data["story"].to_numpy()).sum()
    parts = np.sqrt(factor(len(scores), 7)) * scores.to_numpy() @ fitted.bread
    coefficients = expected[expected["what"] == "coefficient"]
    assert fitted.beta == pytest.approx(coefficients["estimate"].to_numpy(), abs=1e-9)
    assert np.sqrt((parts**2).sum(axis=0)) == pytest.approx(coefficients["std_error"].to_numpy())
    gradient, share = {}, {}
    for outlet, side in (("West", 1.0), ("East", 0.0)):
        there = np.column_stack([x[:, 0], np.full(340, side), x[:, 2:]])
        p = special.expit(there @ fitted.beta)
        share[outlet], gradient[outlet] = p.mean(), (p * (1 - p)) @ there / 340
    share["West - East"] = share["West"] - share["East"]
    gradient["West - East"] = gradient["West"] - gradient["East"]
    hand = expected[expected["what"].str.startswith("hand")].set_index("term")
    assert len(hand) == 3
    for term, row in hand.iterrows():
        assert share[term] == pytest.approx(row["estimate"], abs=1e-9)
        se = np.sqrt(((parts @ gradient[term]) ** 2).sum())
        assert se == pytest.approx(row["std_error"], abs=1e-6)


def test_what_the_mix_alone_made_is_gone(confounded):
    (row,) = adjusted(confounded, ["topic"]).to_dict("records")
    assert row["p"] < 0.001
    assert row["adjusted_p"] > 0.05
    assert row["articles_adjusted"] == (confounded.hits.sum(axis=1) > 0).sum()
    plain = compare_groups(confounded, "by-hand", PAIR)
    for name in plain:
        assert row[name] == plain[name].item()


def test_errors_of_a_rate_are_those_of_the_formula(confounded):
    """HC3 by its definition, from statsmodels' own fit (White's, each residual / (1 - h))."""
    table = adjusted(confounded, ["topic", "n_tokens"], frames=["pressure"], measure="rate")
    d = confounded.documents
    side, n = (d["outlet"] == "Gazette").to_numpy(float), d["n_tokens"].to_numpy(float)
    a = confounded.hits.toarray()[:, 0].astype(float)
    inside = n.clip(*[f(n[side == s].min() if f is max else n[side == s].max() for s in (0, 1))
                      for f in (max, min)]) == n  # fmt: skip
    a, n, side, trade = a[inside], n[inside], side[inside], (d["topic"] == "trade")[inside]
    x = np.column_stack([np.ones(len(a)), side, trade, n]).astype(float)
    model = sm.GLM(a, x, family=sm.families.Poisson(), exposure=n).fit(tol=1e-13)
    mu = model.fittedvalues
    bread = np.linalg.inv(x.T @ (x * mu[:, None]))
    h = mu * np.einsum("ij,jk,ik->i", x, bread, x)
    meat = x * ((a - mu) / (1 - h))[:, None]
    rates, log = [], []
    for s in (1.0, 0.0):
        x[:, 1] = s
        rates.append(np.exp(x @ model.params))
        log.append((rates[-1][:, None] * x).mean(axis=0) / rates[-1].mean())
    gradient = log[0] - log[1]
    se = np.sqrt(((meat @ bread @ gradient) ** 2).sum())
    row = table.iloc[0]
    assert row["adjusted_share"] == pytest.approx(rates[0].mean())
    assert row["adjusted_difference"] == pytest.approx(np.log(rates[0].mean() / rates[1].mean()))
    assert row["adjusted_difference"] / row["adjusted_t"] == pytest.approx(se)
    assert row["left_out"] == f"n_tokens where only one side has articles: {(~inside).sum()}"


def test_prevalence_within_every_topic_is_recovered():
    """.8 and .6 on arms, .4 and .2 on trade, both sides together half of each: .6 and .4."""
    rows = [("Gazette", "arms", 32, 8), ("Herald", "arms", 6, 4),
            ("Gazette", "trade", 4, 6), ("Herald", "trade", 8, 32)]  # fmt: skip
    outlet = np.concatenate([[o] * (y + n) for o, _, y, n in rows])
    topic = np.concatenate([[t] * (y + n) for _, t, y, n in rows])
    a = np.concatenate([[1] * y + [0] * n for *_, y, n in rows])
    counts = counts_ab(list(a), [0] * 100, outlet=outlet, topic=topic)
    row = adjusted(counts, "topic", frames=["pressure"]).iloc[0]
    assert (row["share"], row["share_other"]) == (0.72, 0.28)
    # The odds ratios differ a little between the topics (2.67 both): the model is right exactly.
    assert row["adjusted_share"] == pytest.approx(0.6, abs=1e-6)
    assert row["adjusted_share_other"] == pytest.approx(0.4, abs=1e-6)


def test_a_spline_takes_out_a_course_that_levels_would_need_many_for(confounded):
    rng = np.random.default_rng(5)
    day = np.sort(rng.integers(0, 720, 300))
    # The one outlet writes more in the middle of the time, when both write of pressure.
    outlet = np.where(rng.random(300) < 0.15 + 0.7 * (np.abs(day - 360) < 150), "G", "H")
    p = special.expit(2 - ((day - 360) / 180) ** 2)
    hits = rng.negative_binomial(3, 0.4, 300)
    a = rng.binomial(hits, p)
    counts = counts_ab(list(a), list(hits - a), outlet=outlet,
                       date=pd.Timestamp("2021-01-01") + pd.to_timedelta(day, "D"))  # fmt: skip
    line = adjusted(counts, "date").iloc[0]
    spline = adjusted(counts, "spline(date)").iloc[0]
    assert line["adjusted_p"] < 0.001 < 0.05 < spline["adjusted_p"]
    assert abs(spline["adjusted_difference"]) < abs(line["adjusted_difference"]) / 2


def test_strata_of_one_side_are_named_and_left_out(confounded):
    d = confounded.documents
    topic = d["topic"].where(~((d["outlet"] == "Herald") & (d["desk"] == "x")), "space")
    counts = confounded.assign(topic=topic)
    row = adjusted(counts, "topic").iloc[0]
    scored = counts.hits.sum(axis=1) > 0
    n = int((scored & (topic == "space").to_numpy()).sum())
    assert row["left_out"] == f"topic=space (only Herald): {n}"
    assert row["articles_adjusted"] == scored.sum() - n
    without = adjusted(counts.subset((topic != "space").to_numpy()), "topic").iloc[0]
    assert row["adjusted_difference"] == pytest.approx(without["adjusted_difference"])
    # Levels of which each is covered, and not together.
    desk = np.where((d["outlet"] == "Herald") & (d["topic"] == "arms"), "x", d["desk"])
    row = adjusted(confounded.assign(desk=desk), ["topic", "desk"]).iloc[0]
    alone = (scored & (d["topic"] == "arms") & (d["outlet"] == "Gazette") & (desk == "y")).sum()
    assert row["uncovered"] == f"topic=arms, desk=y (Gazette: {alone})"
    assert row["overlap"] == pytest.approx(1 - alone / scored.sum())
    assert row["left_out"] == ""


def test_articles_without_a_value_are_left_out_and_counted(confounded):
    topic = confounded.documents["topic"].mask(np.arange(160) < 5)
    row = adjusted(confounded.assign(topic=topic), "topic").iloc[0]
    n = int((confounded.hits.sum(axis=1)[:5] > 0).sum())
    assert row["left_out"] == f"without topic: {n}"


def test_stories_count_once_and_share_their_error(confounded):
    once = adjusted(confounded, "topic", unit="story").iloc[0]
    copies = reordered(confounded, np.repeat(np.arange(160), 3))
    ids = [f"c{n:03}" for n in range(480)]
    copies = copies.assign(
        doc_id=ids, story=np.repeat(confounded.documents["doc_id"], 3).to_numpy()
    )
    of_copies = adjusted(copies, "topic", unit="story").iloc[0]
    plain = adjusted(confounded, "topic").iloc[0]
    assert once["errors"] == of_copies["errors"] == "CR2"
    assert of_copies["adjusted_difference"] == pytest.approx(plain["adjusted_difference"])
    # CR2 is smaller than HC3, as HC2 is.
    ratio = of_copies["adjusted_t"] / plain["adjusted_t"]
    assert 1 < ratio < 1.05


def test_the_voices_of_an_article_are_compared_with_each_other():
    rng = np.random.default_rng(2)
    a, b = rng.integers(0, 4, (2, 120))
    counts = counts_ab(np.repeat(a, 2), np.repeat(b, 2), doc_id=np.repeat(np.arange(120), 2),
                       voice=["quoted", "narration"] * 120, outlet="G",
                       topic=np.repeat(rng.choice(["x", "y"], 120), 2))  # fmt: skip
    counts = counts.assign(doc_id=np.repeat([f"d{n}" for n in range(120)], 2))
    row = adjusted(counts, "topic", by="voice", frames=["pressure"]).iloc[0]
    assert row["errors"] == "CR2"
    assert row["adjusted_difference"] == pytest.approx(0, abs=1e-9)


def test_the_rest_is_one_side(confounded):
    outlet = np.where(np.arange(160) % 3 == 0, "Tribune", confounded.documents["outlet"])
    counts = confounded.assign(outlet=outlet)
    rest = adjusted(counts, "topic", against="rest").iloc[0]
    two = np.where(outlet == "Gazette", "Gazette", "other")
    pair = adjusted(counts.assign(outlet=two), "topic").iloc[0]
    for name in ("adjusted_difference", "adjusted_p", "adjusted_share", "adjusted_df"):
        assert rest[name] == pytest.approx(pair[name])


def few(counts, n):
    keep = np.r_[0:n, 80 : 80 + n]
    return counts.subset(np.isin(np.arange(160), keep))


REFUSED = {
    "one value": (lambda c: c.assign(desk="x"), "desk", "all articles have the same value"),
    "collinear": (lambda c: c.assign(desk=c.documents["topic"].map({"arms": 1, "trade": 0})),
                  ["topic", "desk"], "adjust='desk' is collinear with topic"),
    "too many": (lambda c: few(c, 12), ["topic", "desk"], "4 parameters for"),
    "separated": (lambda c: c.assign(desk=np.where(c.hits.toarray()[:, 0] == 0, "none", "some")),
                  "desk", "desk=none have hits of one kind only"),
    "no overlap": (lambda c: c.assign(desk=c.documents["outlet"]), "desk", "no stratum of desk"),
    "unknown": (lambda c: c, "no_such", "the counts have no such column"),
    "the group": (lambda c: c, "outlet", "makes the groups"),
    "twice": (lambda c: c, ["topic", "topic"], "named twice"),
    "spline of names": (lambda c: c, "spline(topic)", "needs numbers or dates"),
    "stiff": (lambda c: c, "spline(date, 1)", "2 to 10"),
    "streamed": (lambda c: group_counts(c, ["outlet"]), "topic", "streamed counts"),
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_what_no_model_can_tell_is_refused(why: str, confounded):
    change, adjust, said = REFUSED[why]
    with pytest.raises(CountsError, match=said):
        adjusted(change(confounded), adjust)


def test_a_pair_that_cannot_be_adjusted_says_why(confounded):
    outlet = np.where(np.arange(160) < 6, "Tribune", confounded.documents["outlet"])
    table = adjusted(confounded.assign(outlet=outlet), "topic").set_index(
        ["outlet", "outlet_other"]
    )
    assert table["adjusting"].str.startswith("not adjusted").to_list() == [False, False, False] or (
        table.loc[("Gazette", "Herald"), "adjusting"] == ""
    )
    separated = np.where(confounded.hits.toarray()[:, 0] == 0, "Tribune",
                         confounded.documents["outlet"])  # fmt: skip
    table = adjusted(confounded.assign(outlet=separated), "topic").set_index("outlet_other")
    assert "side=Tribune have hits of one kind only" in table["adjusting"].iloc[1]
    assert np.isnan(table["adjusted_p"].iloc[1])
    assert table["adjusted_p_holm"].iloc[0] == table["adjusted_p"].iloc[0]  # the only test


def test_a_missing_library_names_its_extra():
    said = r'pip install "media-framing-analysis\[models\]"'
    with pytest.raises(AnalysisError, match=said), needs_extra("models"):
        import no_such_library  # noqa: F401
