"""Questions whether a report's figures hold: how they are read, and what they carry from turn to turn."""
