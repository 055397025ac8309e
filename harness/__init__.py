"""gonogo: decides from evidence whether a trading engine may go live."""

__version__ = "0.1.0"
