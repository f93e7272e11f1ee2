"""Reading the `fields` of a Graph request."""

from typing import Any

from simulator.errors import GraphError


def select(values: dict[str, Any], wanted: str | None, default: tuple[str, ...]) -> dict[str, Any]:
    """The fields that were asked for, with the id. Raises GraphError for one that does not exist."""
    names = [name.strip() for name in wanted.split(",") if name.strip()] if wanted else list(default)
    for name in names:
        if name not in values:
            message = f"(#100) Tried accessing nonexisting field ({name[:60]})"
            raise GraphError(100, message=message)
    return {**{name: values[name] for name in names}, "id": values["id"]}
