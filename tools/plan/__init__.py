"""What must be added or moved, school by school, so that a county complies."""
