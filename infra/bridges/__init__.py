"""Processes that run beside the functions, for platforms that push nothing: docs/platforms/bluesky.md, reddit.md."""
