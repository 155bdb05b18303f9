"""A payment provider to practise against, as a process of its own; it imports nothing of the desk and moves no real money."""
