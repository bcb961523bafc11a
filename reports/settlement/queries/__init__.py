"""What the pages and exports of settlement read."""
