"""Django's PostgreSQL engine with one schema per company and an introspection that does not slow down with their number."""
