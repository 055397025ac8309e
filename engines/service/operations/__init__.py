"""What keeps a service running and tells how it does: its clock, and later its health and its figures."""
