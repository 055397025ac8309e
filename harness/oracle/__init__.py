"""What must be true, worked out a second time: it shares no code with any engine."""
