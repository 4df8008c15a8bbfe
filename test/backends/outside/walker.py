"""A small optimizer for tests: walks around the best point. Speaks the protocol by itself, and can misbehave on demand."""

import json
import os
import subprocess
import sys
import time


def send(message):
    print(message if isinstance(message, str) else json.dumps(message), flush=True)


start = json.loads(sys.stdin.readline())
options = start["options"]
state = start.get("state") or {
    "words": start["seed"] % 2147483647,
    "next": start["next"],
    "told": 0,
    "best": [0.5] * start["dimension"],
    "value": None,
    "open": [],
}
print(f"begins {'where it was' if 'state' in start else 'anew'} with point {start['next']}", file=sys.stderr, flush=True)
assert state["next"] == start["next"], "it was given another state"
if options.get("child"):
    subprocess.Popen(["sleep", "1000"])
if options.get("silent"):
    time.sleep(1000)
send(
    options.get("ready")
    or {
        "type": "ready",
        "protocol": 1,
        "version": 7,
        "name": "walker",
        "batchSize": options.get("batch", 3),
        "snapshot": options.get("snapshot", False),
        "inject": options.get("inject", False),
        "async": options.get("async", False),
    }
)


def draw():
    state["words"] = state["words"] * 48271 % 2147483647
    return state["words"] / 2147483647


def announce(count):
    turn = options.get("turn")
    if turn is not None and state["told"] >= turn:
        misbehave()
    time.sleep(options.get("sleep", 0))
    points = []
    for _ in range(count):
        x = [min(1, max(0, 0.7 * v + 0.3 * draw())) for v in state["best"]]
        points.append({"id": state["next"], "x": x})
        state["open"].append(state["next"])
        state["next"] += 1
    send({"type": "evaluate", "points": points})


def misbehave():
    marker = options.get("once")
    if marker is not None:
        if os.path.exists(marker):
            return
        open(marker, "w").close()
    if options.get("say"):
        print(options["say"], file=sys.stderr, flush=True)
    if "line" in options:
        send(options["line"])
        time.sleep(1000)
    os.kill(os.getpid(), 9)


def take(answer):
    state["open"].remove(answer["id"])
    state["told"] += 1
    fx = answer["fx"]
    if fx is not None and not answer.get("violation") and (state["value"] is None or fx < state["value"]):
        state["value"] = fx
        # What it does next depends on the value, and on the order in which values come.
        state["best"] = [(v + (fx * 1e3) % 1) / 2 for v in state["best"]]


batch = options.get("batch", 3)
if not state["open"]:
    announce(batch)
for line in sys.stdin:
    message = json.loads(line)
    kind = message["type"]
    if kind == "stop":
        break
    if kind == "snapshot":
        send({"type": "snapshot", "state": state})
    elif kind == "inject":
        state["best"] = message["x"]
    elif kind == "tell":
        for one in message["answers"]:
            take(one)
        if state["told"] >= options.get("points", 1e9) and not state["open"]:
            send({"type": "done", "kind": "tired", "detail": f"it was told of {state['told']} points"})
            break
        if options.get("async"):
            if state["told"] < options.get("points", 1e9):
                announce(len(message["answers"]))
        elif not state["open"]:
            announce(batch)
