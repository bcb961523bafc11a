"""A matching round: ordered, computed, looked over, published, answered line by line."""
