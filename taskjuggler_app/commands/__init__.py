"""What `taskjuggler` does, one file a group of commands. Everything heavy is imported when a command runs."""
