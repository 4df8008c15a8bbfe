"""What a function that glompo minimizes may use.

    from glompo import context, PointFails, TryAgain

    def loss(x):
        if not converged(x):
            raise PointFails("the simulation did not converge")
        return ...

Needs nothing besides Python 3.9. See docs/protocol.md of glompo.
"""

__all__ = ["Context", "PointFails", "Point", "TryAgain", "context"]


class PointFails(Exception):
    """Raised by a function for a point without a value: the evaluation is recorded as failed, with this message."""


class TryAgain(Exception):
    """Raised for a point that may well have a value the next time: it is tried again, up to `manager.retries` times."""


class Stopped(BaseException):
    """Leaves a function whose value cannot matter any more. No Exception, so that it passes `except Exception`."""

    def __init__(self, bound):
        super().__init__(bound)
        self.bound = bound


class Point(list):
    """A point for functions that do not use numpy: a list of floats, whose items also go by the parameters' names."""

    __slots__ = ("names",)

    def __getitem__(self, key):
        if isinstance(key, str):
            try:
                return list.__getitem__(self, self.names.index(key))
            except ValueError:
                raise KeyError(key) from None
        return list.__getitem__(self, key)


class Context:
    """What a function may know of the evaluation that it is called for."""

    __slots__ = ("id", "seed", "optimizer", "cutoff", "names", "wants_gradient", "_values", "_parameters")

    def __init__(self, id, seed, optimizer, cutoff, names, wants_gradient, values):
        #: Number of the evaluation among those of its optimizer, as in the log.
        self.id = id
        #: A seed of this evaluation's own: the same for the same evaluation of the same run.
        self.seed = seed
        #: Number of the optimizer.
        self.optimizer = optimizer
        #: A value above this cannot matter to the optimizer; infinite when every value does.
        self.cutoff = cutoff
        #: Names of the parameters, in the order of x.
        self.names = names
        #: Whether the optimizer can use a gradient.
        self.wants_gradient = wants_gradient
        self._values = values
        self._parameters = None

    @property
    def parameters(self):
        """The parameters by name."""
        if self._parameters is None:
            self._parameters = dict(zip(self.names, map(float, self._values)))
        return self._parameters

    def stop(self, bound):
        """Ends the evaluation when `bound`, which its value is surely not below, is above the cutoff; returns otherwise.

        For functions whose value only grows while they work, such as a sum of squares: call it now and then with what there is.
        """
        bound = float(bound)
        if bound > self.cutoff:
            raise Stopped(bound)


_make_context = None


def context():
    """The context of the evaluation that is going on."""
    if _make_context is None:
        raise RuntimeError("glompo.context() is for functions that glompo calls, while it does")
    return _make_context()
