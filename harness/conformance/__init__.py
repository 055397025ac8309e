"""The short battery of `gonogo doctor --engine`: does an engine, through its adapter, do what it declares, and if not, whose mistake is it?"""
