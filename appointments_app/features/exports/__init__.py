"""Exports: the appointments of a list as a spreadsheet file."""
