"""Sends what is in the outbox: one sender per number across all machines, one event loop per process.

drain.py      one turn of one number: claims, paces, sends, records
lease.py      who may send for a number, by the database's clock
claims.py     takes the next messages of a number and judges them once more
preparing.py  uploads the file of a message and makes the body of its request
marking.py    marks SENDING in group commits, just before the bytes leave
recording.py  writes down outcomes in bulk; ``news.py`` says what each outcome means for the message
effects.py    what an outcome changes beyond its message
budgets.py    speed limits that outlive one turn
telling.py    which conversations open pages look at again
turns.py      how a turn begins and ends in the work index; ``brakes.py`` who waits after a refusal for now
engine.py     the loop, the HTTP session and the few database connections of this process
"""

from uuid import UUID

from conversations.services.sender import engine


def drain(schema_name: str, number_id: UUID) -> None:
    """Send what may leave now for one number; returns when its turn is over."""
    engine.run(lambda process: process.attend(schema_name, number_id))


def send_receipts(schema_name: str) -> None:
    """Send the read receipts that a company asked for."""
    engine.run(lambda process: process.send_receipts(schema_name))
