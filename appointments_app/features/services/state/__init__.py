"""What the pages of services, working hours and booking rules show."""
