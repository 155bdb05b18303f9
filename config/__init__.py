"""How this installation is set up: settings read from the environment, addresses, and the WSGI entry."""
