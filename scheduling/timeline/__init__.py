"""Time drawn as SVG: pure functions from moments to percentages and markup.

``axis`` places moments, ``marks`` says what is drawn, ``svg`` draws it, ``bookings`` and
``candidates`` turn what the queries return into marks.  Nothing here reads the database.
"""
