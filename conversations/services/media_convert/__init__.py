"""Makes of a file what WhatsApp takes: voice notes, pictures, films and stickers, in a worker and within bounds."""
