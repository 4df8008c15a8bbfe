"""The cycles of El Niño and the Southern Oscillation in 168 months of air pressure differences (NIST's ENSO).

An annual cycle and two more of unknown period, b4 and b7:

    y = b1 + b2 cos(2πx/12) + b3 sin(2πx/12) + b5 cos(2πx/b4) + b6 sin(2πx/b4) + b8 cos(2πx/b7) + b9 sin(2πx/b7)

Nine parameters and many local minima. Nothing in this file knows of glompo.
"""

from math import cos, pi, sin
from pathlib import Path


def observations():
    lines = (Path(__file__).parent / "../../data/ENSO.dat").read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if line.split()[:3] == ["Data:", "y", "x"]) + 1
    rows = [line.split() for line in lines[first:] if line.strip()]
    return [(2 * pi * float(x), float(y)) for y, x in rows]


DATA = observations()


def residuals(b):
    b1, b2, b3, b4, b5, b6, b7, b8, b9 = b
    return [
        b1
        + b2 * cos(x / 12)
        + b3 * sin(x / 12)
        + b5 * cos(x / b4)
        + b6 * sin(x / b4)
        + b8 * cos(x / b7)
        + b9 * sin(x / b7)
        - y
        for x, y in DATA
    ]


def sum_of_squares(b):
    return sum(r * r for r in residuals(b))
