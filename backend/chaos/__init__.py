"""Many buyers at once on few places, in a database of its own, watched all the time."""
