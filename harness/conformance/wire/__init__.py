"""Batteries by wire: stimulus tables of SoupBinTCP, OUCH 5.0 and FIX 4.4, held against whoever listens, below gonogo's own adapters."""
