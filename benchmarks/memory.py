"""Memory of each process of a running product: proportional set size (PSS), children included.

``python -m benchmarks.memory [var/started.json]`` while ``bin/start`` runs. Pages that several processes share are
divided among them, so the figures add up.
"""

import json
import sys
from pathlib import Path

MOST_MB = 200
KB = 1024


def pss_kb(pid: int) -> int:
    """PSS of one process in KB; 0 when it is gone by now."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def family(pid: int) -> list[int]:
    """The process and everything it started."""
    pids = [pid]
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = listing.read_text().split()
        except OSError:
            continue
        for child in children:
            pids += family(int(child))
    return pids


def main() -> None:
    started = Path(sys.argv[1] if len(sys.argv) > 1 else "var/started.json")
    pids: dict[str, int] = json.loads(started.read_text())["pids"]
    print(f"{'process':<18}{'PSS MB':>8}  each")
    for name, pid in pids.items():
        if name == "supervisor":
            continue
        each = [pss_kb(one) / KB for one in family(pid)]
        over = f"  over {MOST_MB} MB" if max(each) > MOST_MB else ""
        print(f"{name:<18}{sum(each):>8.0f}  {', '.join(f'{mb:.0f}' for mb in each)}{over}")


if __name__ == "__main__":
    main()
