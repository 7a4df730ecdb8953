"""What somebody looks at who judges or releases the book: what moved, which links hold, files.

It reads what builds leave behind, and runs nothing of the book. ``tell`` needs nothing but Python.
"""
