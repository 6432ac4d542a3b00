"""What people write, one language a module: word lists with weights, written by hand (docs/reading.md)."""
