"""Evaluations that SciPy's COBYQA needs to reach 1e-8 on the functions of bench/model-based.ts: writes scipy-model-based.json.

Trust regions begin at 0.1 and end at 1e-8 of the box width, as those of bobyqa do; starts are drawn anywhere in the box.
"""
import json
import pathlib

import numpy as np
import scipy
from scipy.optimize import minimize

TARGET = 1e-8
SEEDS = 15


def sphere(x):
    return np.sum((x - 0.37) ** 2)


def ellipsoid(x):
    return np.sum(10.0 ** (6 * np.arange(len(x)) / (len(x) - 1)) * (x - 0.4) ** 2)


def turned(x):
    v = np.sqrt(np.arange(1, len(x) + 1))
    return ellipsoid(x - 2 * v * (v @ (x - 0.4)) / (v @ v))


def rosenbrock(x):
    u = 4 * x - 2
    return np.sum(100 * (u[1:] - u[:-1] ** 2) ** 2 + (1 - u[:-1]) ** 2)


FUNCTIONS = {"sphere": sphere, "ellipsoid": ellipsoid, "ellipsoid, turned": turned, "rosenbrock": rosenbrock}


class Reached(Exception):
    pass


def evaluations(f, n, seed):
    state = {"count": 0}

    def counted(x):
        state["count"] += 1
        value = float(f(np.asarray(x)))
        if value <= TARGET:
            raise Reached
        return value

    options = {"initial_tr_radius": 0.1, "final_tr_radius": 1e-8, "maxfev": 5000 * n}
    start = np.random.default_rng(seed).random(n)
    try:
        minimize(counted, start, method="COBYQA", bounds=[(0, 1)] * n, options=options)
    except Reached:
        return state["count"]
    return None


rows = []
for name, f in FUNCTIONS.items():
    for n in (5, 10, 20):
        hits = sorted(c for c in (evaluations(f, n, seed) for seed in range(1, SEEDS + 1)) if c is not None)
        rows.append(
            {
                "function": name,
                "dimension": n,
                "reached": len(hits),
                "median": hits[len(hits) // 2] if hits else None,
            }
        )
        print(rows[-1], flush=True)
here = pathlib.Path(__file__).parent
(here / "scipy-model-based.json").write_text(
    json.dumps({"scipy": scipy.__version__, "target": TARGET, "rows": rows}, indent=2) + "\n"
)
