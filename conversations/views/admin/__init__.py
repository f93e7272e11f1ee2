"""Pages for a company's admins: today's figures, people, keys, settings."""
