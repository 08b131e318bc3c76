"""The stages of a study, in the order in which they are done."""

from analysis.study.measures import measure
from analysis.study.steps import Step, count, prepare, read

STEPS: dict[str, Step] = {"read": read, "prepare": prepare, "count": count, "measure": measure}
