"""Who answers for it: targets, responsibility letters, assessment.

Owns assessment schemes, decomposed targets, letters and their scores.
Hands out explained scores (a tree of numbers that ends in rows, dues or returns) and letters that do not change after signature.
Never counts anything itself: every number comes from `indicators`, a signed return, or a named person with a reason;
never scores a count of cases, seizures, decisions, admissions, positives or people found.
"""
