"""Decides which records are one customer. Pure: no file, no clock, no unseeded random."""
