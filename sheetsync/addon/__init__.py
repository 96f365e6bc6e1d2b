"""The add-on for operators: put together, brought into a Google Sheet, and shown without Google.

Its source is the folder ``appscript``. ``sources`` finds it; ``config``, ``manifest`` and ``data``
write what is generated; ``banner`` marks files as ours; ``card`` makes one page of the sidebar;
``build`` joins them to a project, ``folder`` brings that to a disk, ``push`` to Google. ``preview``
shows it beside a workbook on this machine.
"""
