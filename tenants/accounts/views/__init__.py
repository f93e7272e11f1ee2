"""Pages about oneself: profile, language, sessions; and the page on which an account begins."""
