"""What runs beside the code on one machine: embedded PostgreSQL and Valkey, and the supervisor of all processes.

Everything here uses the standard library only and knows no Django. Where ``DATABASE_URL`` and ``REDIS_URL`` are set,
nothing embedded starts.
"""
