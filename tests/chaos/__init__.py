"""Chaos: operators at work between any two requests of the real commands.

A *world* is one small CRM on the stand-in server, with its owner, two more people and the account
of the tool. A *run* is one command (a refresh, an init, ...) and *deeds*: what somebody does just
before its n-th request. Everything a deed needs is in it, so a run can be printed, kept and played
again; numbers in deeds choose among what is there at that moment (``a`` modulo the rows, say).

In some of the runs people have the add-on: what they do to cells of Leads starts its own scripts,
in V8 over the very grid that the command writes to, and they save in the card. A script may be
slow: requests of the command come between what it has read and what it writes. Or it is cut off
halfway.

What is checked, and when
-------------------------
at every commit of the tool's
    no cell, header, row or column of people's is another one than before it; people's own
    conditional formats stand in their order (``commits.py``)
when a script of the add-on is done
    it wrote nothing but what it is for, and where a status was chosen, History ends with it; a save
    in the card has saved all, or nothing (``traces.py``, ``cards.py``)
when a command returns, also with an error
    every result shown beside a lead was computed from what that lead's cells held at one moment of
    the command; every id is where it was; the error is one of ours, and due (``checks.py``)
after one quiet refresh more
    everything equals an independent oracle (``oracle.py``): ids, scores and their reasons, days,
    names in the Checklist; History is an unbroken chain for every lead, in which its statuses stand
    in their order and each once, and no checksum is wrong; ticks stand with their leads
    (``trails.py``); nothing of ours is twice
after yet another
    two requests, and the file is the very same

How leads are known
-------------------
Every lead has a mark of its own in a column that no deed edits (``Ref``). It goes where the row
goes, and a copied row has the mark of its original. So the mark, not the id, says which lead a
row is. Of several rows with one mark, exactly one has to keep the id, once a refresh has read them;
then the copies are given marks of their own. Twins, leads that are alike, can't be told apart by
anybody whose ids are gone: as a family they have to keep the ids that they had.

An id that people wrote over or moved away is *troubled*: it has to be right again when a
command returns that read the sheet after it happened. Deeds change so few of the parts by which
a lead is recognised that it always can be; where a column of them is deleted, nothing is asked. Nor
is it of an id that a script gave and somebody took away before any refresh had seen it.

Files
-----
``script.py``
    deeds, runs and how they ended, as plain data
``actions.py``; ``cells.py``, ``rows.py``, ``sheets.py``, ``cards.py``, ``blank.py``
    what people do: the register, and the actions themselves
``addon.py``, ``scripted.py``
    the add-on, its slow scripts, and the hands of somebody who has it
``world.py``, ``moving_in.py``
    the CRM and its people: how deeds are done and runs are played; how it came to be
``machine.py``
    commands on their machines, watched request by request; the real command line; sudden deaths
``view.py``, ``known.py``, ``oracle.py``
    what the file holds; what is known of its leads; what is to be shown beside them
``commits.py``, ``traces.py``, ``checks.py``, ``rest.py``, ``trails.py``
    what is checked at every commit, after a script, when a command returns, and when all is quiet
``draw.py``, ``soak.py``
    random runs, and many of them::

        python -m tests.chaos.soak --runs 240 --seed 1 --jobs 2

A failure prints what was done in words, and the runs to play again with ``world.replay``. What was
found that way, and must not come back, stands in ``test_regressions.py``.
"""
