"""Settlement: what institutions owe each other for what they shared, month by month."""
