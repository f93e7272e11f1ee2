"""The agency's pages: its clients at a glance, a client's facts and numbers, who may work where."""
