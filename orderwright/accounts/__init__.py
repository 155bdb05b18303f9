"""Who may sign in or call: staff, roles, permissions and API keys."""
