"""The pairwise hard rules, one module per kind."""
