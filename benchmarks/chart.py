"""The table of a benchmark as text, and as a chart in SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

BAR = 26
LABELS = 250
WIDTH = 900
COLOURS = ("#33658a", "#86bbd8", "#758e4f", "#f6ae2d", "#d1d1d1")


@dataclass(frozen=True)
class Row:
    """One measured run: *cpu* and *wall* in seconds, *peak* memory in bytes, *requests* by what became of them."""

    name: str
    pages: int
    pictures: int
    cpu: float
    wall: float
    peak: int
    requests: Mapping[str, int]

    @property
    def each(self) -> float:
        """CPU milliseconds a picture."""
        return 1000 * self.cpu / self.pictures


def table(rows: Sequence[Row]) -> str:
    """Write the rows as text, in columns that line up and that Markdown reads as a table."""
    head = ("run", "CPU ms a picture", "pictures a second", "wall s", "peak MB", "requests")
    cells = [head, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(line, widths) for line in (head, rule, *cells[1:]))


def svg(bars: Mapping[str, Mapping[str, float]], title: str) -> str:
    """Draw a bar for each name, made of its parts in CPU milliseconds a picture."""
    scale = (WIDTH - LABELS - 90) / max(sum(parts.values()) for parts in bars.values())
    parts = list(dict.fromkeys(part for bar in bars.values() for part in bar))
    colours = dict(zip(parts, COLOURS, strict=False))
    height = 80 + len(bars) * (BAR + 10)
    drawn = [_bar(60 + row * (BAR + 10), name, bar, scale, colours) for row, (name, bar) in enumerate(bars.items())]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" '
        f'font-size="13"><rect width="{WIDTH}" height="{height}" fill="#fff"/>'
        f'<text x="10" y="24" font-size="16">{escape(title)}</text>{_legend(colours)}{"".join(drawn)}</svg>\n'
    )


def _cells(row: Row) -> tuple[str, ...]:
    asked = ", ".join(f"{count} {kind}" for kind, count in sorted(row.requests.items())) or "none"
    speed = f"{row.pictures / row.wall:.1f}"
    return (row.name, f"{row.each:.2f}", speed, f"{row.wall:.2f}", f"{row.peak / 1e6:.0f}", asked)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def _legend(colours: Mapping[str, str]) -> str:
    return "".join(
        f'<rect x="{LABELS + 150 * place}" y="34" width="12" height="12" fill="{colour}"/>'
        f'<text x="{LABELS + 150 * place + 18}" y="45">{escape(name)}</text>'
        for place, (name, colour) in enumerate(colours.items())
    )


def _bar(y: int, name: str, parts: Mapping[str, float], scale: float, colours: Mapping[str, str]) -> str:
    x = float(LABELS)
    drawn = [f'<text x="{LABELS - 10}" y="{y + 18}" text-anchor="end">{escape(name)}</text>']
    for part, value in parts.items():
        drawn.append(f'<rect x="{x:.1f}" y="{y}" width="{value * scale:.1f}" height="{BAR}" fill="{colours[part]}"/>')
        x += value * scale
    drawn.append(f'<text x="{x + 8:.1f}" y="{y + 18}">{sum(parts.values()):.1f} ms</text>')
    return "".join(drawn)
