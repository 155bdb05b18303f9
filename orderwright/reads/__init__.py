"""Reads across the domains: the list, the whole order, its timeline, search. Frozen rows from hand-written SQL."""
