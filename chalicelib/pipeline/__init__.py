"""The life of a post, over ports: receive, triage, deliver, keep time."""
