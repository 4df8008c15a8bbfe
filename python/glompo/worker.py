"""Evaluates a function for glompo: python3 -u worker.py FILE [FUNCTION], see docs/protocol.md.

Speaks the protocol on what were its standard input and output. The function finds nothing in the first, and what it prints to the
second goes to standard error.
"""

import faulthandler
import json
import os
import signal
import sys
from binascii import a2b_base64, b2a_base64
from time import perf_counter

INFINITY = float("inf")
#: Values are gathered for so long, since a line costs more than a quick evaluation.
GATHER_SECONDS = 0.001


def take_streams():
    """The protocol's own ends, where neither the function nor what it starts can reach them."""
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(source, "rb", 1 << 16), sink


class Worker:
    def __init__(self, source, sink):
        self.source = source
        self.sink = sink
        # Evaluation that is going on: id, seed, optimizer, cutoff, x.
        self.current = None

    def send(self, line):
        data = memoryview(line.encode() + b"\n")
        while data:
            data = data[os.write(self.sink, data) :]

    def run(self, path, name):
        try:
            self.prepare(path, name)
        except _function.Unfit as error:
            self.send(json.dumps({"error": {"message": str(error)}}))
            return 1
        except BaseException as error:
            self.send(json.dumps({"error": {"message": f"{path} cannot be imported: {self.told(error)}"}}))
            return 1
        self.send('{"ready":1,"batch":true,"encoding":"base64"}')
        for line in self.source:
            self.answer(json.loads(line))
        return 0

    def prepare(self, path, name):
        start = json.loads(self.source.readline() or "{}")
        self.names = start.get("names", [])
        self.wants_gradient = start.get("gradient", False)
        glompo._make_context = self.context
        function, found = _function.load(path, name)
        self.call = self.caller(function, _function.convention(function, found, self.names))
        # Not imported for a function that does without.
        self.numpy = sys.modules.get("numpy")

    def caller(self, function, how):
        if how == "x":
            return function
        if how == "x, context":
            return lambda x: function(x, context=self.context())
        return lambda x: function(**dict(zip(self.names, map(float, x))))

    def context(self):
        if self.current is None:
            raise RuntimeError("glompo.context() is for functions that glompo calls, while it does")
        id, seed, optimizer, cutoff, x = self.current
        return glompo.Context(id, seed, optimizer, cutoff, self.names, self.wants_gradient, x)

    def answer(self, request):
        optimizer = request["optimizer"]
        if "id" in request:
            (x,) = self.points(request["x"], 1)
            cutoff = request.get("cutoff", INFINITY)
            value, seconds, rest = self.evaluate(request["id"], request["seed"], optimizer, cutoff, x)
            part = f'"value":{value!r}' if rest is None else rest
            self.send(f'{{"id":{request["id"]},{part},"seconds":{seconds!r}}}')
        elif "ids" in request:
            self.answer_batch(request, optimizer)

    def answer_batch(self, request, optimizer):
        ids, seeds = request["ids"], request["seeds"]
        cutoffs = request.get("cutoffs")
        limits = _floats.unpack(a2b_base64(cutoffs)) if cutoffs else [INFINITY] * len(ids)
        done, values, took = [], [], []
        since = perf_counter()
        for id, seed, cutoff, x in zip(ids, seeds, limits, self.points(request["x"], len(ids))):
            value, seconds, rest = self.evaluate(id, seed, optimizer, cutoff, x)
            if rest is None:
                done.append(id)
                values.append(value)
                took.append(seconds)
            if done and (rest is not None or perf_counter() - since > GATHER_SECONDS):
                self.send_values(done, values, took)
                done, values, took = [], [], []
                since = perf_counter()
            if rest is not None:
                self.send(f'{{"id":{id},{rest},"seconds":{seconds!r}}}')
        if done:
            self.send_values(done, values, took)

    def send_values(self, ids, values, seconds):
        texts = [b2a_base64(_floats.pack(one), newline=False).decode() for one in (values, seconds)]
        self.send(f'{{"ids":[{",".join(map(str, ids))}],"values":"{texts[0]}","seconds":"{texts[1]}"}}')

    def points(self, text, count):
        data = a2b_base64(text)
        if self.numpy is not None:
            # A copy, since the function may write into it.
            return self.numpy.frombuffer(data, "<f8").astype("f8").reshape(count, -1)
        values = _floats.unpack(data).tolist()
        size = len(values) // count
        points = [glompo.Point(values[i * size : (i + 1) * size]) for i in range(count)]
        for point in points:
            point.names = self.names
        return points

    def evaluate(self, id, seed, optimizer, cutoff, x):
        """Returns the value and the seconds that it took or, in place of the value, members of the reply."""
        self.current = (id, seed, optimizer, cutoff, x)
        since = perf_counter()
        try:
            returned = self.call(x)
            seconds = perf_counter() - since
            # A finite float, most of the time.
            if type(returned) is float and returned - returned == 0:
                return returned, seconds, None
            return 0.0, seconds, _answer.reply(returned)
        except BaseException as error:
            return 0.0, perf_counter() - since, self.failure(error)
        finally:
            self.current = None

    def failure(self, error):
        if isinstance(error, glompo.Stopped):
            return f'"value":{_answer.number(error.bound)},"censored":true'
        if isinstance(error, (glompo.PointFails, glompo.TryAgain, _answer.Fault)):
            message = str(error) or type(error).__name__
        else:
            message = self.told(error)
        retry = isinstance(error, glompo.TryAgain)
        return f'"error":{json.dumps({"message": message, "retry": retry})}'

    def told(self, error):
        """An exception in one line for the log; in full it goes to standard error."""
        try:
            import traceback

            tb = error.__traceback__
            while tb and is_own(tb.tb_frame.f_code.co_filename):
                tb = tb.tb_next
            traceback.print_exception(type(error), error, tb)
            text = " ".join("".join(traceback.format_exception_only(type(error), error)).split("\n")).strip()
            frames = traceback.extract_tb(tb)
            if not frames:
                return text
            last = frames[-1]
            return f"{text} (at {os.path.basename(last.filename)}:{last.lineno} in {last.name}: {last.line})"
        except Exception:
            return f"{type(error).__name__}, which cannot be shown"


def is_own(file):
    """Whether it is of the worker or of Python's way to import: what stands there says nothing to the function's author."""
    return os.path.dirname(os.path.abspath(file)) == HERE or "importlib" in file


def main():
    faulthandler.enable()
    # How a run ends is the manager's to say, not Ctrl-C's or a batch system's.
    for name in ("SIGINT", "SIGUSR1", "SIGUSR2"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    source, sink = take_streams()
    path, name = os.path.abspath(sys.argv[1]), "".join(sys.argv[2:3])
    sys.argv[:] = [path]
    # The function's file imports its neighbours.
    sys.path.insert(0, os.path.dirname(path))
    return Worker(source, sink).run(path, name)


HERE = os.path.dirname(os.path.abspath(__file__))
# Started as a script: its neighbours are found as parts of glompo, and by no other name.
sys.path[:] = [os.path.dirname(HERE)] + [one for one in sys.path if os.path.abspath(one or ".") != HERE]

import glompo  # noqa: E402
from glompo import _answer, _floats, _function  # noqa: E402

sys.path.append(sys.path.pop(0))

if __name__ == "__main__":
    sys.exit(main())
