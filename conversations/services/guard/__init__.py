"""Sensitive data and danger words: found, hidden, stopped, judged by people, and gone when due."""
