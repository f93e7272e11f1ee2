"""Trouble that a person has to know of: raised once, told once."""
