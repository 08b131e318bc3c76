import gzip
import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from analysis.articles import check_articles
from analysis.counting.document_terms import document_terms
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.coding.contexts import (
    ContextWeights,
    fit_contexts,
    looks_right,
    shipped_contexts,
)
from analysis.measuring.coding.sheet_files import read_coding_sheet
from analysis.measuring.frames.lexicon_check import check_lexicon
from analysis.reading import read_articles
from analysis.showing.kwic import kwic

STRIKES = Lexicon.from_dict({"war": ["strike*"]})
AT_WAR = "The air force flew a strike on the missile base near the border, the army general said."
OF_PAY = "The union called a strike over wages at the school, the teachers told the district."
# Home news with words that the shipped lexicon counts; written for this test.
HOME = [
    "Lawmakers negotiated on the budget until the vote on Thursday; Republicans on the "
    "committee said the legislation was with the House, and the talks collapsed over "
    "questions of spending.",
    "The union and the school board returned to talks. Parents and teachers in the district "
    "waited while the deputy superintendent negotiated class sizes and insurance for their "
    "schools.",
    "The mayor called for a dialogue on housing before the vote; her deputy said that talks "
    "with the company which owns the power plant, and with its customers, had been off since "
    "Thursday.",
]
ABROAD = [
    "NATO ministers warned Moscow of sanctions if Russian troops crossed the border of "
    "Ukraine; the Kremlin answered that missiles would be deployed in the conflict, and "
    "officials held talks.",
    "North Korea fired a ballistic missile. The United States threatened sanctions on its "
    "weapons program; Kim Jong Un agreed to a summit and to nuclear talks with American "
    "officials.",
    "Iran and the European powers resumed nuclear talks in Vienna. The administration said "
    "that sanctions on Iran and Syria must stay while the war and the strikes with drones "
    "went on.",
]


def articles_of(texts: list[str]) -> pd.DataFrame:
    ids = [f"d{i}" for i in range(len(texts))]
    return check_articles(
        pd.DataFrame({"doc_id": ids, "outlet": "Gull", "date": "2021-03-14", "text": texts})
    )


def test_weights_tell_contexts_apart_that_they_have_not_seen(tmp_path: Path):
    articles = articles_of([AT_WAR, OF_PAY] * 30)
    lines = kwic(articles, STRIKES, window=60)
    codes = lines[["doc_id", "start", "frame"]].assign(code=[1, 0] * 30)
    weights = fit_contexts(lines, codes, STRIKES, least=5)
    assert (weights.lines, weights.right, weights.auc) == (60, 30, 1.0)
    assert weights.words["missile"] > 0 > weights.words["wages"]
    again = ContextWeights.load(weights.save(tmp_path / "weights.json"))
    assert again == weights
    new = articles_of(["A strike on the army base.", "A strike of teachers over wages."])
    found = looks_right(kwic(new, STRIKES), STRIKES, again)
    assert found["looks_right"][0] > found["looks_right"][1]
    with pytest.raises(CountsError, match="comes without weights of contexts"):
        looks_right(lines, STRIKES)
    with pytest.raises(CountsError, match="all are right or all are wrong"):
        fit_contexts(lines, codes.assign(code=1), STRIKES)


def test_the_shipped_weights_are_of_the_shipped_lexicon_and_hold_no_text():
    lexicon = Lexicon.load("deterrence-dialogue")
    weights = shipped_contexts(lexicon)
    assert weights is not None and weights.lexicon == lexicon.fingerprint
    assert all(" " not in word for word in weights.words)
    patterns = {pattern for frame in lexicon.frames.values() for pattern in frame}
    assert set(weights.patterns) <= patterns


def test_a_corpus_outside_the_domain_is_warned_of():
    lexicon = Lexicon.load("deterrence-dialogue")
    for texts, outside in ((HOME, True), (ABROAD, False)):
        articles = articles_of([f"{text} Number {i}." for i in range(8) for text in texts])
        counts = document_terms(articles, lexicon=lexicon)
        found = check_lexicon(lexicon, counts, articles)
        unlike = found[found["finding"] == "unlike"]
        assert unlike["note"].str.contains("outside the domain").any() == outside
        assert (found["finding"] == "to code").any() == outside
    lines = kwic(articles_of(HOME + ABROAD), lexicon, window=60)
    ranked = looks_right(lines[~lines["negated"]], lexicon)
    abroad = ranked["doc_id"].isin(["d3", "d4", "d5"])
    assert roc_auc_score(abroad, ranked["looks_right"]) >= 0.8


@pytest.mark.shared
def test_lines_are_ranked_by_weights_that_have_not_seen_them(root: Path, shared: Path, tmp_path):
    coding, lexicon = root / "data" / "coding", Lexicon.load("deterrence-dialogue")
    names = ("allsides_security.csv", "allsides_security_by_pattern.csv")
    random, by_pattern = (read_coding_sheet(coding / name) for name in names)
    codes = pd.concat([random, by_pattern]).drop_duplicates("line_id")
    other = pd.read_csv(coding / "allsides_other_topics.csv")["doc_id"]
    codes = codes.assign(group=codes["doc_id"].isin(other), start=codes["start"].astype("int64"))
    corpus = pd.read_parquet(shared / "corpora" / "allsides_security.parquet")
    corpus[corpus["id"].isin(codes["doc_id"])].to_parquet(tmp_path / "coded.parquet")
    articles, _ = read_articles(tmp_path / "coded.parquet", columns={"doc_id": "id"})
    lines = kwic(articles, lexicon, window=60)
    assert fit_contexts(lines, codes, lexicon, by="group") == shipped_contexts(lexicon)

    rows = []
    for name in ("basil_half", "polnear_train"):
        with gzip.open(shared / "corpora" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            for row in map(json.loads, file):
                digest = hashlib.sha256(row.get("file", "").encode()).hexdigest()[:16]
                key = f"basil-{row['id']}" if "id" in row else f"polnear-{digest}"
                rows.append(
                    {"doc_id": key, "outlet": "x", "date": "2016-10-01", "text": row["text"]}
                )
    news = pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"])
    news = check_articles(news.drop_duplicates("doc_id"))
    elsewhere = read_coding_sheet(coding / "other_topics.csv").astype({"start": "int64"})
    keys = ["doc_id", "start", "frame"]
    far = kwic(news, lexicon, window=60).merge(elsewhere.drop(columns="pattern"), on=keys)
    scored, of_far = [], np.zeros(len(far))
    for seen, rest in GroupKFold(5).split(codes, groups=codes["doc_id"]):
        weights = fit_contexts(lines, codes.iloc[seen], lexicon, by="group", folds=2)
        unseen = lines.merge(codes.iloc[rest].drop(columns="pattern"), on=keys)
        scored.append(looks_right(unseen, lexicon, weights))
        of_far += looks_right(far, lexicon, weights)["looks_right"] / 5
    near = pd.concat(scored)
    near = near[near["line_id"].isin(random["line_id"])]
    right = np.concatenate([near["code"], far["code"]]).astype(bool)
    assert roc_auc_score(right, np.concatenate([near["looks_right"], of_far])) >= 0.8
