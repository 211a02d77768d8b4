"""The questions that pages and the API ask of the results: one file a question, holding its SQL,
its answer's row and the function that asks it.

Ids of reports come from the catalog, which has checked that the caller may see them; wherever
several are given they stand newest first, by the date the tests ran.
"""
