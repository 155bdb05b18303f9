"""Several who do the same thing, or its opposite, in the same instant: one effect, the other is told why."""
