"""School tables (xlsx, csv): read strictly, with every problem named by its cell; nothing is guessed."""
