"""Eckerle4 of NIST's Statistical Reference Datasets: the transmittance of an interference filter at 35 wavelengths.

    y = b1 / b2 * exp(-((x - b3) / b2)^2 / 2)

From NIST's first start most least-squares programs end elsewhere. Nothing in this file knows of glompo.
"""

import math
from pathlib import Path


def observations():
    lines = Path(__file__).with_name("Eckerle4.dat").read_text().splitlines()
    first = max(i for i, line in enumerate(lines) if line.startswith("Data:")) + 1
    rows = [line.split() for line in lines[first:] if line.strip()]
    return [(float(x), float(y)) for y, x in rows]


DATA = observations()


def residuals(b):
    b1, b2, b3 = b
    return [b1 / b2 * math.exp(-(((x - b3) / b2) ** 2) / 2) - y for x, y in DATA]
