"""Codecs: bytes to arrays and back, one format a file. They know the words of `base` and nothing of engines or flows."""
