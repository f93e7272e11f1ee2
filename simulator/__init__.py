"""A stand-in WhatsApp Cloud API over real HTTP, with phones to chat from. Knows nothing of the project around it."""
