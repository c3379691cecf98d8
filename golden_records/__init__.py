"""Turns clusters into golden records: identity, survivorship, publication."""
