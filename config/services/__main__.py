"""The commands of this package, as bin/start and bin/test call them."""

import sys

from config.services import private_run, start

USAGE = """usage: python -m config.services start [--port-offset N] [--fresh] [--no-demo]
       python -m config.services run [--durable] [--] COMMAND…"""


def main(arguments: list[str]) -> int:
    match arguments:
        case ["start", *options]:
            return start.main(options)
        case ["run", "--durable", "--", *command] | ["run", "--durable", *command] if command:
            return private_run.run(command, durable=True)
        case ["run", "--", *command] | ["run", *command] if command:
            return private_run.run(command)
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
