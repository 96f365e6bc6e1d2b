"""Scores: the owner's rules, judged over every lead, summed and explained.

``capability``  the Scoring tab, and what is computed for it and for Leads
``rules``       a row of the tab, understood; ``operands``: its Value cell;
                ``conditions``: what it asks
``fields``      the columns of Leads as rules see them; ``arithmetic``: calculations over them;
                ``shares``: percentages as people type them
``scores``      how every rule went with every lead, and their sum
``tiers``       what a sum means: the class of a lead and how to handle it
``marks``       junk, price-shopper, competitor: from the rules' groups
``effects``     whether a rule does anything; ``lift``: conversion with and without it
"""
