"""Rules, against their references."""
