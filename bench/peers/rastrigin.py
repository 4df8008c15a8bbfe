"""Evaluations a second of 20-D Rastrigin, unmanaged and unlogged: one line of JSON, {"rate": ...}.

    python3 bench/peers/rastrigin.py scipy|deap EVALUATIONS

scipy: differential_evolution on two processes; deap: two CMA-ES of 12, each in a process of its own.
"""

import json
import sys
import time
from multiprocessing import Pool

import numpy

N = 20


def rastrigin(x):
    x = numpy.asarray(x)
    return 10 * len(x) + float(numpy.sum(x * x - 10 * numpy.cos(2 * numpy.pi * x)))


def scipy_rate(evaluations):
    from scipy.optimize import differential_evolution

    iterations = max(1, evaluations // (15 * N) - 1)
    began = time.perf_counter()
    found = differential_evolution(
        rastrigin,
        [(-5.12, 5.12)] * N,
        maxiter=iterations,
        tol=0,
        polish=False,
        updating="deferred",
        workers=2,
        seed=1,
    )
    return found.nfev / (time.perf_counter() - began)


def deap_island(generations):
    from deap import cma

    numpy.random.seed(generations)
    strategy = cma.Strategy(centroid=[2.0] * N, sigma=2.0, lambda_=12)
    for _ in range(generations):
        population = strategy.generate(list_individual)
        for individual in population:
            individual.fitness.values = (rastrigin(individual),)
        strategy.update(population)
    return 12 * generations


def list_individual(values):
    from deap import base, creator

    if not hasattr(creator, "FitnessMin"):
        creator.create("FitnessMin", base.Fitness, weights=(-1.0,))
        creator.create("Individual", list, fitness=creator.FitnessMin)
    return creator.Individual(values)


def deap_rate(evaluations):
    generations = max(1, evaluations // 24)
    began = time.perf_counter()
    with Pool(2) as pool:
        done = sum(pool.map(deap_island, [generations, generations + 1]))
    return done / (time.perf_counter() - began)


if __name__ == "__main__":
    peer, evaluations = sys.argv[1], int(sys.argv[2])
    print(json.dumps({"rate": {"scipy": scipy_rate, "deap": deap_rate}[peer](evaluations)}))
