"""Roles and how far they reach."""
