"""Measures accuracy and speed; makes customer exports with known truth."""
