"""Who may sign in or call, and what for."""
