"""Reads the exports of departments' systems, as text and with lines, and maps them to the canonical record."""
