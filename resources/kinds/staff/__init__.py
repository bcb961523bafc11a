"""Staff (人员): people whom an institution lends for a shift."""
