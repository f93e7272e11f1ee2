"""Pages about what whoever answers must know: tone, notices, articles."""
