"""Microseconds per evaluation of DEAP's CMA-ES between the evaluations: one line of JSON, {"micros": ...}.

    python3 bench/peers/deap_cma.py DIMENSION EVALUATIONS SEED
"""

import json
import sys
import time

import numpy
from deap import base, cma, creator

creator.create("FitnessMin", base.Fitness, weights=(-1.0,))
creator.create("Individual", list, fitness=creator.FitnessMin)

n, evaluations, seed = (int(text) for text in sys.argv[1:4])
numpy.random.seed(seed)
strategy = cma.Strategy(centroid=[0.5] * n, sigma=0.3)
spent = 0.0
done = 0
while done < evaluations:
    began = time.perf_counter()
    population = strategy.generate(creator.Individual)
    spent += time.perf_counter() - began
    for individual in population:
        individual.fitness.values = (sum((x - 0.45) ** 2 * (1 + i) for i, x in enumerate(individual)),)
    began = time.perf_counter()
    strategy.update(population)
    spent += time.perf_counter() - began
    done += len(population)
print(json.dumps({"micros": 1e6 * spent / done}))
