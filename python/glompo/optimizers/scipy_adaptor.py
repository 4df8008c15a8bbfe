"""The methods of scipy.optimize as optimizers of glompo. SciPy 1.9 to 1.17."""

import inspect
import math
import os
import platform
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from glompo.ask_tell import Unable, clipped, missing, serve  # noqa: E402

# By what they take: box constraints, or nothing; gradients, or values alone.
BOUNDED = {"nelder-mead": "Nelder-Mead", "powell": "Powell", "cobyla": "COBYLA"}
BOUNDED_GRADIENT = {"l-bfgs-b": "L-BFGS-B", "tnc": "TNC", "slsqp": "SLSQP", "trust-constr": "trust-constr"}
FREE_GRADIENT = {"cg": "CG", "bfgs": "BFGS"}
LOCAL_SEARCH = "L-BFGS-B"


class Objective:
    """What SciPy calls: values and gradients, points as arrays of any kind. Remembers the last ones, which it asks for again."""

    def __init__(self, numpy, session, step):
        self._numpy = numpy
        self._session = session
        self._step = step
        self._known = {}
        # Nobody knows before the first value.
        self._has_gradient = None

    def value(self, x):
        return self._answer(clipped(x)).value

    def values(self, points):
        """Many at once."""
        return [answer.value for answer in self._session.evaluate([clipped(x) for x in points])]

    def gradient(self, x):
        """The task's own where it has one; otherwise of differences, from a batch of neighbours."""
        x = clipped(x)
        known = self._known.get(tuple(x))
        if known is None and self._has_gradient is not False:
            known = self._answer(x)
        if known is not None and known.gradient is not None:
            return self._numpy.array(known.gradient)
        # Backwards at the upper bound: nothing is evaluated outside the box.
        steps = [self._step if v + self._step <= 1 else -self._step for v in x]
        neighbours = [x[:i] + [x[i] + steps[i]] + x[i + 1 :] for i in range(len(x))]
        answers = self._session.evaluate(neighbours if known is not None else [x, *neighbours])
        if known is None:
            known = answers.pop(0)
            self._remember(x, known)
        return self._numpy.array(
            [slope(known.value, there.value, near[i] - x[i]) for i, (there, near) in enumerate(zip(answers, neighbours))]
        )

    def _answer(self, x):
        known = self._known.get(tuple(x))
        if known is None:
            (known,) = self._session.evaluate([x])
            self._remember(x, known)
        return known

    def _remember(self, x, answer):
        if len(self._known) > 100:
            self._known.clear()
        self._known[tuple(x)] = answer
        if answer.fx is not None:
            self._has_gradient = answer.gradient is not None


def slope(here, there, step):
    """Finite, whatever the values: where one of them failed nothing is known."""
    if not (math.isfinite(here) and math.isfinite(there)):
        return 0.0
    return (there - here) / step


class Mapped:
    """Any numbers to the unit box: (1 - cos(pi t)) / 2, which is smooth, and goes back and forth as t grows."""

    def __init__(self, numpy, objective):
        self._numpy = numpy
        self._objective = objective

    def inside(self, t):
        return (1 - self._numpy.cos(math.pi * self._numpy.asarray(t))) / 2

    def outside(self, x):
        # At a bound the slope of the mapping is 0: it would never get away.
        return self._numpy.arccos(1 - 2 * self._numpy.clip(x, 0.001, 0.999)) / math.pi

    def value(self, t):
        return self._objective.value(self.inside(t))

    def gradient(self, t):
        chain = math.pi / 2 * self._numpy.sin(math.pi * self._numpy.asarray(t))
        return self._objective.gradient(self.inside(t)) * chain


class Displacement:
    """basinhopping's step, kept in the box by reflection; SciPy adapts `stepsize`."""

    def __init__(self, numpy, seed, stepsize):
        self._numpy = numpy
        self._random = numpy.random.RandomState(seed)
        self.stepsize = stepsize

    def __call__(self, x):
        moved = x + self._random.uniform(-self.stepsize, self.stepsize, x.shape)
        return 1 - self._numpy.abs(1 - self._numpy.abs(moved) % 2)


def search(session):
    try:
        import numpy
        import scipy
        from scipy import optimize
    except ImportError as error:
        name = error.name or "scipy"
        raise missing(name, "apt install python3-scipy, or pip install scipy") from None
    method, given = session.options["method"], dict(session.options["options"])
    global_method = method.replace("-", "_")
    if not (method in BOUNDED or method in BOUNDED_GRADIENT or method in FREE_GRADIENT or hasattr(optimize, global_method)):
        raise Unable(f"SciPy {scipy.__version__} has no {method}")
    numpy.random.seed(session.seed)
    gradient = method in BOUNDED_GRADIENT or method in FREE_GRADIENT or method in ("dual-annealing", "basinhopping", "shgo")
    workers = given.pop("workers", None)
    if workers is not None:
        raise Unable("options.workers: the workers are glompo's, write workers beside options")
    populated = method == "differential-evolution" and (session.workers > 1 or given.get("updating") == "deferred")
    batch = session.dimension if gradient else 1
    if populated:
        batch = max(5, given.get("popsize", 15) * session.dimension)
    session.ready(
        name=f"scipy {scipy.__version__}, numpy {numpy.__version__}, Python {platform.python_version()}: {method}",
        batchSize=batch,
        uses=["gradient"] if gradient else [],
    )
    objective = Objective(numpy, session, session.options["differenceStep"])
    start = numpy.array(session.start)
    bounds = [(0.0, 1.0)] * session.dimension
    if method in FREE_GRADIENT:
        mapped = Mapped(numpy, objective)
        result = optimize.minimize(
            mapped.value,
            mapped.outside(start),
            jac=mapped.gradient,
            method=FREE_GRADIENT[method],
            options=given,
        )
    elif method in BOUNDED:
        if method == "cobyla":
            # SciPy's is 1: the whole box.
            given.setdefault("rhobeg", 0.25)
        result = optimize.minimize(objective.value, start, method=BOUNDED[method], options=given, **box(optimize, scipy, method, bounds))
    elif method in BOUNDED_GRADIENT:
        if method == "trust-constr":
            bounds = optimize.Bounds([0.0] * len(start), [1.0] * len(start), keep_feasible=True)
            # Strictly inside, as it wants it.
            start = numpy.clip(start, 1e-6, 1 - 1e-6)
        result = optimize.minimize(
            objective.value,
            start,
            jac=objective.gradient,
            method=BOUNDED_GRADIENT[method],
            bounds=bounds,
            options=given,
        )
    else:
        result = globally(optimize, numpy, session, objective, start, bounds, method, given, populated)
    message = result.message
    message = message[0] if isinstance(message, (list, tuple)) else message
    message = message.decode() if isinstance(message, bytes) else str(message)
    return ("success" if result.success else "ended"), f"{method}: {' '.join(message.split())}"


def box(optimize, scipy, method, bounds):
    """COBYLA takes bounds since 1.11; before that as constraints, which it may try points outside of."""
    version = tuple(int(part) for part in scipy.__version__.split(".")[:2])
    if method != "cobyla" or version >= (1, 11):
        return {"bounds": bounds}
    below = [{"type": "ineq", "fun": lambda x, i=i: x[i]} for i in range(len(bounds))]
    above = [{"type": "ineq", "fun": lambda x, i=i: 1 - x[i]} for i in range(len(bounds))]
    return {"constraints": below + above}


def globally(optimize, numpy, session, objective, start, bounds, method, given, populated):
    """The methods that search the whole box."""
    function = getattr(optimize, method.replace("-", "_"))
    known = inspect.signature(function).parameters
    local = {"method": LOCAL_SEARCH, "jac": objective.gradient, "bounds": bounds}
    arguments = {}
    if method == "basinhopping":
        # SciPy reckons in the parameters' own units: half of it is half of the box here.
        stepsize = given.pop("stepsize", 0.5)
        arguments = {
            "x0": start,
            "take_step": Displacement(numpy, session.seed, stepsize),
            "minimizer_kwargs": {**local, **given.pop("minimizer_kwargs", {})},
        }
    else:
        arguments["bounds"] = bounds
        if "x0" in known:
            arguments["x0"] = start
    if method == "shgo":
        given["options"] = {"jac": objective.gradient, **given.get("options", {})}
    if method == "dual-annealing":
        own = given.pop("minimizer_kwargs", given.pop("local_search_options", {}))
        name = "minimizer_kwargs" if "minimizer_kwargs" in known else "local_search_options"
        arguments[name] = {**local, **own}
    if populated:
        arguments["updating"] = "deferred"
        arguments["workers"] = lambda _, points: objective.values(list(points))
    if "rng" in known and "seed" not in known:
        arguments["rng"] = session.seed
    elif "seed" in known:
        arguments["seed"] = session.seed
    return function(objective.value, **{**arguments, **given})


serve(search)
