"""Exports, from the rows of the database to the file a browser gets."""
