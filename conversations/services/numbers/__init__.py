"""The company's numbers at the platform: connected, watched, tested, shown to the public, told about."""
