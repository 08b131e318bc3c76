"""The methods of a study in the words of a paper."""

from analysis.formatting import counted
from analysis.study.reporting.alike import alike_methods
from analysis.study.reporting.frames import frame_methods
from analysis.study.reporting.learnt import learnt_methods
from analysis.study.reporting.measured import Measured

LOWE = (
    "Lowe, W., Benoit, K., Mikhaylov, S., Laver, M. (2011). Scaling policy preferences from coded "
    "political texts. Legislative Studies Quarterly 36, 123-155."
)
WILSON = (
    "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. "
    "Journal of the American Statistical Association 22, 209-212."
)


def methods(measured: Measured, rows: dict[str, int], versions: dict[str, str]) -> list[str]:
    """Methods in the words of a paper, and what they cite."""
    s = measured.settings
    spans = "named spans" if s.periods.spans else f"calendar periods ({s.periods.every})"
    first = (
        f"We analysed {rows['analysed']:,} of {counted(rows['read'], 'row')} of the corpus "
        f"({rows['rejected']:,} could not be read, {rows['left_out']:,} left out as no part "
        f"of the study), in {spans}. {_prepared(measured)}".strip()
    )
    said = [first, _scored(measured) if measured.contrasts else frame_methods(measured)]
    said += [*alike_methods(measured), *learnt_methods(measured)]
    if s.groups:
        said.append(
            "Keywords are the terms whose rates differ most between a group and all other articles "
            "by Welch's test with the article as the unit, in an exact form where hits are few, "
            "with false discovery rates over the terms that stand in five articles or more. TF-IDF "
            "is a term's rate in a group times log10(N / df), with df of N articles that have the "
            "term."
        )
    return [
        *said,
        f"Computed with Media Framing Analysis {versions['media-framing-analysis']} on Python "
        f"{versions['python']}, NumPy {versions['numpy']}, pandas {versions['pandas']} and SciPy "
        f"{versions['scipy']}; figures by Matplotlib {versions['matplotlib']}.",
        "Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate: a practical and "
        "powerful approach to multiple testing. Journal of the Royal Statistical Society B 57, "
        "289-300.",
        *([LOWE] if measured.contrasts else [WILSON]),
    ]


def _prepared(measured: Measured) -> str:
    """What was done to the articles before they were counted."""
    prepare = measured.settings.prepare
    done = {
        "Lines that a site puts around its articles, such as bylines and calls to read more, were "
        "cut.": prepare.clean,
        "Titles were counted with the texts.": prepare.titles,
        "Rules told narration, direct quotation and reported speech apart, and who is speaking.":
            prepare.voices,
    }  # fmt: skip
    languages = bool(measured.settings.corpus.language or measured.lexicon.parts)
    done |= {
        "Each article was scored by the patterns of its language: levels compare within a "
        "language alone.": bool(measured.lexicon.parts),
        "In languages other than English and Russian, what is between quotation marks counts "
        "as quoted, and all else as narration.": prepare.voices and languages,
    }
    return " ".join(sentence for sentence, so in done.items() if so)


def _scored(measured: Measured) -> str:
    """How the frames were found, scored and compared."""
    s, lexicon = measured.settings, measured.lexicon
    units = {
        "once": "the reprints of a story count once, in scores and patterns as the average of its "
        "copies in a group, in the tables of terms as the original or the earliest copy in a group",
        "drop": "reprints are left out",
        "keep": "reprints count as articles of their own",
    }[s.prepare.reprints]
    negated = {
        "apart": "are not scored",
        "flip": "count for the other frame of the contrast",
        "keep": "count like all others",
    }[s.lexicon.negated]
    contrasts = "; ".join(f"{a} against {b}" for a, b in measured.contrasts)
    negation = f" Hits up to {counted(lexicon.negation_window, 'token')} after a negator {negated}."
    negation = negation if lexicon.negators else ""
    scope = f" {lexicon.scope}" if lexicon.scope else ""
    return (
        f"Frames were measured with the lexicon {lexicon.label} ({contrasts}).{scope}{negation} "
        "The score of a group is the share A / (A + B) of the hits of its two frames and their "
        "log odds ln((A + 1/2) / (B + 1/2)) (Lowe et al. 2011). 95% intervals come from the "
        "delete-one-article jackknife of the log odds with Student's t, mapped back to the share: "
        f"the article, not the word, is the unit of evidence; {units}. Groups were compared by "
        "Welch's test of their log odds, with false discovery rates after Benjamini and Hochberg "
        "(1995). Turning points are those that part the articles best, with p-values from random "
        f"orders of the same articles and intervals from resampled articles (seed {s.seed})."
    )
