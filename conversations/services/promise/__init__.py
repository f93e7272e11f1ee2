"""The promise of an answer in time: reckoned, watched, warned of, and what became of it."""
