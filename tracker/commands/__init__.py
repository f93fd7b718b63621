"""The commands, by who uses them; each is imported when it is called."""
