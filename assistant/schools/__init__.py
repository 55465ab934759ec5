"""Questions about school tables and standards: how they are read, and what they carry from turn to turn."""
