"""What turns chapters into a site: execution, checks, page parts and the command line."""
