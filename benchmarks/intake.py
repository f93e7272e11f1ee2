"""Webhook intake: requests a second and p99 at 50 connections, beside a bare handler on the same server.

    python -m benchmarks.intake [seconds]

The bare handler checks the signature, reads the JSON and does one insert. Ours also routes, writes the journal of the
right company, a work mark and the check of the route in one statement, and wakes a worker.
"""

import os
import sys

from benchmarks import common

BARE = "benchmarks.bare:application"
OURS = "config.wsgi:application"


def main() -> None:
    common.with_services("benchmarks.intake")
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 8
    common.set_up_company()
    documents = common.signed_documents(20_000)
    _prepare_bare()
    for state in ("stopped", "running"):
        print(f"drains {state}")
        bare, ours = [], []
        for _ in range(2):  # in turns, so that both see the same minute
            with common.server(BARE) as port:
                bare.append(_measure(port, documents, seconds, drains=False))
            with common.server(OURS) as port:
                ours.append(_measure(port, documents, seconds, drains=state == "running"))
        for name, found in (("bare handler", bare), ("ours", ours)):
            for one in found:
                print(f"  {name:13}{one}")
        ratio = sum(one.per_second for one in ours) / sum(one.per_second for one in bare)
        print(f"  ours / bare  {ratio:8.2f}   (aim: 0.8 with drains stopped, p99 under 100 ms)", flush=True)


def _measure(port: int, documents: list[tuple[bytes, str]], seconds: float, *, drains: bool) -> common.Load:
    common.load(port, documents, seconds=1)  # connections open, caches warm
    if not drains:
        return common.load(port, documents, seconds=seconds)
    with common.drains():
        return common.load(port, documents, seconds=seconds)


def _prepare_bare() -> None:
    import psycopg

    from benchmarks.bare import TABLE

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(TABLE)


if __name__ == "__main__":
    main()
