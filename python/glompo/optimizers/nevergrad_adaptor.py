"""The optimizers of the package nevergrad as optimizers of glompo."""

import os
import platform
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from glompo.ask_tell import Unable, clipped, missing, serve  # noqa: E402


def search(session):
    try:
        import nevergrad
        import numpy
    except ImportError as error:
        raise missing(error.name or "nevergrad", "pip install nevergrad") from None
    name, budget = session.options["optimizer"], session.options["budget"]
    if name not in nevergrad.optimizers.registry:
        raise Unable(f"nevergrad {nevergrad.__version__} has no optimizer {name}")
    numpy.random.seed(session.seed)
    box = nevergrad.p.Array(init=numpy.array(session.start), lower=0.0, upper=1.0)
    box.random_state = numpy.random.RandomState(session.seed)
    optimizer = nevergrad.optimizers.registry[name](parametrization=box, budget=budget, num_workers=session.workers)
    session.ready(
        name=f"nevergrad {nevergrad.__version__}, Python {platform.python_version()}: {name}",
        batchSize=session.workers,
        inject=True,
        # A new point for each that was told, so that no worker waits for another; in a reproducible run all together.
        **{"async": session.workers > 1 and not session.reproducible},
    )
    asked = {}
    while optimizer.num_tell < budget:
        for x, _ in session.injected():
            optimizer.suggest(numpy.array(x))
        room = min(session.workers - len(asked), budget - optimizer.num_tell - len(asked))
        new = [optimizer.ask() for _ in range(room)]
        if new:
            asked.update(zip(session.announce([clipped(one.value) for one in new]), new))
        told = session.answers()
        while session.reproducible and len(told) < len(asked):
            told += session.answers()
        for answer in sorted(told, key=lambda one: one.id):
            optimizer.tell(asked.pop(answer.id), answer.value)
    return "budget", f"it made the {budget} evaluations that it reckoned with"


serve(search)
