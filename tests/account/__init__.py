"""One's own account: who else gets in, and who does not."""
