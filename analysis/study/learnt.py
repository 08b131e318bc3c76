"""A scale that a study learns from its own articles, to see whether a finding is there, too."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.counting.document_terms import document_terms
from analysis.errors import StudyError
from analysis.executors import Where
from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.patterns import parse_patterns
from analysis.measuring.frames.scale import scale
from analysis.measuring.learnt.learn_scale import learn_scale
from analysis.study.contrasts import Pair
from analysis.study.corpus import with_group_names
from analysis.study.counts import save_sums, sums_of, without_terms
from analysis.study.dataset import Frames, each_part, parts_of, read_table, write_table
from analysis.study.study_file import Done, StudyFile
from analysis.tokens import TermRules

COLUMNS = ["column", "value", "frame", "articles", "scored", "mean", "mean_low", "mean_high",
           "share", "share_low", "share_high", "note"]  # fmt: skip


def seeds_of(study: StudyFile) -> dict[str, tuple[str, ...]]:
    """The seeds of the two frames, by the frames' names in the lexicon's tables."""
    given = study.settings.lexicon.seeds.items()
    return {study.lexicon.frame(frame): tuple(words) for frame, words in given}


def check_seeds(study: StudyFile) -> None:
    """Refuse, before anything is read, seeds that no scale can be learnt from or compared with."""
    seeds = seeds_of(study)
    if seeds and (study.lexicon.weights or len(seeds) < 2):
        why = "the lexicon has weights" if study.lexicon.weights else f"both are {min(seeds)!r}"
        raise StudyError(
            f"lexicon.seeds: {why}; a scale is learnt for two frames of a lexicon without weights."
        )
    for word in (word for words in seeds.values() for word in words):
        if len(parse_patterns([word], TermRules())[0].words) > 1:
            raise StudyError(f"lexicon.seeds: {word!r} is a phrase; a scale has single words only.")


def learn(study: StudyFile, done: Done, folder: Path, executor: Where) -> None:
    """Learn the scale of the study's seeds, and sum its hits by period and group column."""
    seeds, by = seeds_of(study), ("period", *study.settings.groups)
    parts = parts_of(done["prepare"] / "articles")
    learnt = learn_scale((read_table(part) for part in parts), seeds)
    learnt.save(folder / "scale.yml")
    write_table(learnt.seeds, folder / "seeds.parquet")
    write_table(
        pd.DataFrame({"warning": learnt.warnings}, dtype="str"), folder / "warnings.parquet"
    )
    # What its vectors were is not sent along.
    scale_alone = Lexicon.load(folder / "scale.yml")
    once = done["count"] / "once"
    make = partial(_sum, scale_alone, by, once if once.exists() else None, folder / "sums")
    each_part(make, parts, folder, executor)


def _sum(learnt: Lexicon, by: Sequence[str], once: Path | None, folder: Path, part: Path) -> Frames:
    counts = document_terms(with_group_names(read_table(part), by), lexicon=learnt)
    save_sums(without_terms(counts), by, once, folder, part)
    return {}


def learnt_tables(
    study: StudyFile, done: Done, scored: Callable[[Pair, str], pd.DataFrame]
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The learnt scale beside the lexicon, by period and group column; its seeds, and warnings.

    Shares are those that the study has `scored` for two frames and a column.
    """
    if "learn" not in done:
        return
    learnt = Lexicon.load(done["learn"] / "scale.yml")
    (first, second), found = seeds_of(study), []
    for column in ("period", *study.settings.groups):
        means = scale(sums_of(done["learn"] / "sums", column), learnt, column)
        shares = scored((first, second), column)
        shares = shares.set_index(shares[column].astype("str"))
        means = means.assign(column=column, value=means[column].astype("str"))
        found.append(means.join(shares[["share", "share_low", "share_high"]], on="value")[COLUMNS])
    yield "learnt_scale", pd.concat(found, ignore_index=True)
    for name in ("seeds", "warnings"):
        yield f"learnt_scale_{name}", read_table(done["learn"] / f"{name}.parquet")
