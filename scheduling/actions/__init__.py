"""What people do with requests: one function per use case, all in the caller's transaction."""
