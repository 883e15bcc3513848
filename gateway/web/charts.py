"""Where things stand in a chart, worked out here so that a page needs no script to draw it.

Numbers are in the units of the SVG's own box. Each bar has its number beside it, and series differ
by hatching and not by colour alone (WCAG 2.2, 1.4.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 680
LEFT: Final = 48
TOP: Final = 24
PLOT: Final = 200
"""The height of the part with the bars."""
LABELS: Final = 40
GAP: Final = 0.3
"""The share of a group's room that is left empty."""
TICKS: Final = 4
STEPS: Final = (4, 8, 12, 20)
NAMES: Final = 260
"""The width of the names to the left of lying bars."""
ROW: Final = 44
BAR: Final = 18
ROOM: Final = 60
"""To the right of the longest bar, for its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """`x` and `y` are its upper left corner; `said` is its number as it is written."""

    x: float
    y: float
    width: float
    height: float
    series: int
    said: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name under or beside bars, or a line across with its number."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`targets` are the `x` of marks on lying bars, by row; None where there is no target."""

    width: float
    height: float
    bars: Sequence[Bar]
    labels: Sequence[Label]
    ticks: Sequence[Label]
    targets: Sequence[float | None] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A lying bar; `value` None is nothing to draw."""

    name: str
    value: float | None
    said: str
    target: float | None = None


def columns(groups: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """Standing bars: each group has a name and a number for every series."""
    top = scale_of(max((value for _, values in groups for value in values), default=0))
    room = (WIDTH - LEFT) / max(1, len(groups))
    bars: list[Bar] = []
    labels: list[Label] = []
    for place, (name, values) in enumerate(groups):
        begin = LEFT + place * room
        width = room * (1 - GAP) / max(1, len(values))
        for series, value in enumerate(values):
            height = PLOT * value / top
            bars.append(
                Bar(
                    x=round(begin + room * GAP / 2 + series * width, 1),
                    y=round(TOP + PLOT - height, 1),
                    width=round(width, 1),
                    height=round(height, 1),
                    series=series,
                    said=str(value),
                )
            )
        labels.append(Label(at=round(begin + room / 2, 1), text=name))
    ticks = [
        Label(at=round(TOP + PLOT - PLOT * step / TICKS, 1), text=f"{top * step / TICKS:g}")
        for step in range(TICKS + 1)
    ]
    height = TOP + PLOT + LABELS
    return Chart(width=WIDTH, height=height, bars=bars, labels=labels, ticks=ticks)


def lying(rows: Sequence[Row]) -> Chart:
    """Lying bars, one below another, each perhaps with a mark where it was to end."""
    numbers = [each.value or 0 for each in rows] + [each.target or 0 for each in rows]
    top = max([*numbers, 1])
    scale = (WIDTH - NAMES - ROOM) / top
    bars = [
        Bar(
            x=NAMES,
            y=place * ROW + (ROW - BAR) / 2,
            width=round((each.value or 0) * scale, 1),
            height=BAR,
            series=0,
            said=each.said,
        )
        for place, each in enumerate(rows)
    ]
    return Chart(
        width=WIDTH,
        height=max(1, len(rows)) * ROW,
        bars=bars,
        labels=[Label(at=place * ROW + ROW / 2, text=each.name) for place, each in enumerate(rows)],
        ticks=[],
        targets=[
            None if each.target is None else round(NAMES + each.target * scale, 1) for each in rows
        ],
    )


def scale_of(most: int) -> int:
    """The number at the top of an axis: one that people divide by four in their heads."""
    scale = 1
    while True:
        for step in STEPS:
            if step * scale >= most:
                return step * scale
        scale *= 10
