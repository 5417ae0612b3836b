"""The parts of the pages of services, working hours and booking rules."""
