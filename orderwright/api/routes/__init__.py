"""The routes, one module per part of the desk. Each asks one action or one read, and says nothing about rules."""
