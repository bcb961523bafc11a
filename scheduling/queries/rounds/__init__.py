"""A matching round read from the portal, and a round's results read for its pages."""
