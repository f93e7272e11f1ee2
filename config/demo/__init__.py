"""The demo: one agency with three client companies, their people, and weeks of conversations, told from scripts."""
