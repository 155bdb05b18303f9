"""Documents and rows that tests begin with."""
