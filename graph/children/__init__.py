"""What runs in processes of its own, because it may be killed: readers, the writer, jobs.

Nothing here knows the service; a child is spoken to in frames over the socket that is its
standard input. Imports are few, since a child that is killed has to be replaced quickly.
"""
