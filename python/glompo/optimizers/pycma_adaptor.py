"""CMA-ES of the package cma (pycma) as an optimizer of glompo."""

import os
import platform
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from glompo.ask_tell import clipped, missing, serve  # noqa: E402


def search(session):
    try:
        import cma
        import numpy
    except ImportError as error:
        raise missing(error.name or "cma", "pip install cma") from None
    # Its seed must not be 0, which it takes for the time of day.
    own = {"bounds": [0, 1], "seed": 1 + session.seed % (2**32 - 2), "verbose": -9, "verb_disp": 0, "verb_log": 0}
    integers = [i for i, steps in enumerate(session.steps) if steps > 0]
    if integers:
        # Of the distance of two values: it does not vanish below that.
        own["minstd"] = [0.2 / (steps - 1) if steps > 1 else 0 for steps in session.steps]
    start = numpy.array(session.start)
    strategy = cma.CMAEvolutionStrategy(start, session.options["sigma0"], {**own, **session.options["options"]})
    session.ready(
        name=f"cma {cma.__version__}, Python {platform.python_version()}",
        batchSize=strategy.popsize,
        inject=True,
    )
    while not strategy.stop():
        good = [x for x, _ in session.injected()]
        if good:
            strategy.inject([numpy.array(x) for x in good])
        points = strategy.ask()
        answers = session.evaluate([clipped(x) for x in points])
        strategy.tell(points, [finite(answer.value) for answer in answers])
    ((kind, limit), *_) = strategy.stop().items()
    return kind.replace("_", "-").lower(), f"{kind} {limit}"


def finite(value):
    """It takes infinity for a mistake."""
    return min(value, 1e300)


serve(search)
