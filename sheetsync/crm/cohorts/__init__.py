"""Cohorts: how long sales take, which months may be judged, and where the young ones will end.

``capability``  the months, their figures and the lines of the Dashboard
``outcomes``    when each lead was won or lost
``survival``    the Kaplan-Meier curve
``ladder``      the same where months differ in level; ``tail``: what comes after the watched ages
``maturity``    the pace of a shop's sales; ``forecast``: where a young month will end
"""
