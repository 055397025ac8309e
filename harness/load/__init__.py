"""Load by many sessions: Locust gives users, workers and their distribution; what each user sends is one account's share of one flow.

The flow is drawn whole by every worker, and each command keeps its number and its due time in the whole, whoever sends it. So a load is the
same experiment over any number of users and workers, and leaves the history that one sender would have left.

Locust's own requests cost 10 to 20 us each, and its patches would turn every socket of a worker into one of gevent's. So Locust here says who
sends what, when it begins and what its page shows; commands go out in batches by the drive that every run uses, in a thread of its own.
"""
