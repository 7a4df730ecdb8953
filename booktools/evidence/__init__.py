"""Evidence: that what a book claims about its networks can fail, and how far it spreads.

``python -m booktools evidence`` runs chapters with five seeds and under every sabotage
(``collect.py``), and writes a file beside each (``record.py``), which is committed.
``booktools.contract`` holds it to its rules, ``booktools.parts.claims`` shows it.
"""
