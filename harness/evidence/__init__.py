"""Evidence: the folder on disk that running writes and judging reads. Nothing else is known to both halves."""
