"""CRMs that are real: loads on them, and what starts those that need packages beside Python's."""
