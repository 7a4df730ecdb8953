"""How much of what a chapter holds: every number of the contract, in one place."""

DESCRIPTION = range(50, 161)  # what search engines show, in characters
OBJECTIVES = 3
HOOK_WORDS = 120
WORDS = range(1500, 2501)
CELLS = range(10, 19)
LINES, FOLDED_LINES, COLUMNS = 15, 40, 79  # of a cell
PREDICTION_OPTIONS = range(2, 5)
QUESTIONS = range(4, 7)
QUESTION_OPTIONS = 3  # or more
FINAL_EXERCISES = range(3, 6)
EXECUTED_SOLUTIONS = 3  # the others may be open questions, answered in words
READING = 3  # items to read on
ALTERNATIVE_TEXT = 20  # characters; no picture is described in fewer
