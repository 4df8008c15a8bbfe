"""Evaluations that SciPy needs to reach 1e-8 on the functions of bench/optimizers.ts: writes scipy-optimizers.json.

Minima of sphere, rastrigin and ackley are moved by up to a tenth of the width of the box, as there; default options, no polishing.
"""
import json
import pathlib

import numpy as np
import scipy
from scipy.optimize import differential_evolution, dual_annealing

TARGET = 1e-8
LIMIT = 10_000
SEEDS = 5

FUNCTIONS = {
    "sphere": (-5.12, 5.12, lambda x: np.sum(x * x)),
    "rosenbrock": (-5.0, 10.0, lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)),
    "rastrigin": (-5.12, 5.12, lambda x: np.sum(10 + x * x - 10 * np.cos(2 * np.pi * x))),
    "ackley": (
        -32.768,
        32.768,
        lambda x: 20
        + np.e
        - 20 * np.exp(-0.2 * np.sqrt(np.mean(x * x)))
        - np.exp(np.mean(np.cos(2 * np.pi * x))),
    ),
    "schwefel": (-500.0, 500.0, lambda x: np.sum(418.98288727243374 - x * np.sin(np.sqrt(np.abs(x))))),
}


class Reached(Exception):
    pass


def evaluations(method, name, n, seed):
    low, high, f = FUNCTIONS[name]
    rng = np.random.default_rng(seed)
    moved = rng.uniform(-0.1, 0.1, n) * (high - low) if name in ("sphere", "rastrigin", "ackley") else np.zeros(n)
    state = {"count": 0, "best": np.inf}

    def counted(x):
        state["count"] += 1
        value = float(f(x - moved))
        state["best"] = min(state["best"], value)
        if value <= TARGET or state["count"] >= LIMIT * n:
            raise Reached
        return value

    bounds = [(low, high)] * n
    try:
        if method == "dual_annealing":
            dual_annealing(counted, bounds, maxiter=10**9, maxfun=10**9, seed=seed)
        else:
            differential_evolution(counted, bounds, maxiter=10**9, tol=1e-14, polish=False, seed=seed)
    except Reached:
        pass
    return state["count"] if state["best"] <= TARGET else None


rows = []
for method in ("dual_annealing", "differential_evolution"):
    for n in (5, 20):
        for name in FUNCTIONS:
            counts = [evaluations(method, name, n, seed) for seed in range(1, SEEDS + 1)]
            hits = sorted(count for count in counts if count is not None)
            rows.append(
                {
                    "method": method,
                    "function": name,
                    "dimension": n,
                    "seeds": SEEDS,
                    "reached": len(hits),
                    "median": hits[len(hits) // 2] if hits else None,
                }
            )
            print(rows[-1], flush=True)
here = pathlib.Path(__file__).parent
(here / "scipy-optimizers.json").write_text(
    json.dumps({"scipy": scipy.__version__, "target": TARGET, "rows": rows}, indent=2) + "\n"
)
