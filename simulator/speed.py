"""Whether a send comes too fast: for its number, or for the person it goes to."""

from simulator.errors import GraphError
from simulator.simulation import Simulation, now
from simulator.world import Number


def check(sim: Simulation, number: Number, address: str) -> None:
    """The number's second and the pair's share allow one more. Raises GraphError."""
    at = now()
    if sim.options.throughput_check and not sim.budgets.number_may_send(
        number.id, per_second=number.throughput, now=at
    ):
        raise GraphError(130429, "Cloud API message throughput has been reached.")
    if sim.options.pair_check and not sim.budgets.pair_may_send(number.id, address=address, now=at):
        raise GraphError(
            131056,
            "Too many messages sent from the sender phone number to the same recipient in a short period of time.",
        )
