"""A readable matching engine in plain Python: the healthy twin, the base of the specimens, the baseline of the bench."""
