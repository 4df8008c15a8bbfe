"""A pool of multiprocess that is up already: one line of JSON.

    python3 bench/peers/multiprocess_pool.py naps WORKERS COUNT SECONDS          {"seconds": ...} for all of them
    python3 bench/peers/multiprocess_pool.py map|imap WORKERS COUNT DIMENSION    {"rate": ...}, calls a second

With dimension 0 a call gets an integer and returns it, else a list of so many numbers.
"""

import json
import sys
import time

from multiprocess import Pool


def same(x):
    return x


def measure(pool, how, count, dimension):
    inputs = [[i + 0.5] * dimension for i in range(count)] if dimension else range(count)
    began = time.perf_counter()
    found = pool.map(same, inputs) if how == "map" else list(pool.imap(same, inputs, chunksize=256))
    seconds = time.perf_counter() - began
    assert len(found) == count and found[-1] == inputs[-1]
    return seconds


if __name__ == "__main__":
    how, workers, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with Pool(workers) as pool:
        # All workers are up.
        pool.map(time.sleep, [0.02] * 2 * workers, chunksize=1)
        if how == "naps":
            began = time.perf_counter()
            pool.map(time.sleep, [float(sys.argv[4])] * count, chunksize=1)
            print(json.dumps({"seconds": time.perf_counter() - began}))
        else:
            dimension = int(sys.argv[4])
            measure(pool, how, 2000, dimension)
            print(json.dumps({"rate": count / measure(pool, how, count, dimension)}))
