"""Stages: where leads stand, where they have been, how long they stay and where they are lost.

``pipeline``    the Statuses and History tabs: moves that a refresh notes, and the funnel
``log``         History in the order in which it happened
``funnel``      which leads passed which stage, and what that is a share of
``stays``       when a lead came into a status and left it; times, returns
``bottleneck``  where leads are lost beyond what others achieve
``ways``        all of that, found once and counted for any selection; ``selection``: which leads
``statistics``  the Statuses tab's own columns and the lines of the Dashboard
``parking``     leads that sleep until a day to come
"""
