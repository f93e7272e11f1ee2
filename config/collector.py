"""Python's garbage collector, set for processes that live long and turn over many short-lived objects.

What was loaded at the start never becomes garbage, so it is taken out of the collector's sight; and of the rows and
texts of a batch hardly any form cycles, so looking for those after every 700 new objects costs a quarter of the time.
"""

import gc

NEW_OBJECTS = 50_000  # between two looks at the youngest generation


def settle() -> None:
    """Call once, when everything is imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 20)
