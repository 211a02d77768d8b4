"""The thin rim: HTTP in, HTTP out. What is decided is decided below."""
