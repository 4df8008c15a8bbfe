"""A function that does nothing, for bench/external.ts."""


def evaluate(x):
    return 0.0
