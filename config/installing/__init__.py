"""Balie as an app on a phone or a desk: the manifest of each host, the worker, and what it shows without connection."""
