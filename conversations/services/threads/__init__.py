"""A thread as people see it: pages of it, places in it, words found in it."""
