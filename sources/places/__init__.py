"""Where exports lie, and how each becomes a local, plain file."""
