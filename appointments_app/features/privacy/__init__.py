"""Clients' data: given out in one file, erased, and kept no longer than wanted."""
