"""Pages about message templates for those who look after them."""
