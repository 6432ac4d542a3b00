"""Rules: what business people write, checked, compiled, and decided by."""
