"""The commands of this package: ``python -m config.services run [--] COMMAND…``."""

import sys

from config.services import private_run

USAGE = "usage: python -m config.services run [--] COMMAND…"


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["run"]:
        command = arguments[2:] if arguments[1:2] == ["--"] else arguments[1:]
        if command:
            return private_run.run(command)
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
