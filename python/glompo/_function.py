"""Finds the function in a user's file, and how it wants to be called."""

import os
import sys

#: Names that are taken for the function when none is given, the first that there is.
USUAL = ("evaluate", "task", "objective", "loss")


class Unfit(Exception):
    """What keeps the function from being called; the message is for its author."""


def load(path, name):
    """Imports the file, which is an ordinary module with its directory on the path. Returns the function and its name."""
    if not os.path.isfile(path):
        raise Unfit(f"{path} does not exist")
    from importlib.machinery import SourceFileLoader
    from importlib.util import module_from_spec, spec_from_file_location

    stem = os.path.splitext(os.path.basename(path))[0]
    spec = spec_from_file_location(stem, path, loader=SourceFileLoader(stem, path))
    module = module_from_spec(spec)
    # So that it can be pickled, and not imported twice. A file that has the name of a module in use goes without.
    if stem not in sys.modules:
        sys.modules[stem] = module
    spec.loader.exec_module(module)
    return choose(module, path, name)


def choose(module, path, name):
    names = [key for key, value in vars(module).items() if callable(value) and not isinstance(value, type)]
    public = [key for key in names if not key.startswith("_")]
    if name:
        found = getattr(module, name, None)
        if found is None:
            raise Unfit(f"{path} has no function {name}{near(name, public)}")
        if not callable(found):
            raise Unfit(f"{name} in {path} is a {type(found).__name__}, expected a function")
        return found, name
    for usual in USUAL:
        if usual in names:
            return getattr(module, usual), usual
    own = [key for key in public if getattr(getattr(module, key), "__module__", None) == module.__name__]
    if len(own) == 1:
        return getattr(module, own[0]), own[0]
    if own:
        raise Unfit(
            f"{path} has several functions ({', '.join(own)}), none of them {', '.join(USUAL)}; "
            f"say which: python: {os.path.basename(path)}:{own[0]}"
        )
    raise Unfit(f"{path} defines no function")


def near(name, names):
    from difflib import get_close_matches

    found = get_close_matches(name, names, 1)
    if found:
        return f"; did you mean {found[0]}?"
    return f" (it has {', '.join(names)})" if names else " (it has none)"


def convention(function, name, names):
    """How it is called: "x", "x, context", or "names" (each parameter by its name)."""
    parameters = plain(function)
    if parameters is None:
        return "x"
    positional, keywords, is_open = parameters
    own = [key for key, _ in positional + keywords]
    more = [key for key, has_default in positional + keywords if key not in names and (not has_default or key == "context")]
    if names and set(names) <= set(own) and not more:
        return "names"
    # What is neither x nor the context must have a default.
    rest = [key for key, has_default in positional[1:] + keywords if not has_default and key != "context"]
    if (positional or is_open) and not rest:
        return "x, context" if "context" in own[1:] else "x"
    raise Unfit(
        f"{name} takes ({', '.join(own)}), expected (x), (x, context), or the parameters by their names: "
        f"({', '.join(names)})"
    )


def plain(function):
    """Of a function written in Python: inspect, which does the same for all, takes longer to import than all the rest."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    bound = hasattr(function, "__self__")
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    if code is None:
        return inspected(function)
    if code.co_flags & 0x80:
        raise Unfit(f"{function.__name__} is an async function, expected one that returns its value")
    count = code.co_argcount
    defaults = len(function.__defaults__ or ())
    positional = [(key, i >= count - defaults) for i, key in enumerate(code.co_varnames[:count])]
    kwdefaults = function.__kwdefaults__ or {}
    keywords = [
        (key, key in kwdefaults) for key in code.co_varnames[count : count + code.co_kwonlyargcount]
    ]
    return positional[1:] if bound else positional, keywords, bool(code.co_flags & 0x04)


def inspected(function):
    import inspect

    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    has_default = [(one.name, one.default is not one.empty, one.kind) for one in parameters]
    return (
        [(name, given) for name, given, kind in has_default if kind <= 1],
        [(name, given) for name, given, kind in has_default if kind == 3],
        any(kind == 2 for _, _, kind in has_default),
    )
