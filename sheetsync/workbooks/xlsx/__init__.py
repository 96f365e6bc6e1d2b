"""A CRM in an .xlsx file, patched in place.

Reading: ``read``. Writing: ``write`` with ``rows`` and ``cells``. Provisioning: ``provision`` with
``blank`` (a new file), ``edits``, ``rules``, ``validations``, ``looks``, ``view``, ``names``.
Working in it by place, as people do: ``by_hand``.
The package itself: ``file`` (locks, backup, replacing), ``package``, ``book``, ``sheet``,
``styles``, ``meta``, ``xml``, ``formula``. ``workbook`` joins them.
"""
