"""What whoever answers must know of a company: its tone, notices and articles."""
