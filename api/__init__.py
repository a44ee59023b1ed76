"""The outside of Scipol: the command line and the HTTP service."""
