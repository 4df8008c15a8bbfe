"""Lists of little-endian float64s."""

import sys
from array import array


def pack(values):
    """Of anything that holds numbers: a numpy array of any type, a list, an array."""
    if isinstance(values, (str, bytes, bytearray)):
        raise TypeError
    if hasattr(values, "astype") and hasattr(values, "tobytes"):
        if values.dtype.kind not in "fiub":
            raise TypeError
        return values.astype("<f8").tobytes()
    packed = values if isinstance(values, array) and values.typecode == "d" else array("d", values)
    if sys.byteorder == "big":
        packed = packed[:]
        packed.byteswap()
    return packed.tobytes()


def unpack(data):
    values = array("d")
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    return values
