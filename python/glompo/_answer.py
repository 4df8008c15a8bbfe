"""What a function returned, as the protocol has it."""

import json
from binascii import b2a_base64

from ._floats import pack

#: Keys of a dict that is returned which mean something; all others are extras.
PARTS = ("value", "residuals", "gradient", "extras", "violation", "censored")


class Fault(Exception):
    """What is wrong with what was returned."""


def reply(returned):
    """The members of a reply, as a text that follows the id. A float is dealt with before."""
    if isinstance(returned, dict):
        return members(returned)
    if is_number(returned):
        return f'"value":{number(returned)}'
    if isinstance(returned, tuple):
        if len(returned) == 2 and is_number(returned[0]):
            value, more = returned
            if isinstance(more, dict):
                return members({"value": value, "extras": more})
            if is_list(more):
                return members({"value": value, "residuals": more})
    elif is_list(returned):
        if len(returned) == 1:
            raise Fault(
                f"returned {shown(returned)}, a list of one number; return the number itself for a value, "
                "or {'residuals': ...} for residuals"
            )
        return members({"residuals": returned})
    raise Fault(
        f"returned {shown(returned)}, expected a number, a list of residuals, (value, residuals) or a dict with value or residuals"
    )


def members(parts):
    out = []
    parts = without_value(parts)
    extras = dict(parts.get("extras") or {})
    for key, part in parts.items():
        if key not in PARTS:
            extras[str(key)] = part
    for key in ("value", "violation"):
        part = parts.get(key)
        if part is not None:
            if not is_number(part):
                raise Fault(f"returned {key} {shown(part)}, expected a number")
            out.append(f'"{key}":{number(part)}')
    residuals = parts.get("residuals")
    if isinstance(residuals, dict):
        blocks = (f"{json.dumps(str(name))}:{floats(block, f'residuals {name}')}" for name, block in residuals.items())
        out.append('"residuals":{' + ",".join(blocks) + "}")
    elif residuals is not None:
        out.append(f'"residuals":{floats(residuals, "residuals")}')
    if parts.get("gradient") is not None:
        out.append(f'"gradient":{floats(parts["gradient"], "gradient")}')
    if parts.get("censored"):
        out.append('"censored":true')
    if extras:
        try:
            out.append(f'"extras":{json.dumps(extras, default=jsonable)}')
        except (TypeError, ValueError) as error:
            raise Fault(f"returned extras that cannot be logged: {error}") from None
    return ",".join(out)


def without_value(parts):
    """The value of a fit is the sum of the squares of its residuals: one that says so is left out, and another is a mistake."""
    value, residuals = parts.get("value"), parts.get("residuals")
    if value is None or residuals is None or not is_number(value):
        return parts
    try:
        blocks = residuals.values() if isinstance(residuals, dict) else [residuals]
        total = sum(float(r) * float(r) for block in blocks for r in block)
    except (TypeError, ValueError):
        return parts
    if abs(float(value) - total) > 1e-6 * abs(total):
        raise Fault(
            f"returned the value {shown(value)} with residuals whose squares sum up to {total!r}; return residuals "
            "of which the value is the sum of squares, or the value alone"
        )
    return {key: part for key, part in parts.items() if key != "value"}


def is_number(value):
    """Python's numbers and those of numpy, but no texts, booleans or arrays."""
    if isinstance(value, (bool, str, bytes)) or type(value).__name__ in ("bool_", "bool"):
        return False
    return hasattr(value, "__float__") and getattr(value, "ndim", 0) == 0


def is_list(value):
    if getattr(value, "ndim", None) == 1:
        return True
    return isinstance(value, (list, tuple)) and all(map(is_number, value))


def number(value):
    value = float(value)
    if value - value != 0:
        return '"NaN"' if value != value else '"Infinity"' if value > 0 else '"-Infinity"'
    return repr(value)


def floats(values, name):
    try:
        if getattr(values, "ndim", 1) != 1:
            raise TypeError
        packed = pack(values)
    except (TypeError, ValueError):
        raise Fault(f"returned {name} {shown(values)}, expected a list of numbers") from None
    return '"' + b2a_base64(packed, newline=False).decode() + '"'


def jsonable(value):
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"a {type(value).__name__} is no JSON")


def shown(value):
    try:
        text = " ".join(repr(value).split())
    except Exception:
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:59] + "…"
