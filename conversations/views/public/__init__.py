"""Pages for everybody: how to reach the company, without signing in."""
