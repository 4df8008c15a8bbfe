"""An optimizer of any Python library as one of glompo's: docs/optimizer-protocol.md, without the lines of JSON.

    from glompo.ask_tell import serve

    def search(session):
        session.ready(name="mine")
        x = session.start
        best = session.evaluate([x])[0].value
        while best > 1e-9:
            neighbour = [min(1, max(0, v + session.random.gauss(0, 0.1))) for v in x]
            value = session.evaluate([neighbour])[0].value
            if value < best:
                x, best = neighbour, value
        return "small-value", f"{best} <= 1e-9"

    serve(search)

Needs nothing but Python 3.9. Points are lists of numbers in the unit box; what is printed goes to the optimizer's stream.
"""

import json
import math
import os
import queue
import random
import sys
import threading
import traceback

PROTOCOL = 1


class Unable(Exception):
    """Why an optimizer cannot be what it was asked to be, in words for the user: no traceback is needed."""


class Answer:
    """What became of a point: `fx` is None where it failed; `violation` > 0 where constraints do not hold."""

    __slots__ = ("id", "fx", "violation", "residuals", "gradient", "value")

    def __init__(self, fields, value):
        self.id = fields["id"]
        self.fx = None if fields["fx"] is None else float(fields["fx"])
        self.violation = float(fields.get("violation", 0))
        self.residuals = numbers(fields.get("residuals"))
        self.gradient = numbers(fields.get("gradient"))
        # One number to compare by, for libraries that take no other.
        self.value = value


class Session:
    """The host's side, as the optimizer sees it. All calls are made from one thread, and wait."""

    def __init__(self, lines, output):
        self._lines = lines
        self._output = output
        self._injected = []
        self._worst = None
        self._snapshot = None
        first = self.receive()
        if first.get("type") != "start":
            raise RuntimeError(f"expected start, got {first}")
        if first["protocol"] != PROTOCOL:
            raise RuntimeError(f"glompo speaks protocol {first['protocol']}, this program {PROTOCOL}")
        self.optimizer = first["optimizer"]
        self.dimension = first["dimension"]
        self.start = as_list(first["start"])
        self.seed = first["seed"]
        self.workers = first["workers"]
        self.steps = first["steps"]
        self.reproducible = first["reproducible"]
        self.options = first["options"]
        self.state = first.get("state")
        self.random = random.Random(self.seed)
        self._next = first["next"]

    def ready(self, snapshot=None, **facts):
        """Says what it is: name, version, batchSize, async, inject, uses. `snapshot`: called for a state, any JSON, between points."""
        self._snapshot = snapshot
        self.send({"type": "ready", "protocol": PROTOCOL, "snapshot": snapshot is not None, **facts})

    def announce(self, points):
        """Sends points to be evaluated, all at once. Returns their ids."""
        ids = range(self._next, self._next + len(points))
        self._next += len(points)
        message = {"type": "evaluate", "points": [{"id": i, "x": as_list(x)} for i, x in zip(ids, points)]}
        self.send(message)
        return ids

    def answers(self):
        """Waits until some points were evaluated."""
        while True:
            message = self.receive()
            kind = message["type"]
            if kind == "tell":
                return [Answer(fields, self._value(fields)) for fields in message["answers"]]
            if kind == "inject":
                self._injected.append((message["x"], message["fx"]))
            elif kind == "snapshot":
                self.send({"type": "snapshot", "state": self._snapshot()})

    def evaluate(self, points):
        """Has points evaluated, all at once if there are workers enough, and waits for them. Returns the answers in their order."""
        if len(points) == 0:
            return []
        ids = self.announce(points)
        found = {}
        while len(found) < len(ids):
            for answer in self.answers():
                found[answer.id] = answer
        return [found[i] for i in ids]

    def injected(self):
        """Points of others that came since the last call, as (x, fx); for those who said `inject`."""
        taken, self._injected = self._injected, []
        return taken

    def _value(self, fields):
        fx, violation = fields["fx"], fields.get("violation", 0)
        if fx is None:
            return math.inf
        if violation > 0:
            worst = 0.0 if self._worst is None else self._worst
            return worst + (1 + abs(worst)) * violation
        if self._worst is None or fx > self._worst:
            self._worst = float(fx)
        return float(fx)

    def send(self, message):
        self._output.write(json.dumps(message, allow_nan=False) + "\n")
        self._output.flush()

    def receive(self):
        message = self._lines.get()
        if message is None:
            # The host has nothing more to say: what is under way is of no interest to anyone.
            os._exit(0)
        return message


def numbers(values):
    """JSON has no difference between 1 and 1.0, and libraries have."""
    return None if values is None else as_list(values)


def as_list(x):
    """Of a list or an array of any library: numbers of Python's own, which are written so that they are read back the same."""
    return [float(value) for value in x]


def clipped(x):
    """The nearest point of the unit box."""
    return [min(1.0, max(0.0, float(value))) for value in x]


def serve(search):
    """Runs `search(session)`, which returns why it has ended: a kind, like `tol-fun`, and a sentence."""
    # What a library prints must not get between the messages.
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    lines = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    session = Session(lines, output)
    try:
        kind, detail = search(session)
        session.send({"type": "done", "kind": kind, "detail": detail})
    except Unable as error:
        session.send({"type": "error", "message": str(error)})
    except Exception as error:
        traceback.print_exc()
        session.send({"type": "error", "message": f"{type(error).__name__}: {error}"})
    # Threads of the library may still be there.
    sys.stderr.flush()
    os._exit(0)


def _read(lines):
    """Reads in a thread of its own, so that the end of the host is seen in the middle of a computation too."""
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "stop":
            break
        lines.put(message)
    os._exit(0)


def missing(package, how):
    """For a package that cannot be imported."""
    return Unable(f"the Python package {package} is not installed for {sys.executable}; install it: {how}")
