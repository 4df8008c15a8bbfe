"""A function that does nothing, for bench/speed/external.ts."""


def evaluate(x):
    return 0.0
