"""The tests: sentences on what the program does."""
