"""Settings, addresses, processes and the commands that set up and seed."""
