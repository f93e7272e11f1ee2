"""Django's PostgreSQL engine with a schema per company and introspection that does not slow down with their number."""
