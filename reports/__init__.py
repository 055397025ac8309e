"""Renders stored evidence for people and machines; it runs nothing and judges nothing."""
