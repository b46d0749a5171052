"""Sources: which files there are, their text, the cells of notebooks, and where imports lead. No syntax stays here."""
