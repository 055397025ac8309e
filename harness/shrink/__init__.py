"""Makes a tape of commands that shows a fault as small as it will get, without knowing what the fault is.

Delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE Transactions on Software Engineering
28, 2002), with three things that order flow gives for free: the place of the finding says where to cut behind; the orders of the
finding say which commands belong together; and any selection of the commands is a legal tape again, since a cancel of an order
that was never sent is refused and no more. Values are made simple as Hypothesis' shrinker does it, with each kept change tried.
"""
