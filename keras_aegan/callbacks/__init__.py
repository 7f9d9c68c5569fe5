"""Callbacks that show what a model learns."""
