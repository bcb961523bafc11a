"""The floor: session, user, raw SQL and one bare template; no ORM, no forms, no navigation."""
