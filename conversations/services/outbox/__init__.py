"""What is to leave: checked and put into the outbox, from pages and from the API, taken back, sent once more."""
