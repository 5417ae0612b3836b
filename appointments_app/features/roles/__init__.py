"""Settings › Roles: who may do what."""
