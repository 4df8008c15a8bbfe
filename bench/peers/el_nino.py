"""Other optimizers on the El Niño fit: one line of JSON a seed.

    python3 bench/peers/el_nino.py METHOD EVALUATIONS SEED...

METHOD: differential_evolution, dual_annealing (SciPy), optuna (its default sampler, TPE), least_squares (SciPy's trf from starts
drawn anywhere in the box until the evaluations are used up; those of its numerical Jacobians count too). Periods are searched on a log
scale, as glompo does, so that the box is the same.
"""

import json
import sys
import time
from math import exp, log
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "examples/programs/el-nino"))
import el_nino  # noqa: E402

BOUNDS = [(0, 20), (-10, 10), (-10, 10), (log(5), log(100)), (-10, 10), (-10, 10), (log(5), log(100)), (-10, 10), (-10, 10)]
SOLVED = 788.53979 + 1e-4


class Enough(Exception):
    pass


class Counter:
    def __init__(self, limit):
        self.limit, self.used, self.best, self.solved_at = limit, 0, float("inf"), None

    def residuals(self, u):
        if self.used == self.limit or self.solved_at is not None:
            raise Enough
        self.used += 1
        r = el_nino.residuals([*u[:3], exp(u[3]), *u[4:6], exp(u[6]), *u[7:]])
        value = sum(x * x for x in r)
        if value < self.best:
            self.best = value
            if value <= SOLVED:
                self.solved_at = self.used
        return r

    def value(self, u):
        return sum(r * r for r in self.residuals(u))


def differential_evolution(counter, seed):
    from scipy.optimize import differential_evolution as minimize

    minimize(counter.value, BOUNDS, seed=seed, maxiter=10**9)


def dual_annealing(counter, seed):
    from scipy.optimize import dual_annealing as minimize

    minimize(counter.value, BOUNDS, seed=seed, maxfun=counter.limit, maxiter=10**9)


def least_squares(counter, seed):
    import numpy
    from scipy.optimize import least_squares as minimize

    random = numpy.random.default_rng(seed)
    low, high = (numpy.array(side, float) for side in zip(*BOUNDS))
    while True:
        start = low + (high - low) * random.random(len(low))
        minimize(lambda u: numpy.array(counter.residuals(u)), start, bounds=(low, high))


def optuna(counter, seed):
    import optuna as library

    library.logging.set_verbosity(library.logging.WARNING)
    study = library.create_study(sampler=library.samplers.TPESampler(seed=seed))
    names = [f"b{i + 1}" for i in range(len(BOUNDS))]
    study.optimize(
        lambda trial: counter.value([trial.suggest_float(n, *b) for n, b in zip(names, BOUNDS)]), n_trials=counter.limit
    )


method, limit, seeds = sys.argv[1], int(sys.argv[2]), [int(seed) for seed in sys.argv[3:]]
for seed in seeds:
    counter, begun = Counter(limit), time.time()
    try:
        globals()[method](counter, seed)
    except Enough:
        pass
    print(json.dumps({"seed": seed, "best": counter.best, "solvedAt": counter.solved_at, "seconds": time.time() - begun}), flush=True)
