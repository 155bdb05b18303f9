"""Reads across the domains: the list, the whole order, its timeline and search, as frozen rows from hand-written SQL."""
