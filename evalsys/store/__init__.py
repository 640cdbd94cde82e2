"""What is kept on disk. Functions `f(db, ...)` return frozen domain values; rows never leave."""
