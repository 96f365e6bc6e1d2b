"""Duplicates: rows of one person, and people who come back.

``capability``     what is found, as figures
``flags``          what Attention says of it
``not_duplicate``  what people say in "Not a duplicate"
``persons``        groups of rows, with rows that must stay apart
``attempts``       leads of people whose earlier leads were closed
``matching``       which two rows are one person, and how sure that is
"""
