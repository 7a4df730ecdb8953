"""What stands in a page: a room a part, with its Python, script and style together."""
