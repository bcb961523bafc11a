"""Information (信息): protocols, reports, de-identified data and contacts, under conditions."""
