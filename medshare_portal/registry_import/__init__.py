"""Registry tables from CSV and XLSX: dry run, errors by line and column, all rows or none."""
