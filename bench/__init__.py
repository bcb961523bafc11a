"""What the pages cost, beside a floor of bare SQL on the same server and database."""
