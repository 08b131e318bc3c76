"""What charts are drawn with: style, colours, labels, annotations, the axis of periods."""
# ruff: noqa: F403

from analysis.showing.charts.drawing.annotations import *
from analysis.showing.charts.drawing.colours import *
from analysis.showing.charts.drawing.inputs import *
from analysis.showing.charts.drawing.labels import *
from analysis.showing.charts.drawing.look import *
from analysis.showing.charts.drawing.options import *
from analysis.showing.charts.drawing.period_axis import *
from analysis.showing.charts.drawing.style import *
