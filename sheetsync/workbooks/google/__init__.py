"""A CRM in a Google spreadsheet.

Reading: ``read`` (two requests), with ``structure`` (what stands where) and ``cells`` (values).
Writing: ``write`` (a plan), in ``portions``, each a ``batch`` taken as one of the ``steps`` from
revision to revision; what a batch is made of: ``results`` (the hidden tabs), ``people`` (people's
tabs), ``keys`` (new row keys) and ``mending`` (putting them right), ``requests`` (of each kind).
Provisioning: ``scan`` -> ``provision`` with ``draft``, ``wanted``, ``finish``, ``dress``.
Formulas: ``formulas``; marks by which things are found again: ``names``.
Talking to Google: ``http``, ``patience``, ``errors``, ``auth``, ``login``. ``workbook`` joins them.
"""
