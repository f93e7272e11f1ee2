"""Pages about the company's WhatsApp numbers: how they do, what people see of them, who is blocked, who waits."""
