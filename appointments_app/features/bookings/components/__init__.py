"""The parts of the pages of bookings."""
