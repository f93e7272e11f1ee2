"""The agency's desk: one queue over all clients, and a client's conversations opened from it."""
