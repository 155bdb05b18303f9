"""A payment provider to practise against, as a process of its own; it knows nothing of the desk, and no real money."""
