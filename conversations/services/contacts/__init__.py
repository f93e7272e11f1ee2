"""The people who write: their cards, merges, blocks and consents."""
