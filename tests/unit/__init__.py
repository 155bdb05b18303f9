"""Rules on their own: money, text, chains, states."""
