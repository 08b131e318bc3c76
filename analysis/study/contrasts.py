"""What a study scores: its contrasts, or frames one by one; and what their files are called."""

from collections.abc import Sequence

from analysis.errors import StudyError
from analysis.measuring.frames.contrasts import lexicon_contrasts
from analysis.measuring.frames.one_frame import chosen_frames
from analysis.study.dataset import file_name
from analysis.study.study_file import StudyFile

# The two frames of a contrast.
Pair = tuple[str, str]


def frames_of(study: StudyFile) -> list[str]:
    """The frames that the study scores one by one; none if it has contrasts."""
    choice = study.settings.lexicon
    if not choice.frames and choice.measure is None:
        return []
    if choice.contrasts:
        raise StudyError(
            f"{study.path.name}: lexicon.contrasts and lexicon.frames or measure exclude each "
            "other: a contrast sets two frames against each other, frames are scored one by one. "
            "Take one of them out."
        )
    if choice.negated != "apart":
        raise StudyError(
            f"{study.path.name}: lexicon.negated = {choice.negated!r} is for contrasts; frames "
            "that are scored one by one need 'apart'."
        )
    return chosen_frames(choice.frames or None, list(study.lexicon.frames))


def contrasts_of(study: StudyFile) -> list[Pair]:
    """The study's contrasts, or the lexicon's; none if frames are scored one by one."""
    if frames_of(study):
        return []
    lexicon = study.lexicon
    chosen = study.settings.lexicon.contrasts or lexicon_contrasts(lexicon)
    if not chosen:
        raise StudyError(
            f"{study.path.name}: lexicon.contrasts is needed, since {lexicon.name} names none; "
            f"its frames are {', '.join(lexicon.frames)}."
        )
    return [(lexicon.frame(a), lexicon.frame(b)) for a, b in chosen]


def contrast_key(contrasts: Sequence[Pair], frames: Pair) -> str:
    """What tells the files of a contrast from those of the study's others; nothing if it is alone.

    Such as ``force-arms_talk_``, or ``a_b_c_2_`` where another contrast would be called the same.
    """
    if len(contrasts) == 1:
        return ""
    names = [file_name("_".join(pair)) for pair in contrasts]
    place = list(contrasts).index(frames)
    number = f"_{place + 1}" if names.index(names[place]) < place else ""
    return f"{names[place]}{number}_"
