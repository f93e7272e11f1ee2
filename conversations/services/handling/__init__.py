"""What people do with a conversation besides answering: take, give, rest, close, sort, follow, note."""
